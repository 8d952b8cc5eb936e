#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::Run Filter::Stream Filter::Block Filter::Line);
my @jobs = map { "job$_" } 1 .. 6;
my @log;
POE::Session->create(inline_states => {
  _start => sub {  $_[KERNEL]->yield('spawn') for 1 .. 3 },
  spawn => sub {
    my $w = POE::Wheel::Run->new(
      Program => ['sh', '-c', 'while read x; do echo "did $x"; done; echo bye >&2; exit 3'], StdoutEvent => 'out',
      StderrEvent => 'err', CloseEvent => 'closed', StdinEvent => 'flushed', ErrorEvent => 'error',
    );
    $_[KERNEL]->sig_child($w->PID, 'reaped', $w->ID);
    $_[HEAP]{wheel}{ $w->ID } = $w;
    $_[HEAP]{pid}{ $w->PID } = $w->ID;
    push @log, 'put ' . $w->put(shift @jobs);
  },
  flushed => sub { push @log, 'flushed ' . (defined $_[HEAP]{wheel}{ $_[ARG0] } ? 'known' : 'unknown') },
  out => sub {
    my ($heap, $line, $id) = @_[HEAP, ARG0, ARG1];
    push @log, "out $line";
    if (@jobs) {
      $heap->{wheel}{$id}->put(shift @jobs);
    } else {
      $heap->{wheel}{$id}->shutdown_stdin;
      push @log, 'shut';
    }
  },
  err => sub { push @log, "err $_[ARG0]" },
  error => sub { push @log, "error $_[ARG0] $_[ARG1] '$_[ARG2]' $_[ARG4]" },
  closed => sub {
    push @log, 'closed args ' . (@_ - ARG0);
    $_[HEAP]{done}{ $_[ARG0] }++ or return;
    delete $_[HEAP]{wheel}{ $_[ARG0] }
  },
  reaped => sub {
    my ($sig, $pid, $status, $id) = @_[ARG0 .. ARG3];
    push @log, "$sig " . ($status >> 8) . ' ' . ($_[HEAP]{pid}{$pid} == $id ? 'right' : 'wrong');
    $_[HEAP]{done}{$id}++ or return;
    delete $_[HEAP]{wheel}{$id}
  },
  _stop => sub { push @log, 'stop with ' . keys %{ $_[HEAP]{wheel} } },
});
POE::Kernel->run;
print "$_\n" for sort @log;
