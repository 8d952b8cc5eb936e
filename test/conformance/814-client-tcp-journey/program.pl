#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Wheel::SocketFactory);
use Socket;
use Errno qw(ECONNREFUSED);
my (%port, @log, $who);
$SIG{__WARN__} = sub { print "warning\n" };
sub server {
  my ($name) = @_;
  POE::Component::Server::TCP->new(
    Alias => $name, Address => '127.0.0.1', Port => 0,
    Started => sub { ($port{$name}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
    ClientConnected => sub { $_[HEAP]{client}->put("this is $name") },
    ClientInput => sub { my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0]; if ($l eq 'quit') { $k->yield('shutdown') } else { $h->{client}->put("$name: $l") } },
    ClientError => sub { },
  );
}
server('one');
server('two');
my $steps = 0;
POE::Component::Client::TCP->new(
  Alias => 'traveller', RemoteAddress => '127.0.0.1', RemotePort => $port{one},
  PreConnect => sub { my ($h, $socket, $addr, $port) = @_[HEAP, ARG0 .. ARG2]; print "preconnect, server ", (defined $h->{server} ? 'set' : 'unset'), ", connected $h->{connected}\n"; return $socket },
  Connected => sub { my $h = $_[HEAP]; print "connected $h->{connected}, shutdown $h->{shutdown}\n" },
  ConnectError => sub { my ($k, $h, $op, $errno) = @_[KERNEL, HEAP, ARG0, ARG1]; print "connect error $op ", ($errno == ECONNREFUSED ? 'ECONNREFUSED' : $errno), ", server ", (defined $h->{server} ? ref $h->{server} : 'none'), "\n"; $k->delay(next => 0.1) },
  ServerInput => sub {
    my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0];
    print "got $l\n";
    $k->yield('next');
  },
  ServerFlushed => sub { print "flushed\n" },
  ServerError => sub { my ($h, $op, $errno) = @_[HEAP, ARG0, ARG1]; print "server error $op $errno, got_an_error ", ($h->{got_an_error} || 0), "\n" },
  Disconnected => sub { my ($k, $h) = @_[KERNEL, HEAP]; print "disconnected, shutdown $h->{shutdown}, server ", (defined $h->{server} ? 'there' : 'gone'), "\n"; $k->yield('next') },
  InlineStates => {
    next => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      $steps++;
      print "step $steps\n";
      if ($steps == 1) { $h->{server}->put('hi') }
      elsif ($steps == 2) { $k->yield(connect => '127.0.0.1', $port{two}) }         # while connected: another place
      elsif ($steps == 3) { $k->yield('reconnect') }                                # the same place
      elsif ($steps == 4) { $h->{server}->put('quit') }                             # the server ends it
      elsif ($steps == 5) { print 'alias after shutdown: ', (defined $k->alias_resolve('traveller') ? 'there' : 'gone'), "\n"; $k->post(one => 'shutdown'); $k->delay(next => 0.1) }
      elsif ($steps == 6) { $k->yield(connect => '127.0.0.1', $port{one}) }          # nobody there
      elsif ($steps == 7) { $k->yield(connect => undef, $port{two}) }               # only the port
      elsif ($steps == 8) { print 'alias: ', (defined $k->alias_resolve('traveller') ? 'there' : 'gone'), "\n"; $h->{server}->put('last words'); $k->yield('shutdown') }
      elsif ($steps == 9) { $k->post(two => 'shutdown'); $k->yield('shutdown') }
    },
  },
);
POE::Kernel->run;
# parameters
for (
  [ 'no address', RemotePort => 1, ServerInput => sub { } ], [ 'no port', RemoteAddress => '127.0.0.1', ServerInput => sub { } ],
  [ 'no input', RemoteAddress => '127.0.0.1', RemotePort => 1 ], [ 'high only', RemoteAddress => '127.0.0.1', RemotePort => 1, ServerInput => sub { }, HighMark => 5 ],
  [ 'text as callback', RemoteAddress => '127.0.0.1', RemotePort => 1, ServerInput => 'got_input' ],
  [ 'args', RemoteAddress => '127.0.0.1', RemotePort => 1, ServerInput => sub { }, Args => 'x' ],
  [ 'inline', RemoteAddress => '127.0.0.1', RemotePort => 1, ServerInput => sub { }, InlineStates => [] ],
) {
  my ($what, @p) = @$_;
  print "client $what: ", (eval { POE::Component::Client::TCP->new(@p); 1 } ? 'made' : 'dies'), "\n";
}
for (
  [ 'neither', Port => 0 ], [ 'both', Port => 0, ClientInput => sub { }, Acceptor => sub { } ], [ 'one filter', Port => 0, ClientInput => sub { }, ClientInputFilter => 'POE::Filter::Line' ],
  [ 'stray', Port => 0, Acceptor => sub { }, ClientConnected => sub { } ], [ 'text', Port => 0, ClientInput => 'x' ],
  [ 'args', Port => 0, ClientInput => sub { }, ClientArgs => 'x' ], [ 'high', Port => 0, ClientInput => sub { }, HighMark => 5, LowMark => 1 ],
  [ 'params', Port => 0, ClientInput => sub { }, SessionParams => {} ],
) {
  my ($what, @p) = @$_;
  print "server $what: ", (eval { POE::Component::Server::TCP->new(@p); 1 } ? 'made' : 'dies'), "\n";
}
