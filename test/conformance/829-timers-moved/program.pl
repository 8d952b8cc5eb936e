#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use Time::HiRes qw(time);

# Timers of one name and of many, moved about while they wait: which come, in which order, and what the methods say.

# A multiple of 1/16, so that sums are exact.
my $base = int(16 * time()) / 16 + 0.25;

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      # The same moment: in the order in which they were set, also those that were moved there.
      my $early = $kernel->alarm_set(tick => $base - 1 / 16, 'moved there first');
      $kernel->alarm_set(tick => $base, 'set first');
      my $late = $kernel->alarm_set(tick => $base + 1 / 16, 'moved there second');
      $kernel->alarm_set(tick => $base, 'set second');
      printf "early %.2f\n", $kernel->alarm_adjust($early, 1 / 16) - $base;
      printf "late %.2f\n",  $kernel->alarm_adjust($late, -1 / 16) - $base;
      $kernel->alarm_add(tick => $base, 'added');

      # By name: alarm and delay replace all timers of the name, the ones with an ID too.
      my $id = $kernel->delay_set(gone => 0.01, 'by id');
      $kernel->delay_add(gone => 0.01, 'added');
      $kernel->alarm(gone => $base + 0.1, 'instead');
      print 'the old one: ', defined $kernel->alarm_adjust($id, 1) ? 'there' : 'gone', ', ', $!{ESRCH} ? 'ESRCH' : 0 + $!, "\n";

      $kernel->delay(later => 0.4);
      print 'alarm without a time: ', 0 + $kernel->alarm('never'), "\n";
      my $mine = $kernel->delay_set(mine => 9, 1, 2);
      $kernel->post($_[SESSION], 'thief', $mine);
      POE::Session->create(
        inline_states => {
          _start => sub {
            my ($kernel, $id) = @_[KERNEL, ARG0];
            my @got = $kernel->alarm_remove($id);
            print 'another session removes: ', scalar @got, ', ', $!{EPERM} ? 'EPERM' : 0 + $!, "\n";
            print 'and moves: ', defined $kernel->delay_adjust($id, 1) ? 'yes' : 'no', ', ', $!{EPERM} ? 'EPERM' : 0 + $!, "\n";
            print 'its own: ', scalar(my @none = $kernel->alarm_remove_all), "\n";
          },
        },
        args => [$mine],
      );
    },
    thief => sub {
      my ($kernel, $id) = @_[KERNEL, ARG0];
      my ($name, $time, $args) = $kernel->alarm_remove($id);
      print "removed $name (@$args)\n";
      my @again = $kernel->alarm_remove($id);
      print 'again: ', scalar @again, ', ', $!{ESRCH} ? 'ESRCH' : 0 + $!, "\n";
    },
    tick => sub {
      my ($kernel, $heap, $text) = @_[KERNEL, HEAP, ARG0];
      print "tick $text\n";
      return unless $text eq 'added';
      # Due at once: before what is posted now, in the order of their times.
      $kernel->yield(now => 'posted');
      $kernel->alarm_add(now => time() - 1, 'a second ago');
      $kernel->alarm_add(now => time() - 2, 'two seconds ago');
      $kernel->delay_add(now => 0, 'no delay');
      $kernel->delay_add(now => -5, 'a delay below 0');
      $kernel->yield(now => 'posted last');
    },
    now   => sub { print "now $_[ARG0]\n" },
    gone  => sub { print "gone $_[ARG0]\n" },
    never => sub { print "never\n" },
    later => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      $kernel->delay_set("t$_" => $_, $_, "x$_") for 30, 10, 20, 10;
      my @all = $kernel->alarm_remove_all;
      print join(' ', map "$_->[0](@$_[2 .. $#$_])", sort { $a->[1] <=> $b->[1] } @all), "\n";
      $kernel->delay(loop => 0, 3);
    },
    loop => sub { my $n = $_[ARG0]; print "loop $n\n"; $_[KERNEL]->delay(loop => 0, $n - 1) if $n > 1 },
    _stop => sub { print "stopped\n" },
  },
);
POE::Kernel->run;
