#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use Time::HiRes qw(time);

# Timers at the edges: times past, negative, fractional, equal; moved beyond now and back; taken away, all at once or by name; and what comes first.

sub show { join ' ', map { defined $_ ? $_ : 'undef' } @_ }
my $base;
sub due { my $t = sprintf '%.1f', $_[0] - $base; $t eq '-0.0' ? '0.0' : $t }
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->delay(warm => 0.5); $base = time; $_[KERNEL]->yield($_) for qw(past equal) },
    warm => sub { },
    past => sub {
      my $k = $_[KERNEL];
      my $t = time;
      $k->yield(e => 'yield 1');
      $k->alarm_set(e => 1, 'at 1');
      $k->alarm_set(e => 0, 'at 0');
      $k->alarm_set(e => -5, 'at -5');
      $k->alarm_set(e => 0.5, 'at 0.5');
      $k->alarm_set(e => -5.25, 'at -5.25');
      $k->delay_set(e => -1, 'in -1');
      $k->delay_set(e => -3, 'in -3');
      $k->alarm_set(e => 1, 'at 1 again');
      $k->post($_[SESSION], e => 'post');
    },
    equal => sub {
      my ($k) = $_[KERNEL];
      my $t = time + 0.1;
      $k->alarm_set(e => $t, "equal $_") for 1 .. 3;
      $k->alarm_add(f => $t, "added $_") for 1 .. 2;
      $k->alarm_set(e => $t - 0.01, 'just before');
      $k->alarm_set(e => $t + 0.01, 'just after');
      $k->alarm(f => $t, 'replaces');
      $k->alarm_set(e => $t, 'equal 4');
      my $id = $k->alarm_set(e => $t + 5, 'moved to equal');
      $k->alarm_adjust($id, -5);
      $k->delay(next => 0.3);
    },
    e => sub { print "e $_[ARG0]\n" },
    f => sub { print "f $_[ARG0]\n" },
    next => sub {
      my ($k, $heap) = @_[KERNEL, HEAP];
      $base = time;
      my %id = map { $_ => $k->alarm_set(g => $base + $_, "g$_", undef, [ $_ ]) } 1 .. 6;
      print 'back ', due($k->alarm_adjust($id{4}, -10)), "\n";
      print 'again ', due($k->alarm_adjust($id{4}, -10)), "\n";
      print 'forth ', due($k->alarm_adjust($id{4}, 20.1)), "\n";
      print 'delay ', due($k->delay_adjust($id{5}, 0)), ' ', due($k->delay_adjust($id{5}, -2)), "\n";
      print 'zero ', due($k->alarm_adjust($id{6}, 0)), "\n";
      my @r = $k->alarm_remove($id{1});
      print 'removed ', scalar(@r), ": $r[0] ", due($r[1]), ' ', show(@{ $r[2] }[0, 1]), "\n";
      my $r = $k->alarm_remove($id{2});
      print 'removed ', ref $r, ' ', scalar(@$r), ": $r->[0] ", due($r->[1]), ' ', show(@{ $r->[2] }[0, 1]), "\n";
      $k->delay(h => 2, 'by name'); $k->delay_add(h => 1, 'more'); $k->delay_add(h => 3);
      for my $all ($k->alarm_remove_all) { my ($n, $t, @a) = @$all; print "all $n ", ($n eq 'g' ? due($t) : 'delayed'), ' ', show(map { ref $_ ? "[@$_]" : $_ } @a), "\n" }
      my @nothing = $k->alarm_remove_all;
      print 'nothing ', scalar(@nothing), "\n";
      print 'gone ', show(scalar $k->alarm_remove($id{3}), scalar $k->alarm_adjust($id{3}, 1)), "\n";
      $k->delay(h => 0.02, 'first'); $k->delay(h => 0.01, 'second'); $k->delay_add(h => 0.03, 'third'); $k->delay(i => 0.05);
      $k->alarm(past_due => time - 3, 'due');
      $k->alarm('past_due');
      $k->delay(neg => -1, 'neg'); 
      $k->yield('neg', 'yielded');
      $k->delay(zero => 0, 'zero');
      $k->yield('zero', 'yielded');
    },
    h => sub { print "h $_[ARG0] ", ($_[SENDER] == $_[SESSION] ? 'self' : 'other'), "\n" },
    neg => sub { print "neg $_[ARG0]\n" },
    zero => sub { print "zero $_[ARG0]\n" },
    past_due => sub { print "never\n" },
    i => sub {
      my $k = $_[KERNEL];
      # in one turn: what a handler sets at a time that is over comes before what was posted before it
      $k->yield('j', 1); $k->yield('j', 2); $k->delay(j => 0.03, 'late');
      $k->delay_set(k => 0, 'k0'); $k->yield('j', 3);
      select undef, undef, undef, 0.05;
    },
    j => sub { print "j $_[ARG0]\n"; if ($_[ARG0] eq '1') { $_[KERNEL]->alarm_set(k => 1, 'long ago'); $_[KERNEL]->delay_set(k => 0, 'now'); $_[KERNEL]->yield(k => 'yielded') } },
    k => sub { print "k $_[ARG0]\n"; $_[KERNEL]->yield('l') if $_[ARG0] eq 'yielded' },
    l => sub {
      my $k = $_[KERNEL];
      # a delay by name in its own handler, and the same name posted
      $k->delay(m => 0.01, 3); $k->yield(m => 2); $k->delay_add(m => 0.02, 1);
    },
    m => sub { my ($k, $n) = @_[KERNEL, ARG0]; print "m $n\n"; if ($n == 3) { $k->delay('m'); $k->delay(n => 0.01, 'a', 'b') } },
    n => sub { print "n @_[ARG0 .. $#_]\n"; print 'still ', scalar(my @x = $_[KERNEL]->alarm_remove_all), "\n" },
    _stop => sub { print "stop\n" },
  },
);
POE::Kernel->run;
