#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Line Filter::HTTPD Filter::Stream);
use Socket;
use Errno 'EADDRINUSE';
use HTTP::Response;
my (%port, @log);
POE::Component::Server::TCP->new(
  Alias => 'pre', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port{pre}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientArgs => [ 'pa' ],
  ClientPreConnect => sub {
    my ($heap, $socket, $args) = @_[HEAP, ARG0, ARG1];
    push @log, 'pre ' . ref($args) . ' ' . (defined $heap->{client} ? 'client' : 'no client') . " $heap->{remote_ip}";
    return if ++our $count == 1;
    return $socket;
  },
  ClientConnected => sub { push @log, 'pre connected'; $_[HEAP]{client}->put('in') },
  ClientDisconnected => sub { push @log, 'pre disconnected' },
  ClientInput => sub { },
  ClientError => sub { push @log, "pre error $_[ARG0] $_[ARG1]" },
);
POE::Component::Server::TCP->new(
  Alias => 'stay', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port{stay}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientShutdownOnError => 0,
  ClientInput => sub { push @log, "stay got $_[ARG0]"; $_[KERNEL]->delay(answer => 0.1) },
  ClientError => sub { push @log, "stay error $_[ARG0] $_[ARG1] got=" . ($_[HEAP]{got_an_error} ? 1 : 0); },
  InlineStates => {
    answer => sub { push @log, 'stay answers'; $_[HEAP]{client}->put('late answer'); $_[KERNEL]->yield('shutdown') },
  },
  ClientDisconnected => sub { push @log, 'stay disconnected' },
);
POE::Component::Server::TCP->new(
  Alias => 'http', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port{http}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientFilter => 'POE::Filter::HTTPD', SessionParams => [ options => { debug => 0 } ],
  ClientInput => sub {
    my ($kernel, $heap, $r) = @_[KERNEL, HEAP, ARG0];
    if ($r->isa('HTTP::Response')) {
      push @log, 'http bad ' . $r->code;
      $r = HTTP::Response->new(400, 'Bad', [], "sorry\n");
      $heap->{client}->put($r);
      $kernel->yield('shutdown');
      return;
    }
    push @log, 'http ' . $r->method . ' ' . $r->uri->path . ' [' . $r->content . ']';
    $heap->{client}->put(HTTP::Response->new(200, 'OK', [ 'Content-Type' => 'text/plain' ], 'you asked ' . $r->uri->path . "\n"));
    $kernel->yield('shutdown') if ($r->header('Connection') || '') eq 'close';
  },
);
POE::Component::Server::TCP->new(
  Alias => 'dup', Address => '127.0.0.1', Port => $port{pre},
  ClientInput => sub { },
  Error => sub {
    my $why = $_[ARG1] == EADDRINUSE ? 'EADDRINUSE' : $_[ARG1];
    my $listener = defined $_[HEAP]{listener} ? 'listener' : 'none';
    push @log, "dup $_[ARG0] $why $listener alias " . join(',', $_[KERNEL]->alias_list);
    $_[KERNEL]->yield('shutdown');
  },
  Stopped => sub { push @log, 'dup stopped' },
);
for my $n (1, 2) {
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port{pre},
    Connected => sub { push @log, "client connected" },
    ServerInput => sub { push @log, "client got $_[ARG0]"; $_[KERNEL]->yield('shutdown') },
    ServerError => sub { push @log, "client error $_[ARG0] $_[ARG1]" },
    Disconnected => sub { push @log, 'client disconnected' },
  );
}
POE::Component::Client::TCP->new(
  RemoteAddress => '127.0.0.1', RemotePort => $port{stay},
  Connected => sub { $_[HEAP]{server}->put('q'); $_[HEAP]{server}->flush; $_[HEAP]{server}->shutdown_output },
  ServerInput => sub { push @log, "half got $_[ARG0]" },
  ServerError => sub { push @log, "half error $_[ARG0] $_[ARG1]" },
);
sub web {
  my ($name, @req) = @_;
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port{http}, Filter => 'POE::Filter::Stream',
    Connected => sub { $_[HEAP]{server}->put($_) for @req },
    ServerInput => sub { $_[HEAP]{all} .= $_[ARG0] },
    ServerError => sub { },
    Disconnected => sub { push @log, "$name: " . join '|', grep { !/^(Date|Server)/ } split /\r?\n/, $_[HEAP]{all} },
  );
}
web(
  'two', "GET /one?x HTTP/1.1\r\nHost: h\r\n\r\n",
  "POST /two HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
);
web('bad', "rubbish\r\n\r\n");
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->delay(end => 0.8) },
  end => sub { $_[KERNEL]->post($_ => 'shutdown') for qw(pre stay http) },
});
POE::Kernel->run;
print "$_\n" for sort @log;
