#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::Run Filter::Line Filter::Block);
my @cases;
for my $conduit (qw(pipe socketpair inet)) {
  push @cases,
    [ "$conduit, paused until after the end", $conduit, 'echo one; echo two >&2; printf rest; exit 3',
      start => sub { my $w = shift; print $w->pause_stdout, ' ', $w->pause_stderr, "\n" },
      resume => sub { my $w = shift; print $w->resume_stdout, ' ', $w->resume_stderr, "\n" } ],
    [ "$conduit, input that a process took over", $conduit, 'exec 5<&0; (cat; echo end) <&5 & exit 4',
      resume => sub { $_[0]->put('late') },
      flushed => sub { $_[0]->shutdown_stdin } ],
    [ "$conduit, filters changed on the way", $conduit, 'cat',
      start => sub {
        my $w = shift;
        $w->put('a', 'b');
        $w->set_stdin_filter(POE::Filter::Line->new(Literal => '!'));
        $w->put('c');
        print $w->get_driver_out_octets, ' octets in ', $w->get_driver_out_messages, "\n";
      },
      flushed => sub { $_[0]->shutdown_stdin; print eval { $_[0]->put('x'); 1 } ? "put\n" : "no input any more\n" } ],
    [ "$conduit, standard output closed early", $conduit, 'echo a; exec >&- 2>&-; read x; exit $x',
      closed => sub { $_[0]->put(6) } ];
}
push @cases, [ 'niceness', 'pipe', 'nice', options => [ Priority => 2 ] ];
sub run_case {
  my ($name, $conduit, $program, %on) = @{ +shift };
  POE::Session->create(inline_states => {
    _start => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      print "== $name\n";
      $h->{w} = POE::Wheel::Run->new(
        Conduit => $conduit, Program => $program, StdoutEvent => 'out', StderrEvent => 'err', StdinEvent => 'flushed',
        CloseEvent => 'closed', ErrorEvent => 'error', @{ $on{options} || [] },
      );
      $k->sig_child($h->{w}->PID, 'child');
      $h->{left} = 2;
      $on{start}->($h->{w}) if $on{start};
    },
    out => sub { push @{ $_[HEAP]{out} }, $_[ARG0] },
    err => sub { push @{ $_[HEAP]{err} }, $_[ARG0] },
    flushed => sub { $on{flushed}->($_[HEAP]{w}) if $on{flushed} },
    error => sub { push @{ $_[HEAP]{ends} }, "$_[ARG0] $_[ARG1] $_[ARG4]" },
    closed => sub { my ($k, $h) = @_[KERNEL, HEAP]; $on{closed}->($h->{w}) if $on{closed}; $k->yield('part') },
    child => sub {
      my ($k, $h, $status) = @_[KERNEL, HEAP, ARG2];
      $h->{status} = $status >> 8;
      $k->delay(resume => 0.1);
      $k->yield('part');
    },
    resume => sub { $on{resume}->($_[HEAP]{w}) if $_[HEAP]{w} && $on{resume} },
    part => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      return if --$h->{left};
      my @rest = map { @{ $_->get_pending || [] } } $h->{w}->get_stdout_filter, $h->{w}->get_stderr_filter;
      delete $h->{w};
      $k->delay('resume');
      $h->{out}[0] -= getpriority 0, 0 if $name eq 'niceness';
      print "out: @{ $h->{out} || [] }\nerr: @{ $h->{err} || [] }\nrest: @rest\n";
      print 'ends: ', join(', ', sort @{ $h->{ends} }), "\nexit $h->{status}\n";
      run_case(shift @cases) if @cases;
    },
  });
}
run_case(shift @cases);
POE::Kernel->run;
