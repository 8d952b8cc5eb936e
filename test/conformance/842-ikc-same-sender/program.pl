#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Responder;

# Which requests come from the same SENDER: one serves them all, also those that answer to it, until somebody holds it.
POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Own');
my (%seen, $held);

sub number { my ($id) = @_; my $count = keys %seen; $seen{$id} = $count + 1 unless $seen{$id}; return $seen{$id} }

POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(look reply keep let_go)]);
      $_[KERNEL]->call(IKC => monitor => '*', { shutdown => 'leave' });
    },
    leave => sub { $_[KERNEL]->alias_remove('desk') },
    look => sub { my ($sender, $x) = @_[SENDER, ARG0]; print "look $x: sender ", number($sender->ID), "\n"; return },
    reply => sub {
      my ($kernel, $sender, $x) = @_[KERNEL, SENDER, ARG0];
      print "reply $x: sender ", number($sender->ID), "\n";
      $kernel->post($sender, answer => $x);
      return;
    },
    keep => sub {
      my ($kernel, $sender, $x) = @_[KERNEL, SENDER, ARG0];
      print "keep $x: sender ", number($sender->ID), "\n";
      $held = $sender->ID;
      $kernel->refcount_increment($held, 'desk');
      return;
    },
    let_go => sub {
      my ($kernel, $sender, $x) = @_[KERNEL, SENDER, ARG0];
      print "let_go $x: sender ", number($sender->ID), ", held was ", number($held), "\n";
      $kernel->post($held, answer => "late $x");
      $kernel->refcount_decrement($held, 'desk');
      return;
    },
  },
);
my @todo = ([ look => 1 ], [ reply => 2 ], [ reply => 3 ], [ look => 4 ], [ keep => 5 ], [ look => 6 ], [ reply => 7 ],
  [ let_go => 8 ], [ look => 9 ]);
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel) = $_[KERNEL];
      $kernel->alias_set('visitor');
      $kernel->call(IKC => publish => visitor => ['answer']);
      $kernel->yield('step');
    },
    step => sub {
      my ($kernel) = $_[KERNEL];
      my $next = shift @todo or return $kernel->yield('over');
      $kernel->post(IKC => post => "poe://Own/desk/$next->[0]", $next->[1]);
      $kernel->delay(step => 0.02);
    },
    answer => sub { print "answer $_[ARG0]\n"; return },
    over => sub {
      my ($kernel) = $_[KERNEL];
      $kernel->alias_remove('visitor');
      $kernel->post(IKC => 'shutdown');
    },
  },
);
POE::Kernel->run;
print "over\n";
