#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP);
use Socket;
my $port;
my $id = POE::Component::Server::TCP->new(
  Address => '127.0.0.1', Port => 0, Concurrency => 1,
  Started => sub {
    my ($s, $h) = @_[SESSION, HEAP];
    ($port) = unpack_sockaddr_in($h->{listener}->getsockname);
    print 'server session ', $s->ID, ' wheel ', $h->{listener}->ID, ' alias ', defined $h->{alias} ? 'def' : 'undef', "\n";
  },
  ClientConnected => sub { print "server: connected\n"; $_[HEAP]{client}->put('welcome') },
  ClientInput => sub {
    my ($k, $h, $l, $w) = @_[KERNEL, HEAP, ARG0, ARG1];
    print "server: input $l ", ($w == $h->{client}->ID ? 1 : 0), "\n";
    if ($l eq 'kill') {
      $k->signal($_[SESSION], 'KILL');
    } elsif ($l eq 'drop') { delete $h->{client} } elsif ($l eq 'yield') {
      $k->yield(unknown => 1);
      $h->{client}->put('ok');
    } else { $h->{client}->put("echo $l") }
  },
  ClientError => sub { print "server: error $_[ARG0] $_[ARG1] ", (@_ - ARG0), "\n" },
  ClientFlushed => sub { print "server: flushed\n" },
  ClientDisconnected => sub { print "server: disconnected args ", (@_ - ARG0), "\n" },
);
print "server id $id\n";
my @run = ( [ 'plain', 'a', 'b' ], [ 'kill', 'kill' ], [ 'drop', 'drop' ], [ 'yield', 'yield' ], );
sub next_run {
  my $r = shift @run or do { $poe_kernel->post($id => 'shutdown'); return };
  my ($name, @lines) = @$r;
  print "-- $name\n";
  my $cid = POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port,
    Started => sub { print "client: started ", (@_ - ARG0), "\n" },
    Connected => sub { print "client: connected ", (@_ - ARG0), "\n" },
    ServerInput => sub {
      my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0];
      print "client: $l\n";
      my $n = shift @lines;
      if (defined $n) { $k->delay(say => 0.1, $n) } else { $k->delay(shutdown => 0.1) }
    },
    ServerError => sub { print "client: error $_[ARG0] $_[ARG1]\n"; },
    ServerFlushed => sub { print "client: flushed\n" },
    Disconnected => sub {
      print "client: disconnected\n";
      $_[KERNEL]->delay('shutdown');
      $_[KERNEL]->delay('say');
      $_[KERNEL]->delay(again => 0.2);
    },
    InlineStates => {
      say => sub { $_[HEAP]{server}->put($_[ARG0]); $_[KERNEL]->delay(shutdown => 0.3) if $_[ARG0] eq 'drop' },
      again => sub { print "client: again\n"; main::next_run() },
      _default => sub { },
    },
  );
  print "client id $cid\n";
}
POE::Session->create(inline_states => { _start => sub { next_run() } });
POE::Kernel->run;
print "done\n";
