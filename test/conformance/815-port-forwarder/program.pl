#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
# A forwarder: each accepted connection gets a connection to the target; what comes on one side goes out on the other, held back by marks.
use POE qw(Component::Server::TCP Wheel::SocketFactory Wheel::ReadWrite Filter::Stream Filter::Line Component::Client::TCP);
use Socket;
my (%port, @log, %count);
POE::Component::Server::TCP->new(
  Alias => 'target', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port{target}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientInput => sub { my ($h, $l) = @_[HEAP, ARG0]; $h->{client}->put(scalar reverse $l); $_[KERNEL]->yield('shutdown') if $l eq 'bye' },
);
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      $k->alias_set('forwarder');
      $h->{listener} = POE::Wheel::SocketFactory->new(BindAddress => '127.0.0.1', BindPort => 0, SuccessEvent => 'accepted', FailureEvent => 'failed');
      ($port{forwarder}) = unpack_sockaddr_in($h->{listener}->getsockname);
    },
    accepted => sub { my ($h, $socket) = @_[HEAP, ARG0]; $count{accepted}++; Forward::spawn($socket, $port{target}) },
    failed => sub { print "failed $_[ARG0]\n" },
    shutdown => sub { my ($k, $h) = @_[KERNEL, HEAP]; delete $h->{listener}; $k->alias_remove('forwarder') },
    _child => sub { my ($what) = $_[ARG0]; $count{$what}++ },
    _stop => sub { push @log, 'forwarder stops' },
  },
);
package Forward;
use POE::Session;
sub spawn {
  my ($socket, $to) = @_;
  POE::Session->create(package_states => [ 'Forward' => [qw(_start connected refused client_input server_input client_error server_error flushed_client flushed_server _stop)] ], args => [ $socket, $to ]);
}
sub _start {
  my ($heap, $socket, $to) = @_[HEAP, ARG0, ARG1];
  $heap->{log} = [];
  $heap->{queue} = [];
  $heap->{client} = POE::Wheel::ReadWrite->new(Handle => $socket, Filter => POE::Filter::Stream->new, InputEvent => 'client_input', ErrorEvent => 'client_error', FlushedEvent => 'flushed_client');
  $heap->{factory} = POE::Wheel::SocketFactory->new(RemoteAddress => '127.0.0.1', RemotePort => $to, SuccessEvent => 'connected', FailureEvent => 'refused');
}
sub connected {
  my ($heap, $socket) = @_[HEAP, ARG0];
  delete $heap->{factory};
  $heap->{server} = POE::Wheel::ReadWrite->new(Handle => $socket, Driver => POE::Driver::SysRW->new(BlockSize => 512), Filter => POE::Filter::Stream->new, InputEvent => 'server_input', ErrorEvent => 'server_error', FlushedEvent => 'flushed_server');
  $heap->{server}->put($_) for @{ delete $heap->{queue} };
}
sub refused { my ($heap, $op) = @_[HEAP, ARG0]; push @log, "refused $op"; $count{refused}++; delete @$heap{qw(client factory queue)} }
sub client_input { my ($heap, $octets) = @_[HEAP, ARG0]; if ($heap->{server}) { $heap->{server}->put($octets) } elsif ($heap->{queue}) { push @{ $heap->{queue} }, $octets } }
sub server_input { my ($heap, $octets) = @_[HEAP, ARG0]; $count{down} += length $octets; $heap->{client}->put($octets) if $heap->{client} }
sub client_error { my ($heap) = $_[HEAP]; delete $heap->{client}; $heap->{server} && !$heap->{server}->get_driver_out_octets and delete $heap->{server} }
sub server_error { my ($heap) = $_[HEAP]; delete $heap->{server}; $heap->{client} && !$heap->{client}->get_driver_out_octets and delete $heap->{client} }
sub flushed_client { my ($heap) = $_[HEAP]; delete $heap->{client} unless $heap->{server} || $heap->{factory} }
sub flushed_server { my ($heap) = $_[HEAP]; delete $heap->{server} unless $heap->{client} }
sub _stop { $count{stopped}++ }
package main;
my $left = 4;
for my $n (1 .. 3) {
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port{forwarder},
    Connected => sub { $_[HEAP]{server}->put("client $n", 'x' x 3000, 'bye') },
    ServerInput => sub { my $l = $_[ARG0]; push @log, "$n: " . (length $l > 100 ? length $l : $l) },
    ServerError => sub { my ($k, $op, $errno) = @_[KERNEL, ARG0, ARG1]; push @log, "$n: $op $errno"; $k->yield('shutdown') },
    Disconnected => sub { my $k = $_[KERNEL]; if (--$left == 1) { $k->post(target => 'shutdown'); $k->post(last => 'go') } },
  );
}
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->alias_set('last') },
  go => sub { $_[KERNEL]->delay(go2 => 0.1) },
  go2 => sub {
    $_[KERNEL]->alias_remove('last');
    POE::Component::Client::TCP->new(
      RemoteAddress => '127.0.0.1', RemotePort => $port{forwarder},
      Connected => sub { $_[HEAP]{server}->put('anybody?') },
      ServerInput => sub { },
      ServerError => sub { my ($k, $op, $errno) = @_[KERNEL, ARG0, ARG1]; push @log, "last: $op"; $k->yield('shutdown') },
      Disconnected => sub { $_[KERNEL]->post(forwarder => 'shutdown') },
    );
  },
});
POE::Kernel->run;
print "$_\n" for sort @log;
print "$_ $count{$_}\n" for sort keys %count;
