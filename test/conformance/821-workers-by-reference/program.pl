#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::Run Filter::Reference Filter::Line);
# Two workers in child processes; jobs and results are data, remarks are lines on standard error.
sub worker {
  my ($name, $factor) = @_;
  binmode STDIN; binmode STDOUT;
  my $filter = POE::Filter::Reference->new;
  while (sysread STDIN, my $buf, 4096) {
    for my $job (@{ $filter->get([ $buf ]) }) {
      die "cannot do that\n" if $job->{do} eq 'die';
      print STDERR "$name does $job->{id}\n";
      my %result = (id => $job->{id}, worker => $name, value => $job->{do} eq 'sum' ? eval { my $s = 0; $s += $_ for @{ $job->{of} }; $s * $factor } : undef);
      syswrite STDOUT, $_ for @{ $filter->put([ \%result ]) };
    }
  }
  exit 7;
}
my @jobs = map { { id => $_, do => 'sum', of => [ 1 .. $_ ] } } 1 .. 5;
my @log;
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    for my $name (qw(anna bert)) {
      my $w = POE::Wheel::Run->new(
        Program => \&worker, ProgramArgs => [ $name, 10 ], CloseOnCall => 1,
        StdioFilter => POE::Filter::Reference->new, StderrFilter => POE::Filter::Line->new,
        StdoutEvent => 'result', StderrEvent => 'remark', CloseEvent => 'closed', ErrorEvent => 'trouble',
      );
      $h->{w}{ $w->ID } = $w;
      $h->{by_pid}{ $w->PID } = $w;
      $k->sig_child($w->PID, 'ended', $name);
      $k->yield(next_job => $w->ID);
    }
  },
  next_job => sub {
    my ($h, $id) = @_[HEAP, ARG0];
    if (@jobs) { $h->{w}{$id}->put(shift @jobs) }
    elsif (!$h->{killed}++) { $h->{w}{$id}->put({ do => 'die', id => 0 }) }
    else { $h->{w}{$id}->shutdown_stdin }
  },
  result => sub { my ($k, $r, $id) = @_[KERNEL, ARG0, ARG1]; push @log, "result $r->{id}: $r->{value}"; $k->yield(next_job => $id) },
  remark => sub { my $l = $_[ARG0]; $l =~ s/^(anna|bert) /somebody /; push @log, "remark: $l" if $l =~ m{^(somebody|cannot)} },
  trouble => sub { my ($op, $errno, $text, $id, $handle) = @_[ARG0 .. ARG4]; push @log, "trouble: $op $errno $handle" },
  closed => sub { my ($h, $id) = @_[HEAP, ARG0]; push @log, 'closed'; delete $h->{w}{$id} },
  ended => sub { my ($h, $pid, $status, $name) = @_[HEAP, ARG1, ARG2, ARG3]; push @log, 'ended with ' . ($status >> 8); delete $h->{by_pid}{$pid} },
  _stop => sub { print "stop, workers left ", scalar(keys %{ $_[HEAP]{w} }), "\n" },
});
POE::Kernel->run;
print "$_\n" for sort @log;
