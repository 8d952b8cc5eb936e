#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Stream Wheel::ReadWrite);
use Socket;
my (%port, @log, %n);
# a producer that obeys its marks, and a client that reads when it likes
POE::Component::Server::TCP->new(
  Alias => 'producer', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port{producer}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientFilter => 'POE::Filter::Stream',
  HighMark => 1_000_000, LowMark => 100_000,
  ClientHigh => sub { $n{high_event}++ },
  ClientLow => sub { $n{low}++; $_[KERNEL]->yield('more') },
  ClientFlushed => sub { $n{flushed} = 1 },
  ClientConnected => sub { $_[HEAP]{left} = 4_000_000; $_[KERNEL]->yield('more') },
  ClientInput => sub { },
  ClientDisconnected => sub { $_[KERNEL]->post(producer => 'shutdown') },
  InlineStates => {
    more => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      while ($h->{left} > 0) {
        $h->{left} -= 100_000;
        if ($h->{client}->put('x' x 100_000)) { $n{full}++; return }
      }
      $k->yield('shutdown');
    },
  },
);
POE::Component::Client::TCP->new(
  RemoteAddress => '127.0.0.1', RemotePort => $port{producer}, Filter => 'POE::Filter::Stream',
  Connected => sub { my ($k, $h) = @_[KERNEL, HEAP]; $h->{server}->pause_input; $k->delay(go_on => 0.3) },
  ServerInput => sub { $n{octets} += length $_[ARG0] },
  ServerError => sub { },
  InlineStates => { go_on => sub { $_[HEAP]{server}->resume_input } },
);
# an acceptor that makes sessions of its own and says when they end
POE::Component::Server::TCP->new(
  Alias => 'acceptor', Address => '127.0.0.1', Port => 0, Concurrency => 2,
  Started => sub { my ($h, $s) = @_[HEAP, SESSION]; ($port{acceptor}) = unpack_sockaddr_in($h->{listener}->getsockname) },
  Acceptor => sub {
    my ($kernel, $heap, $session, $socket, $address, $p, $id) = @_[KERNEL, HEAP, SESSION, ARG0 .. ARG3];
    my $listener = $session->ID;
    push @log, 'accepted from ' . inet_ntoa($address) . ", $heap->{connections} open, wheel " . ($id == $heap->{listener}->ID ? 'ok' : 'wrong');
    POE::Session->create(
      inline_states => {
        _start => sub { my ($k, $h, $socket) = @_[KERNEL, HEAP, ARG0]; $h->{w} = POE::Wheel::ReadWrite->new(Handle => $socket, InputEvent => 'line', ErrorEvent => 'bye'); $h->{w}->put('hello') },
        line => sub { my ($h, $l) = @_[HEAP, ARG0]; $h->{w}->put(ucfirst $l) },
        bye => sub { my ($k, $h) = @_[KERNEL, HEAP]; delete $h->{w}; $k->post($listener => 'disconnected') },
      },
      args => [ $socket ],
    );
  },
);
my $left = 4;
for my $n (1 .. 4) {
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port{acceptor},
    ServerInput => sub { my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0]; push @log, "got $l"; if ($l eq 'hello') { $h->{server}->put('name') } else { $k->yield('shutdown') } },
    ServerError => sub { },
    Disconnected => sub { $_[KERNEL]->post(acceptor => 'shutdown') unless --$left },
  );
}
POE::Kernel->run;
print "$_\n" for sort @log;
print "octets $n{octets}, low ", ($n{low} >= 2 ? 'several' : $n{low} || 0), ', full ', ($n{full} >= 2 ? 'several' : $n{full} || 0), ", low and full ", ($n{full} == $n{low} ? 'alike' : 'differ'), ", high events ", $n{high_event} || 0, ", flushed $n{flushed}\n";
