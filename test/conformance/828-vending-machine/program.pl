#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(NFA);

# A vending machine: calls of states within calls, what comes while it is elsewhere, its _default, postbacks, names and heirs.

package Coins;
use POE::NFA;
sub new { bless { sum => 0 }, shift }
sub enter { my ($self, $need) = @_[OBJECT, ARG0]; $self->{need} = $need; print "  coins: $need wanted, have $self->{sum}\n"; $_[MACHINE]->return_state($self->{sum}) if $self->{sum} >= $need }
sub coin {
  my ($self, $machine, $value) = @_[OBJECT, MACHINE, ARG0];
  $self->{sum} += $value;
  print "  coins: $self->{sum} of $self->{need} in '$_[STATE]' by '$_[EVENT]'\n";
  if ($self->{sum} >= $self->{need}) { my $sum = $self->{sum}; $self->{sum} = 0; $machine->return_state($sum) }
}

package Brewing;
use POE::NFA;
sub begin { print "  brewing $_[ARG0]\n"; $_[KERNEL]->delay(ready => 0.05, $_[ARG0]) }
sub ready { print "  $_[ARG0] is ready\n"; $_[MACHINE]->return_state("a cup of $_[ARG0]") }
sub later { print "  brewing: no '$_[ARG0]' now, '$_[STATE]' by '$_[EVENT]'\n"; 'no' }

package main;
use POE::NFA;

my $machine = POE::NFA->spawn(
  runstate => { sold => 0 },
  inline_states => {
    off => {
      start => sub {
        $_[KERNEL]->alias_set('vendor');
        print "off: starts in '", $_[MACHINE]->get_current_state, "' with $_[RUNSTATE]{sold} sold\n";
        $_[MACHINE]->goto_state('idle', 'begin', 'first');
        print "off: still in '", $_[MACHINE]->get_current_state, "'? no\n";
      },
    },
    idle => {
      begin  => sub { print "idle: $_[ARG0], came by '$_[EVENT]'\n" },
      order  => sub {
        my ($runstate, $machine, $sender, $what, $price) = @_[RUNSTATE, MACHINE, SENDER, ARG0, ARG1];
        print "idle: $what for $price\n";
        @$runstate{qw(what customer)} = ($what, $sender->ID);
        $machine->call_state(paid => paying => 'enter', $price);
      },
      paid => sub {
        my ($runstate, $machine, $sum) = @_[RUNSTATE, MACHINE, ARG0];
        print "idle: $sum paid\n";
        $machine->call_state(made => brewing => 'begin', $runstate->{what});
      },
      made => sub {
        my ($kernel, $runstate, $cup) = @_[KERNEL, RUNSTATE, ARG0];
        $runstate->{sold}++;
        $kernel->post($runstate->{customer}, served => $cup, $runstate->{sold});
      },
      close => sub { print "idle: closing\n"; $_[KERNEL]->alias_remove('vendor'); $_[MACHINE]->goto_state('closed') },
      _default => sub { print "idle: does not know '$_[ARG0]' (@{$_[ARG1]})\n"; 0 },
    },
    closed => { _default => sub { print "closed: '$_[ARG0]'\n"; 0 } },
  },
  object_states  => { paying  => [ Coins->new => [qw(enter coin)] ] },
  package_states => { brewing => [ Brewing => { begin => 'begin', ready => 'ready', _default => 'later' } ] },
);
print 'in ', defined $machine->get_current_state ? 'a state' : 'no state', " yet\n";
$machine->goto_state(off => 'start');
print "in '", $machine->get_current_state, "' now\n";

package Customer;
use POE::Session;
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('customer');
      $kernel->post(vendor => 'coin', 9);
      $kernel->post(vendor => order => 'tea', 3);
      $kernel->delay(insert => 0.1, 1);
    },
    insert => sub {
      my ($kernel, $count) = @_[KERNEL, ARG0];
      my $answer = $kernel->call(vendor => coin => 1);
      print "customer: $answer\n" if $answer and $answer eq 'no';
      $kernel->delay(insert => 0.02, $count + 1) if $count < 4;
    },
    served => sub {
      my ($kernel, $cup, $number) = @_[KERNEL, ARG0, ARG1];
      print "customer: $cup, the ${number}th\n";
      if ($number == 1) { $kernel->post(vendor => order => 'soup', 0) }
      else              { $kernel->post(vendor => 'close'); $kernel->post(vendor => 'knock', 1); $kernel->alias_remove('customer') }
    },
    _stop => sub { print "customer leaves\n" },
  },
);
POE::Kernel->run;
print "done\n";
