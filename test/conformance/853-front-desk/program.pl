#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP);
use Socket qw(unpack_sockaddr_in);

# A server whose connections send to each other by the IDs of their sessions; clients that come one after the other, and end in different ways.

my ($port, %sessions, @visits, %log);
sub note { my ($who, @words) = @_; push @{ $log{$who} }, join '', @words }

POE::Component::Server::TCP->new(
  Alias   => 'desk',
  Address => '127.0.0.1',
  Port    => 0,
  ListenerArgs => ['open', 'now'],
  Started => sub {
    ($port) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname);
    note(desk => "@_[ARG0, ARG1], called ", join ' ', $_[KERNEL]->alias_list);
  },
  Stopped => sub { note(desk => 'closed') },
  ClientArgs      => [ { motto => 'be brief' } ],
  ClientConnected => sub {
    my ($kernel, $session, $heap, $args) = @_[KERNEL, SESSION, HEAP, ARG0];
    $heap->{name} = 'nobody';
    $heap->{client}->put("welcome, $args->{motto}");
  },
  ClientInput => sub {
    my ($kernel, $session, $heap, $line) = @_[KERNEL, SESSION, HEAP, ARG0];
    my ($word, $rest) = split / /, $line, 2;
    my $state = "cmd_$word";
    $kernel->call($session, $state, $rest) or $heap->{client}->put("what is $word?");
  },
  InlineStates => {
    cmd_name => sub {
      my ($session, $heap, $name) = @_[SESSION, HEAP, ARG0];
      $heap->{name} = $name;
      $sessions{$name} = $session->ID;
      $heap->{client}->put("hello $name");
      1;
    },
    cmd_whisper => sub {
      my ($kernel, $heap, $rest) = @_[KERNEL, HEAP, ARG0];
      my ($to, $text) = split / /, $rest, 2;
      my $told = $kernel->post($sessions{$to} || 'nobody', 'hear', $heap->{name}, $text);
      $heap->{client}->put($told ? "told $to" : "$to is not here");
      1;
    },
    hear    => sub { my ($heap, $from, $text) = @_[HEAP, ARG0, ARG1]; $heap->{client}->put("$from says $text") if $heap->{client} },
    cmd_bye => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; $heap->{client}->put('bye'); $kernel->yield('shutdown'); $kernel->yield('shutdown'); 1 },
  },
  ClientFlushed      => sub { $_[HEAP]{flushed}++ },
  ClientError        => sub { my ($heap, $operation, $errno) = @_[HEAP, ARG0, ARG1]; note(desk => "$operation error $errno of $heap->{name}") },
  ClientDisconnected => sub {
    my ($kernel, $heap) = @_[KERNEL, HEAP];
    push @visits, $heap->{name};
    note(desk => "$heap->{name} leaves, ", $heap->{flushed} ? 'was' : 'was not', ' served, wheel is ', $heap->{client} ? 'there' : 'gone', ', error ', $heap->{got_an_error} ? 'yes' : 'no');
    $kernel->post(desk => 'shutdown') if @visits == 3;
  },
);

sub visitor {
  my ($name, $next, @lines) = @_;
  POE::Component::Client::TCP->new(
    Alias         => $name,
    RemoteAddress => '127.0.0.1',
    RemotePort    => $port,
    Started       => sub { $_[HEAP]{lines} = [@lines] },
    Connected     => sub { note($name => 'connected, ', $_[HEAP]{connected} ? 'sure' : 'unsure') },
    ServerInput   => sub {
      my ($kernel, $heap, $line) = @_[KERNEL, HEAP, ARG0];
      note($name => "hears $line");
      return if $line =~ / says /;
      my $say = shift @{ $heap->{lines} };
      if (defined $say) { $heap->{server}->put($say) }
      elsif ($next) { my $then = $next; undef $next; $then->() }
    },
    ServerError  => sub { my ($heap, $operation, $errno) = @_[HEAP, ARG0, ARG1]; note($name => "$operation error $errno") },
    Disconnected => sub { note($name => 'is out, ', $_[HEAP]{server} ? 'with' : 'without', ' a wheel'); $_[KERNEL]->yield('shutdown') },
    InlineStates => { say => sub { $_[HEAP]{server}->put($_[ARG0]) } },
  );
}

visitor('Ann', sub {
  visitor('Bob', sub {
    visitor('Cid', sub { $poe_kernel->post(Cid => 'shutdown'); $poe_kernel->post(Ann => say => 'bye') }, 'name Cid', 'whisper Ann me too', 'whisper Dan are you there');
  }, 'name Bob', 'whisper Ann hi there', 'bye');
}, 'name Ann', 'dance');
POE::Kernel->run;
for my $who (sort keys %log) { print "$who: $_\n" for @{ $log{$who} } }
print "visits: @visits\n";
