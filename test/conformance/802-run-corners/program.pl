#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::Run Filter::Line Filter::Stream Filter::Grep Filter::Stackable);
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
my @cases = (
  [ nostdin => Program => 'cat; echo "end $?"', NoStdin => 1 ],
  [ redirect => Program => 'cat; echo to-stderr >&2', RedirectStdin => "$dir/in", RedirectStdout => "$dir/out" ],
  [ missing => Program => [ '/nonexistent/program', 'x' ] ],
  [ onlyerr => Program => [ 'sh', '-c', 'echo a >&2; echo b >&2; kill -TERM $$' ] ],
  [ late => Program => [ 'sh', '-c', '(sleep 0.3; echo late) & echo early; exit 5' ] ],
  [ perlish => Program => 'printf "x\ny\n\nz"; exit 2' ],
  [ args => Program => 'printf', ProgramArgs => [ '%s-%s\n', 'a b', '$HOME' ] ],
  [
    stack => Program => 'seq 1 6',
    StdoutFilter => POE::Filter::Stackable->new(Filters => [ POE::Filter::Line->new, POE::Filter::Grep->new(Get => sub { $_[0] % 2 }, Put => sub { 1 }) ]),
  ],
  [ stdinput => Program => 'sort -r', _in => [ 'b', 'c', 'a' ] ],
  [ group => Program => [ 'sh', '-c', 'trap "echo got; exit 4" INT; while :; do sleep 0.05; done' ], _kill => 'INT' ],
  [ hard => Program => [ 'sh', '-c', 'sleep 5; true' ], _kill => -9 ],
  [ nosuch => Program => 'cat', _kill => 'KILL' ],
);
open my $f, '>', "$dir/in";
print $f "redirected\n";
close $f;
sub run_case {
  my ($name, %p) = @{ +shift };
  my ($in, $kill) = delete @p{qw(_in _kill)};
  POE::Session->create(inline_states => {
    _start => sub {
      my $h = $_[HEAP];
      $h->{log} = [];
      $h->{left} = 2;
      $h->{w} = POE::Wheel::Run->new(
        %p, ($p{RedirectStdout} ? () : (StdoutEvent => 'out')), StderrEvent => 'err', CloseEvent => 'closed',
        ErrorEvent => 'error', ($in ? (StdinEvent => 'flushed') : ()),
      );
      $_[KERNEL]->sig_child($h->{w}->PID, 'child');
      if ($in) { $h->{w}->put(@$in) }
      if ($kill) { $_[KERNEL]->delay(kill => 0.3) }
    },
    flushed => sub { $_[HEAP]{w}->shutdown_stdin },
    kill => sub { push @{ $_[HEAP]{log} }, 'kill ' . $_[HEAP]{w}->kill($kill) },
    out => sub { push @{ $_[HEAP]{log} }, "out [$_[ARG0]]" },
    err => sub { push @{ $_[HEAP]{errs} }, "err [$_[ARG0]]" =~ s/pid \d+/pid N/r },
    error => sub { push @{ $_[HEAP]{log} }, "error $_[ARG0] $_[ARG1] $_[ARG4]" if $_[ARG1] },
    closed => sub { push @{ $_[HEAP]{log} }, 'closed'; $_[KERNEL]->yield('part') },
    child => sub { $_[HEAP]{status} = $_[ARG2]; $_[KERNEL]->yield('part') },
    part => sub {
      my $h = $_[HEAP];
      return if --$h->{left};
      delete $h->{w};
      my $s = $h->{status};
      print "$name: ", join(
        ', ', @{ $h->{errs} || [] }, @{ $h->{log} }, 'exit ' . ($s >> 8) . ' signal ' . ($s & 127),
      ), "\n";
      run_case(shift @cases) if @cases;
    },
  });
}
run_case(shift @cases);
POE::Kernel->run;
open $f, '<', "$dir/out";
print 'out file: ', <$f>;
