#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(NFA);

# Two machines that play a game by post and call, and what stacks, entries and wrong turns do to them.

sub where { my $machine = shift; $machine->get_current_state }
sub show { join ' ', map { defined $_ ? ref $_ || $_ : 'undef' } @_ }

my $player = sub {
  my ($name, $other) = @_;
  POE::NFA->spawn(
    runstate => { name => $name, other => $other, seen => [] },
    inline_states => {
      waiting => {
        enter => sub { $_[KERNEL]->alias_set($name); print "$name waits (", show(@_[ARG0 .. $#_]), ") as ", show(@_[STATE, EVENT]), "\n"; 'entered' },
        serve => sub { my ($k, $m, $r, $n) = @_[KERNEL, MACHINE, RUNSTATE, ARG0]; $k->post($r->{other} => ball => $n, $name); $m->goto_state('playing', 'enter', $n) },
        ball  => sub { my ($k, $m, $r, $n, $from) = @_[KERNEL, MACHINE, RUNSTATE, ARG0, ARG1]; print "$name starts with $n of $from, sender ", ($k->alias_list($_[SENDER]))[0], "\n"; $m->goto_state(playing => 'enter', $n); $k->yield(ball => $n, $from) },
        over  => sub { print "$name already waits\n" },
        bye   => sub { print "$name says bye\n" },
      },
      playing => {
        enter => sub { print "$name plays from $_[ARG0]\n"; push @{ $_[RUNSTATE]{seen} }, $_[ARG0] },
        ball  => sub {
          my ($k, $m, $r, $n) = @_[KERNEL, MACHINE, RUNSTATE, ARG0];
          print "$name has the ball $n\n";
          my $answer = $k->call($r->{other} => ask => $n);
          print "$name was told ", show($answer), "\n";
          if ($n >= 5) { $m->call_state(judged => judging => 'first', $n); return }
          $k->post($r->{other} => ball => $n + 1, $name);
        },
        ask    => sub { "$_[RUNSTATE]{name} in $_[STATE] by $_[EVENT]: $_[ARG0]" },
        judged => sub { my ($k, $m, $r) = @_[KERNEL, MACHINE, RUNSTATE]; print "$name judged: ", show(@_[ARG0 .. $#_]), "\n"; $k->post($r->{other} => 'over', 'lost'); $k->yield(over => 'won') },
        over   => sub { print "$name: $_[ARG0]\n"; $_[MACHINE]->goto_state('waiting'); $_[KERNEL]->yield('bye') },
        bye    => sub { print "$name plays on\n" },
      },
      judging => {
        first  => sub { print "$name judging first ", where($_[MACHINE]), "\n"; $_[MACHINE]->call_state(second_done => deeper => 'second', $_[ARG0], 'x') },
        second_done => sub { print "$name back in ", where($_[MACHINE]), ": ", show(@_[ARG0 .. $#_]), "\n"; $_[MACHINE]->return_state('a', undef, 'c') },
        ask    => sub { "$name is busy judging" },
      },
      deeper => {
        second => sub { print "$name deeper ", show(@_[ARG0 .. $#_]), "\n"; $_[MACHINE]->call_state(third_done => deeper => 'third') },
        third  => sub { print "$name third in ", where($_[MACHINE]), "\n"; $_[MACHINE]->return_state() },
        third_done => sub { print "$name third done with ", scalar(@_) - ARG0, " values\n"; $_[MACHINE]->return_state(['list', 'of'], { a => 1 }) },
        _default => sub { print "$name deep down has '$_[ARG0]'\n"; "deep $name" },
      },
    },
  );
};
{
  my ($ann, $bob) = ($player->(ann => 'bob'), $player->(bob => 'ann'));
  print 'goto gave ', show($ann->goto_state(waiting => 'enter', 1, undef, 'z')), "\n";
  $bob->goto_state('waiting', 'enter');
  $ann->ID ne $bob->ID or print "same\n";
  $poe_kernel->post(ann => serve => 3);
}
$SIG{ALRM} = sub { exit 3 }; alarm 20;
my $watch = POE::NFA->spawn(
  inline_states => {
    on => {
      start => sub { $_[KERNEL]->alias_set('referee'); $_[KERNEL]->delay(look => 0.3) },
      look  => sub {
        my ($k) = $_[KERNEL];
        for my $name (qw(ann bob)) { my $m = $k->alias_resolve($name); print "$name is in ", where($m), ", saw @{ $m->get_runstate->{seen} }\n"; $k->signal($m, 'KILL') }
        $_[MACHINE]->goto_state('off', 'quit', 'now');
      },
    },
    off => { quit => sub { print "referee quits $_[ARG0]\n"; $_[KERNEL]->alias_remove('referee') }, _stop => sub { print "not called\n" } },
  },
);
$watch->goto_state(on => 'start');
undef $watch;
POE::Kernel->run;
print "--\n";
# Stacks and wrong turns, each a machine of its own, with an exception that a handler of DIE hears.
my %turn = (
  twice    => sub { $_[MACHINE]->call_state(back => other => 'in', 1); $_[MACHINE]->return_state('r') },
  onward   => sub { $_[MACHINE]->call_state(back => other => 'hop') },
  loop     => sub { $_[MACHINE]->goto_state('home', 'again', 1) },
  nowhere  => sub { $_[MACHINE]->goto_state('nowhere', 'in') },
  noentry  => sub { $_[MACHINE]->goto_state('other') },
  noback   => sub { $_[MACHINE]->return_state('x') },
  dies     => sub { die "turn dies\n" },
  calls    => sub { my $v = $_[KERNEL]->call($_[MACHINE], "again", 5); print "  called: ", show($v), "\n" },
);
for my $name (sort keys %turn) {
  for my $immediate (0, 1) {
    my $m = POE::NFA->spawn(
      options => { immediate => $immediate },
      inline_states => {
        home => {
          in    => sub { $_[KERNEL]->sig(DIE => 'died'); $_[KERNEL]->yield('go') },
          go    => $turn{$name},
          again => sub { print "  again ", show(@_[STATE, EVENT, ARG0]), "\n"; 7 },
          back  => sub { print "  back ", show(@_[STATE, EVENT], @_[ARG0 .. $#_]), "\n" },
          died  => sub { my $e = $_[ARG1]{error_str}; ($e) = $e =~ /(turn dies|empty stack|nonexistent state '\w+')/; print "  died in home: $e, $_[ARG1]{event}\n"; $_[KERNEL]->sig_handled },
        },
        other => {
          in   => sub { print "  in ", show(@_[STATE, EVENT, ARG0]), "\n" },
          hop  => sub { print "  hop ", where($_[MACHINE]), "\n"; $_[MACHINE]->goto_state(third => 'in') },
          died => sub { my ($e) = $_[ARG1]{error_str} =~ /(.*)/; print "  died in other: $e\n"; $_[KERNEL]->sig_handled },
        },
        third => { in => sub { print "  third ", where($_[MACHINE]), "\n"; $_[MACHINE]->return_state('from third') } },
      },
    );
    print "$name, ", ($immediate ? 'at once' : 'by event'), "\n";
    $m->goto_state(home => 'in');
    undef $m;
    my $ok = eval { POE::Kernel->run; 1 };
    my $e = $@; $e =~ s/ at .*//s;
    print $ok ? "  over\n" : "  run died: $e\n";
  }
}
