#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;

# A room with two guests, each a process of its own.
my (@ports, %guest);
for my $name (qw(Ann Bob)) {
  pipe(my $port_in, my $port_out) or die "pipe: $!";
  my $pid = open my $guest, '-|';
  die "fork: $!" unless defined $pid;
  if (!$pid) { close $_ for @ports; close $port_out; chomp(my $port = <$port_in>); run_guest($name, $port); exit 0 }
  close $port_in;
  push @ports, $port_out;
  $guest{$name} = $guest;
}

my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Room');
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('room');
      $kernel->call(IKC => publish => room => [qw(enter say whisper leave)]);
      $kernel->call(IKC => monitor => '*', { unregister => 'gone' });
    },
    enter => sub {
      my ($kernel, $heap, $name) = @_[KERNEL, HEAP, ARG0];
      $heap->{here}{$name} = 1;
      return if keys %{ $heap->{here} } < 2;
      print "both are here\n";
      $kernel->post(IKC => post => 'poe://Ann/guest/begin', 'Ann');
    },
    # To everybody, and to the own kernel, which has published nothing of the kind.
    say => sub {
      my ($kernel, $what) = @_[KERNEL, ARG0];
      my $sent = $kernel->call(IKC => post => 'poe://*/guest/hear', $what);
      print "said to $sent: $what\n";
      return $sent;
    },
    # One guest calls another one through the room: what was asked for travels with the rsvp.
    whisper => sub {
      my ($kernel, $args) = @_[KERNEL, ARG0];
      my ($whom, $what, $rsvp) = @$args;
      print "whispered to $whom\n";
      $kernel->post(IKC => call => "poe://$whom/guest/ear", $what, { state => 'echo', args => $rsvp });
      return;
    },
    echo => sub { my ($kernel, $answer, $rsvp) = @_[KERNEL, ARG0, ARG1]; $kernel->post(IKC => post => $rsvp, $answer); return },
    leave => sub { my ($kernel, $name) = @_[KERNEL, ARG0]; $kernel->post(IKC => post => "poe://$name/guest/bye", 'see you'); return },
    gone  => sub {
      my ($kernel, $heap, $name) = @_[KERNEL, HEAP, ARG1];
      return unless delete $heap->{here}{$name};
      print "$name has gone\n";
      if ($name eq 'Ann') { $kernel->post(IKC => post => 'poe://Bob/guest/begin', 'Bob'); return }
      $kernel->alias_remove('room');
      $kernel->post(IKC => 'shutdown');
    },
  },
);
for (@ports) { print {$_} "$port\n"; close $_ }
POE::Kernel->run;
for my $name (qw(Ann Bob)) { my $guest = $guest{$name}; print "$name: $_" while <$guest> }

sub run_guest {
  my ($name, $port) = @_;
  my $other = $name eq 'Ann' ? 'Bob' : 'Ann';
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => $name, on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = @_[KERNEL];
          $kernel->alias_set('guest');
          $kernel->call(IKC => publish => guest => [qw(begin hear ear echo bye)]);
          $kernel->post(IKC => post => 'poe://Room/room/enter', $name);
        },
        begin => sub {
          my ($kernel) = @_[KERNEL];
          $kernel->post(IKC => call => 'poe://Room/room/say', "hello, I am $name", 'poe:heard');
          return;
        },
        hear  => sub { print "heard: $_[ARG0]\n"; return },
        heard => sub {
          my ($kernel, $sent) = @_[KERNEL, ARG0];
          print "went to $sent\n";
          return $kernel->post(IKC => post => 'poe://Room/room/leave', $name) if $name eq 'Bob';
          $kernel->post(IKC => post => 'poe://Room/room/whisper', [ $other, 'psst', { kernel => $name, session => 'guest', state => 'echo' } ]);
        },
        ear  => sub { print "somebody whispers: $_[ARG0]\n"; "$name got $_[ARG0]" },
        echo => sub { my ($kernel, $echo) = @_[KERNEL, ARG0]; print "echo: $echo\n"; $kernel->post(IKC => post => 'poe://Room/room/leave', $name); return },
        bye  => sub { print "$_[ARG0]\n"; $_[KERNEL]->alias_remove('guest'); $_[KERNEL]->post(IKC => 'shutdown'); return },
      },
    );
  });
  POE::Kernel->run;
  print "run returned\n";
}
