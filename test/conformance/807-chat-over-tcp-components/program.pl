#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Line);
use Socket;
my $port;
my (%nick, %room);
sub say_room {
  my ($kernel, $room, $text, $except) = @_;
  for my $id (sort { $nick{$a} cmp $nick{$b} } keys %nick) {
    next if $room{$id} ne $room || (defined $except && $id == $except);
    $kernel->post($id => say => $text);
  }
}
POE::Component::Server::TCP->new(
  Alias => 'chat', Address => '127.0.0.1', Port => 0, ClientFilter => [ 'POE::Filter::Line', Literal => "\n" ],
  Concurrency => 2,
  Started => sub {
    ($port) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname);
    print "concurrency $_[HEAP]{concurrency} connections $_[HEAP]{connections}\n";
  },
  InlineStates => { say => sub { $_[HEAP]{client}->put($_[ARG0]) if $_[HEAP]{client} } },
  ClientConnected => sub { $_[HEAP]{client}->put('nick?') },
  ClientInput => sub {
    my ($kernel, $session, $heap, $line) = @_[KERNEL, SESSION, HEAP, ARG0];
    my $id = $session->ID;
    if (!exists $nick{$id}) { $nick{$id} = $line; $room{$id} = 'hall'; say_room($kernel, 'hall', "+$line"); return }
    if ($line =~ m{^/join (\w+)}) {
      say_room($kernel, $room{$id}, "-$nick{$id}", $id);
      $room{$id} = $1;
      say_room($kernel, $1, "+$nick{$id}");
    } elsif ($line eq '/quit') {
      $heap->{client}->put('bye');
      $kernel->yield('shutdown');
    } else {
      say_room($kernel, $room{$id}, "<$nick{$id}> $line");
    }
  },
  ClientDisconnected => sub {
    my $id = $_[SESSION]->ID;
    my $n = delete $nick{$id};
    my $r = delete $room{$id};
    say_room($_[KERNEL], $r, "-$n (gone)") if defined $n;
  },
);
my @heard;
sub client {
  my ($name) = @_;
  POE::Component::Client::TCP->new(
    Alias => $name, RemoteAddress => '127.0.0.1', RemotePort => $port,
    Filter => [ 'POE::Filter::Line', Literal => "\n" ],
    ServerInput => sub { push @heard, "$name: $_[ARG0]" },
    ServerError => sub { push @heard, "$name: error $_[ARG1]" },
    Disconnected => sub { push @heard, "$name: disconnected" },
    InlineStates => {
      send => sub { $_[HEAP]{connected} ? $_[HEAP]{server}->put($_[ARG0]) : push @heard, "$name: not connected" },
    },
  );
}
my @script = (
  sub { client($_) for qw(ann bob); client('cid') }, [ ann => "ann" ], [ bob => "bob" ], [ cid => "cid" ],
  [ ann => 'hello' ], [ bob => '/join den' ], [ bob => 'alone' ], [ ann => '/join den' ], [ ann => '/quit' ], sub { },
  [ cid => '/join den' ], [ bob => 'hi cid' ], sub { $poe_kernel->post(bob => 'shutdown') },
  sub { $poe_kernel->post(chat => 'shutdown') }, [ cid => 'still' ], [ cid => '/quit' ],
);
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->yield('step') },
  step => sub {
    print map { "  $_\n" } sort splice @heard;
    my $s = shift @script or return;
    if (ref $s eq 'CODE') { print "step\n"; $s->() } else {
      print "@$s\n";
      $_[KERNEL]->post($s->[0] => send => $s->[1]);
    }
    $_[KERNEL]->delay(step => 0.25);
  },
});
POE::Kernel->run;
print map { "  $_\n" } sort @heard;
