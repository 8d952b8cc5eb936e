#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::Run Filter::Line Filter::Stream Filter::Block Filter::Reference Filter::Grep Filter::Stackable);

# Children of many kinds, one after the other: filters of their three streams, much data through them, signals by name and number, and what the wheel says of itself meanwhile.

my @steps = (
  [ 'filters of three kinds' => {
    Program     => [ 'sh', '-c', 'printf "a;b;c" ; printf "e1|e2|" >&2 ; cat >/dev/null; printf ";d;" ; exit 7' ],
    StdinFilter => POE::Filter::Block->new(BlockSize => 2), StdoutFilter => POE::Filter::Line->new(Literal => ';'), StderrFilter => POE::Filter::Line->new(Literal => '|'),
  }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    if ($what eq 'out' and $record eq 'b') { $heap->{wheel}->put('xxyy'); $heap->{wheel}->event(StdinEvent => 'flushed') }
    if ($what eq 'flushed') { $heap->{wheel}->shutdown_stdin }
  } ],
  [ 'much through cat' => {
    Program => 'cat', StdioFilter => POE::Filter::Line->new(Literal => "\n"), StdinEvent => 'flushed', quiet => 1,
  }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    if ($what eq 'start') {
      $heap->{wheel}->put(map { sprintf('%05d ', $_) . 'x' x 94 } 1 .. 3000);
      print 'octets ', $heap->{wheel}->get_driver_out_octets, ', messages ', $heap->{wheel}->get_driver_out_messages, "\n";
    }
    if ($what eq 'out') { $heap->{lines}++; $heap->{order} ||= $record !~ /^0*$heap->{lines} /; }
    if ($what eq 'flushed') {
      print 'flushed, octets ', $heap->{wheel}->get_driver_out_octets, ', messages ', $heap->{wheel}->get_driver_out_messages, "\n";
      $heap->{wheel}->shutdown_stdin;
    }
    if ($what eq 'closed') { print "lines $heap->{lines}, ", $heap->{order} ? 'out of order' : 'in order', "\n" }
  } ],
  [ 'killed by name' => { Program => [ 'sh', '-c', 'trap "echo hup; exit 3" HUP; echo ready; while :; do sleep 0.05; done' ] }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    if ($what eq 'out' and $record eq 'ready') { print 'kill 0: ', $heap->{wheel}->kill(0), ', HUP: ', $heap->{wheel}->kill('HUP'), "\n" }
  } ],
  [ 'killed by number' => { Program => [ 'sh', '-c', 'echo ready; exec sleep 60' ] }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    if ($what eq 'out') { print 'kill 9: ', $heap->{wheel}->kill(9), "\n" }
  } ],
  [ 'killed by default' => { Program => [ 'sh', '-c', 'echo ready; exec sleep 60' ] }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    if ($what eq 'out') { print 'kill: ', $heap->{wheel}->kill, "\n" }
  } ],
  [ 'environment and directory' => { Program => [ 'sh', '-c', 'cd /; echo "$GREETING in $(pwd) with $#: $1,$2"', 'sh' ], ProgramArgs => [ 'one two', '' ] }, sub { } ],
  [ 'words with quotes' => { Program => q{printf '%s\n' "a  b" 'c d' e\ f $((1+2))} }, sub { } ],
  [ 'words for exec' => { Program => 'echo  plain   words ', ProgramArgs => [ 'more', 'args' ] }, sub { } ],
  [ 'octets as they come' => { Program => [ 'sh', '-c', 'printf "\\000\\377\\n"; printf "no end"' ], StdoutFilter => POE::Filter::Stream->new, joined => 1 }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    $heap->{all} .= $record if $what eq 'out';
    if ($what eq 'closed') { print join(' ', map { ord } split //, $heap->{all}), "\n" }
  } ],
  [ 'an unfinished line' => { Program => [ 'sh', '-c', 'echo whole; printf part; printf "err part" >&2' ] }, sub {
    my ($kernel, $heap, $what) = @_;
    if ($what eq 'closed') { print 'pending ', join('|', @{ $heap->{wheel}->get_stdout_filter->get_pending || [] }), ' and ', join('|', @{ $heap->{wheel}->get_stderr_filter->get_pending || [] }), "\n" }
  } ],
  [ 'a filter changed' => { Program => [ 'sh', '-c', 'read l; echo "$l"; read l; echo "$l $l"' ] }, sub {
    my ($kernel, $heap, $what, $record) = @_;
    if ($what eq 'start') { $heap->{wheel}->put('one') }
    if ($what eq 'out' and $record eq 'one') {
      $heap->{wheel}->set_stdin_filter(POE::Filter::Stream->new);
      $heap->{wheel}->put("two\n");
      print 'filters ', join(' ', map { ref($_) =~ s/.*:://r } $heap->{wheel}->get_stdin_filter, $heap->{wheel}->get_stdout_filter, $heap->{wheel}->get_stderr_filter), "\n";
    }
  } ],
  [ 'standard error of lines that matter' => {
    Program      => [ 'sh', '-c', 'for i in 1 2 3 4; do echo "info $i" >&2; done; echo "error 5" >&2' ],
    StderrFilter => POE::Filter::Stackable->new(Filters => [ POE::Filter::Line->new, POE::Filter::Grep->new(Code => sub { $_[0] =~ /error|3/ }) ]),
  }, sub { } ],
  [ 'nothing at all' => { Program => [ '/no/such/program' ] }, sub { } ],
  [ 'a program that is no program' => { Program => [ '/etc/passwd', 'x' ] }, sub { } ],
);

$ENV{GREETING} = 'hello';
sub run_step {
  my $step = shift @steps or return;
  my ($label, $params, $code) = @$step;
  my ($quiet, $joined) = (delete $params->{quiet}, delete $params->{joined});
  my %seen;
  my $done = sub { my ($heap) = @_; return unless $heap->{closed} and defined $heap->{status}; print 'status ', $heap->{status} >> 8, ', signal ', $heap->{status} & 127, "\n"; delete $heap->{wheel} };
  print "-- $label\n";
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        $heap->{wheel} = POE::Wheel::Run->new(StdoutEvent => 'out', StderrEvent => 'err', ErrorEvent => 'error', CloseEvent => 'closed', %$params);
        $kernel->sig_child($heap->{wheel}->PID, 'ended', 'tag');
        $code->($kernel, $heap, 'start');
      },
      out => sub { print "out $_[ARG0]\n" unless $quiet or $joined; $code->(@_[KERNEL, HEAP], 'out', $_[ARG0]) },
      err => sub { push @{ $_[HEAP]{err} }, $_[ARG0] =~ s/ pid \K\d+/PID/r },
      flushed => sub { print "flushed\n" unless $quiet or $_[HEAP]{flushed}++; $code->(@_[KERNEL, HEAP], 'flushed') },
      error   => sub { push @{ $_[HEAP]{errors} }, "$_[ARG4] $_[ARG0] $_[ARG1]" },
      closed  => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        $code->($kernel, $heap, 'closed');
        print "err $_\n" for @{ $heap->{err} || [] };
        print "$_\n" for sort @{ $heap->{errors} || [] };
        $heap->{closed}++;
        $done->($heap);
      },
      ended => sub { $_[HEAP]{status} = $_[ARG2]; $done->($_[HEAP]) },
      _stop => sub { print "stopped\n" },
    },
  );
}
POE::Session->create(inline_states => { _start => \&run_step, _child => sub { run_step() if $_[ARG0] eq 'lose' } });
POE::Kernel->run;
