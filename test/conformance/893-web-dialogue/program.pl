#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use HTTP::Response;
use Socket;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::HTTPD Filter::Stream Filter::Line Filter::Stackable Filter::Map);

# A web server with separate filters for both directions, and clients that send odd requests one after the other; at the end a protocol is switched.

my $port;
my @dialogue = (
  [ 'lower case',   "GET /a%20b?x=1&y HTTP/1.1\r\nhost: h\r\nx-two: 1\r\nx-two: 2\r\nuser-agent: me\r\n\r\n" ],
  [ 'pipelined',    "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: h\r\n\r\nDELETE /3 HTTP/1.0\r\n\r\n" ],
  [ 'body',         "PUT /doc HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nline\r\n\r\n1234" ],
  [ 'bodies',       "POST /p HTTP/1.1\r\nContent-Length: 2\r\n\r\nabPOST /q HTTP/1.1\r\nContent-Length: 3\r\n\r\ncde" ],
  [ 'bare',         "GET /bare\r\n\r\n" ],
  [ 'old',          "GET / HTTP/0.9\r\n\r\n" ],
  [ 'newer',        "GET / HTTP/2.0\r\n\r\n" ],
  [ 'lower verb',   "get /low HTTP/1.1\r\n\r\n" ],
  [ 'odd verb',     "M-SEARCH * HTTP/1.1\r\nHost: h\r\n\r\n" ],
  [ 'whole URI',    "GET http://example.test:81/x#f HTTP/1.1\r\n\r\n" ],
  [ 'blanks',       "GET   /spaced   HTTP/1.1\r\n\r\n" ],
  [ 'no protocol',  "GET /a b c\r\n\r\n" ],
  [ 'garbage',      "\@\@\@\r\n\r\n" ],
  [ 'too much',     "POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n" ],
  [ 'bad length',   "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n" ],
  [ 'no length',    "POST /none HTTP/1.1\r\nHost: h\r\n\r\n" ],
  [ 'options',      "OPTIONS * HTTP/1.1\r\n\r\n" ],
  [ 'encoded',      "PUT /e HTTP/1.1\r\nContent-Encoding: x\r\n\r\n" ],
  [ 'switch',       "GET /switch HTTP/1.1\r\nUpgrade: lines\r\n\r\n" ],
);

sub told { my $text = shift; $text =~ s/\r/\\r/g; $text =~ s/\n/\\n/g; return $text }

POE::Component::Server::TCP->new(
  Alias              => 'web',
  Address            => '127.0.0.1',
  Port               => 0,
  Started            => sub { $port = (sockaddr_in($_[HEAP]{listener}->getsockname))[0] },
  ClientInputFilter  => [ 'POE::Filter::HTTPD', MaxContent => 100 ],
  ClientOutputFilter => 'POE::Filter::HTTPD',
  ClientConnected    => sub { print '  server: ', ref $_[HEAP]{client}->get_input_filter, ', ', $_[HEAP]{client}->get_input_filter == $_[HEAP]{client}->get_output_filter ? 'one filter' : 'two filters', "\n" if !$_[HEAP]{told}++ && !$main::told++ },
  ClientInput => sub {
    my ($kernel, $heap, $r) = @_[KERNEL, HEAP, ARG0];
    unless (ref $r) {
      print "  line: $r\n";
      $heap->{client}->put(uc $r);
      $kernel->yield('shutdown') if $r eq 'bye';
      return;
    }
    if ($r->isa('HTTP::Response')) {
      print '  refused: ', $r->status_line, ', ', $r->header('Content-Type'), $r->request ? ', ' . $r->request->method : '', "\n";
      $heap->{client}->put($r);
      return $kernel->yield('shutdown');
    }
    print '  ', join(' ', $r->method, $r->uri, $r->protocol, map { "$_=" . join '+', $r->header($_) } sort $r->header_field_names), ' body ', told($r->content), "\n";
    my $answer = HTTP::Response->new(200, 'Fine', [ 'X-Path' => $r->uri->path, 'Content_Type' => 'text/x' ], 'you sent ' . $r->method);
    $answer->push_header('X-Many', $_) for 1, 2;
    $answer->content_length(length $answer->content);
    if ($r->uri->path eq '/switch') {
      $answer = HTTP::Response->new(101);
      $answer->header(Upgrade => 'lines');
      $heap->{client}->put($answer);
      $heap->{client}->set_filter(POE::Filter::Line->new(Literal => "\n"));
      return;
    }
    $heap->{client}->put($answer);
  },
  ClientDisconnected => sub { print "  server: gone\n"; next_client() },
);

my $ends = 0;
sub next_client {
  return if $ends++ % 2;
  my $next = shift @dialogue;
  return $poe_kernel->post(web => 'shutdown') unless $next;
  my ($label, $request) = @$next;
  my $expected = () = $request =~ m{ HTTP/|/bare|^@@@|a b c}g;
  print "$label\n";
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1',
    RemotePort    => $port,
    Filter        => 'POE::Filter::Stream',
    Connected     => sub { $_[HEAP]{server}->put($request) },
    ServerInput   => sub {
      my ($kernel, $heap, $octets) = @_[KERNEL, HEAP, ARG0];
      $heap->{got} .= $octets;
      my $answers = () = $heap->{got} =~ /you sent/g;
      $kernel->yield('shutdown') if $answers == $expected;
      if ($heap->{got} =~ /\r\n\r\n\z/ and $heap->{got} =~ / 101 /) { $heap->{server}->put("hello\nmore\nbye\n") }
    },
    ServerError  => sub { },
    Disconnected => sub {
      my $heap = $_[HEAP];
      my $got = $heap->{got};
      print '  client: ', told($got =~ s/<html>.*//sr =~ s/\r\n(?:Date|Server|Content-Length): [^\r]*//gr), "\n";
      next_client();
    },
  );
}
next_client();
POE::Kernel->run;
print "over\n";
