#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
# A small web server on Component::Server::TCP, and clients that speak to it by hand.
use POE qw(Component::Server::TCP Component::Client::TCP Filter::HTTPD Filter::Stream);
use HTTP::Response;
use HTTP::Status qw(status_message);
use Socket;
my ($port, @log, %hits);
POE::Component::Server::TCP->new(
  Alias => 'web', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientFilter => 'POE::Filter::HTTPD',
  ClientInput => sub {
    my ($kernel, $heap, $request) = @_[KERNEL, HEAP, ARG0];
    if ($request->isa('HTTP::Response')) {
      push @log, 'bad request: ' . $request->status_line;
      $heap->{client}->put($request);
      $kernel->yield('shutdown');
      return;
    }
    my $path = $request->uri->path;
    $hits{$path}++;
    push @log, join ' ', $request->method, $path, ($request->uri->query || '-'), ($request->header('Host') || 'no host'), $request->protocol, length $request->content;
    my $response;
    if ($path eq '/hello') {
      my %q = map { split /=/, $_, 2 } split /&/, $request->uri->query || '';
      $response = HTTP::Response->new(200, 'OK', [ 'Content-Type' => 'text/plain' ]);
      $response->content("Hello, $q{name}!\n");
    }
    elsif ($path eq '/echo') {
      $response = HTTP::Response->new(200);
      $response->content_type($request->content_type);
      $response->content(uc $request->content);
      $response->push_header('X-Seen' => $_) for $request->header('X-Many');
    }
    elsif ($path eq '/moved') {
      $response = HTTP::Response->new(302);
      $response->header(Location => '/hello?name=again');
    }
    else { $response = HTTP::Response->new(404, 'Nothing here'); $response->content('?') }
    $response->protocol($request->protocol);
    $response->content_length(length $response->content);
    $response->header(Connection => 'close');
    $heap->{client}->put($response);
    $kernel->yield('shutdown');
  },
  ClientError => sub { },
);
my @requests = (
  "GET /hello?name=World&x=1 HTTP/1.0\r\nHost: one\r\n\r\n",
  "POST /echo HTTP/1.1\r\nHost: two\r\nContent-Type: text/x-thing\r\nX-Many: a\r\nX-Many: b\r\nContent-Length: 9\r\n\r\nsome text",
  "GET /moved HTTP/1.1\nHost: three\n\n",
  "HEAD /none HTTP/1.0\r\n\r\n",
  "nonsense\r\n\r\n",
  "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: lots\r\n\r\n",
  "GET http://proxy.example/hello?name=P HTTP/1.0\r\n\r\n",
);
my $current = -1;
sub next_client {
  $current++;
  if ($current == @requests) { POE::Kernel->post(web => 'shutdown'); return }
  my $got = '';
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port, Filter => 'POE::Filter::Stream',
    Connected => sub { $_[HEAP]{server}->put($requests[$current]) },
    ServerInput => sub { $got .= $_[ARG0] },
    ServerError => sub { $_[KERNEL]->yield('shutdown') },
    Disconnected => sub {
      my ($head, $body) = split /\r\n\r\n/, $got, 2;
      print "--- request $current\n";
      my ($status, @headers) = split /\r\n/, $head;
      print "$status\n", map { "$_\n" } sort @headers;
      chomp $body; print "[$body]\n";
      next_client();
    },
  );
}
next_client();
POE::Kernel->run;
print "$_\n" for @log;
print join(', ', map { "$_ $hits{$_}" } sort keys %hits), "\n";
print status_message(418) || 'none', "\n";
