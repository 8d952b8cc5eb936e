#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use Socket;
use POSIX qw(ECONNREFUSED);
use POE qw(Component::Server::TCP Component::Client::TCP Wheel::SocketFactory Filter::Line Filter::Block Filter::Stream);

# A client on the road: it is refused, shut down while it connects, goes from one server to the next with other filters, and is sent away.

my (%port, %seen);
sub server {
  my ($name, %more) = @_;
  POE::Component::Server::TCP->new(
    Alias => $name, Address => '127.0.0.1', Port => 0,
    Started => sub { $port{$name} = (sockaddr_in($_[HEAP]{listener}->getsockname))[0] },
    ClientConnected => sub { $_[HEAP]{client}->put("$name greets") },
    ClientInput     => sub { my ($heap, $line) = @_[HEAP, ARG0]; $heap->{client}->put("$name heard $line"); $_[KERNEL]->yield('shutdown') if $line eq 'send me away' },
    ClientError     => sub { },
    ClientDisconnected => sub { $seen{$name}++ },
    %more,
  );
}
server('home');
server('away');
server('blocks', ClientFilter => [ 'POE::Filter::Block', BlockSize => 4 ], ClientConnected => sub { $_[HEAP]{client}->put('blocks!!') }, ClientInput => sub { $_[HEAP]{client}->put(scalar reverse $_[ARG0]) });

sub errno { my $n = shift; $n == ECONNREFUSED ? 'ECONNREFUSED' : $n + 0 }
sub state_of { my $heap = shift; join ', ', 'connected ' . ($heap->{connected} || 0), 'shutdown ' . ($heap->{shutdown} || 0), 'server ' . ($heap->{server} ? 'there' : 'gone') }

my @road = (
  sub { print "-- nobody is there\n"; my $free = POE::Wheel::SocketFactory->new(BindAddress => '127.0.0.1', BindPort => 0, SuccessEvent => 'x', FailureEvent => 'x'); $port{closed} = (sockaddr_in($free->getsockname))[0]; undef $free; $_[0]->yield(connect => '127.0.0.1', $port{closed}) },
  sub { print "-- again\n"; $_[0]->yield('reconnect') },
  sub { print "-- home\n"; $_[0]->yield(connect => '127.0.0.1', $port{home}) },
  sub { print "-- talk\n"; $_[1]{server}->put('one'); },
  sub { print "-- a second connection over the first\n"; $_[0]->yield(connect => '127.0.0.1', $port{away}) },
  sub { print "-- sent away\n"; $_[1]{server}->put('send me away') },
  sub { print "-- back again\n"; $_[0]->yield('reconnect') },
  sub { print "-- blocks\n"; $_[0]->yield(connect => '127.0.0.1', $port{blocks}) },
  sub { print "-- another filter\n"; $_[1]{server}->set_filter(POE::Filter::Block->new(BlockSize => 2)); $_[1]{server}->put('abcd') },
  sub { print "-- shut down with something put\n"; $_[0]->yield(connect => '127.0.0.1', $port{home}); $_[1]{last} = 1 },
);

POE::Component::Client::TCP->new(
  Alias => 'traveller', RemoteAddress => '127.0.0.1', RemotePort => $port{home}, ConnectTimeout => 20,
  Args    => [ 'a', [ 'b' ] ],
  Started => sub { my ($kernel, $heap, @args) = @_[KERNEL, HEAP, ARG0 .. $#_]; print "started with $args[0] $args[1][0], ", state_of($heap), "\n"; $heap->{stay} = 1 },
  PreConnect => sub {
    my ($heap, $socket, $address, $port, $id) = @_[HEAP, ARG0 .. ARG3];
    my ($name) = grep { $port{$_} == $port } sort keys %port;
    print 'preconnect ', inet_ntoa($address), ' ', $name // 'unknown', ', ', ref $socket ? 'socket' : 'none', "\n";
    return $socket if $heap->{veto}++;
    $_[KERNEL]->yield('next_stop');
    return;
  },
  Connected => sub {
    my ($heap, $socket, $address, $port, $id) = @_[HEAP, ARG0 .. ARG3];
    my ($name) = grep { $port{$_} == $port } sort keys %port;
    print "connected to ", $name // 'unknown', ", ", state_of($heap), ', filter ', ref $heap->{server}->get_input_filter, "\n";
    if ($name eq 'blocks') { $heap->{server}->set_filter(POE::Filter::Block->new(BlockSize => 8)) }
    if ($heap->{last}) { $heap->{server}->put('farewell'); $_[KERNEL]->yield('shutdown') }
  },
  ConnectError => sub {
    my ($kernel, $heap, $operation, $errno, $text, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
    print "connect error $operation ", errno($errno), ", ", state_of($heap), "\n";
    $kernel->yield('next_stop');
  },
  ServerInput => sub {
    my ($kernel, $heap, $record) = @_[KERNEL, HEAP, ARG0];
    print "input $record\n";
    return if $heap->{last};
    $kernel->yield('next_stop') unless $record =~ /away$/ or $record =~ /^dc$/;
  },
  ServerFlushed => sub { $_[HEAP]{flushed}++ },
  ServerError   => sub { my ($heap, $operation, $errno, $text, $id) = @_[HEAP, ARG0 .. ARG3]; print "server error $operation ", errno($errno), " '$text', ", state_of($heap), "\n" },
  Disconnected  => sub {
    my ($kernel, $heap) = @_[KERNEL, HEAP];
    print 'disconnected, ', state_of($heap), ', flushed ', $heap->{flushed} ? 'something' : 'nothing', "\n";
    delete $heap->{flushed};
    if ($heap->{last}) { $kernel->post(after => 'begin') } else { $kernel->yield('next_stop') }
  },
  InlineStates => {
    next_stop => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; my $next = shift @road; $next->($kernel, $heap) if $next },
  },
);

# Clients one after the other, each shut down at another moment.
my @moments = (
  [ 'shut down in Started'      => { Started => sub { $_[KERNEL]->yield('shutdown') } }, 'home' ],
  [ 'shut down in PreConnect'   => { PreConnect => sub { $_[KERNEL]->yield('shutdown'); return $_[ARG0] } }, 'home' ],
  [ 'shut down in Connected'    => { Connected => sub { print "connected\n"; $_[HEAP]{server}->put('unheard'); $_[KERNEL]->call($_[SESSION], 'shutdown') } }, 'home' ],
  [ 'shut down in ServerInput'  => { ServerInput => sub { print "input $_[ARG0]\n"; $_[KERNEL]->yield('shutdown') } }, 'home' ],
  [ 'shut down in ConnectError' => { ConnectError => sub { print "error $_[ARG0] ", errno($_[ARG1]), "\n"; $_[KERNEL]->yield('shutdown') } }, 'closed' ],
  [ 'never shut down'           => { Connected => sub { print "connected\n"; $_[HEAP]{server}->put('send me away') } }, 'away' ],
);
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('after') },
    begin  => sub { print "-- moments\n"; $_[KERNEL]->yield('next') },
    next   => sub {
      my $kernel = $_[KERNEL];
      my $moment = shift @moments;
      if (!$moment) { $kernel->post($_ => 'shutdown') for qw(home away blocks traveller); $kernel->alias_remove('after'); return }
      my ($label, $more, $to) = @$moment;
      print "-- $label\n";
      POE::Component::Client::TCP->new(
        RemoteAddress => '127.0.0.1', RemotePort => $port{$to},
        ServerInput  => sub { print "input $_[ARG0]\n" },
        ServerError  => sub { print "server error $_[ARG0] ", errno($_[ARG1]), "\n" },
        ConnectError => sub { print "error $_[ARG0] ", errno($_[ARG1]), "\n" },
        Disconnected => sub { print 'disconnected, ', state_of($_[HEAP]), "\n" },
        %$more,
      );
    },
    _child => sub { my ($kernel, $what) = @_[KERNEL, ARG0]; $kernel->delay(next => 0.05) if $what eq 'lose' },
  },
);
POE::Kernel->run;
print "over\n";
