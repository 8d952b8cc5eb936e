#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use Socket;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Line Filter::Stream Filter::Reference Filter::Block);

# Servers of many parts: states of three kinds, arguments, filters for either direction, who is let in, errors that do not end a connection, and messages from other sessions.

package Commands {
  sub new { bless { told => 0 }, shift }
  sub cmd_count { my ($self, $heap) = @_[0, POE::Session::HEAP()]; $heap->{client}->put('count ' . ++$self->{told}) }
  sub cmd_state { my ($self, $state, $heap, @args) = @_[0, POE::Session::STATE(), POE::Session::HEAP(), POE::Session::ARG0() .. $#_]; $heap->{client}->put("$state(@args) of " . ref $self) }
}
package Helpers {
  sub cmd_who { my ($class, $heap) = @_[0, POE::Session::HEAP()]; $heap->{client}->put("$class: " . join ', ', map { $_ // 'undef' } @{ $heap->{args} }) }
  sub renamed { $_[POE::Session::HEAP()]{client}->put('by another name') }
}
package main;

my (%port, @told, @connections);
my $refuse = 0;
my $commands = Commands->new;

POE::Component::Server::TCP->new(
  Alias    => 'parts', Address => '127.0.0.1', Port => 0, Concurrency => 1,
  ListenerArgs => [ 'listener', 1 ],
  Started  => sub { my ($heap, @args) = @_[HEAP, ARG0 .. $#_]; $port{parts} = (sockaddr_in($heap->{listener}->getsockname))[0]; print "started (@args), alias ", $_[KERNEL]->alias_resolve('parts') == $_[SESSION] ? 'set' : 'unset', "\n" },
  Stopped  => sub { print "listener stopped\n" },
  ClientArgs       => [ 'a', undef, 3 ],
  ClientPreConnect => sub { my ($heap, $socket, $args) = @_[HEAP, ARG0, ARG1]; print 'preconnect ', ref $socket ? 'socket' : 'none', ', ', ref $args, ' of ', scalar @$args, ', client ', $heap->{client} ? 'there' : 'not there', "\n"; $heap->{args} = $args; return $refuse-- > 0 ? undef : $socket },
  ClientConnected  => sub { my ($heap, @args) = @_[HEAP, ARG0 .. $#_]; print 'connected ', scalar @args, ', from ', $heap->{remote_ip}, ', port ', $heap->{remote_port} > 0 ? 'known' : 'unknown', "\n" },
  ClientInputFilter  => POE::Filter::Line->new(Literal => ';'),
  ClientOutputFilter => [ 'POE::Filter::Line', OutputLiteral => "!\n", InputLiteral => 'x' ],
  ClientInput => sub {
    my ($kernel, $session, $heap, $line) = @_[KERNEL, SESSION, HEAP, ARG0];
    print "input $line\n";
    my ($name, @args) = split ' ', $line;
    if ($name eq 'bye') { $heap->{client}->put('bye'); $kernel->yield('shutdown'); $heap->{client}->put('more') }
    elsif ($name eq 'later') { $kernel->delay(tick => 0.05, 2) }
    else { $kernel->call($session, "cmd_$name", @args) // 1; }
  },
  ClientFlushed      => sub { $_[HEAP]{flushed}++ },
  ClientDisconnected => sub { my $heap = $_[HEAP]; print 'disconnected, client ', $heap->{client} ? 'there' : 'gone', ', shutdown ', $heap->{shutdown} ? 1 : 0, ', error ', $heap->{got_an_error} ? 1 : 0, "\n"; $_[KERNEL]->post(conductor => 'next') },
  ClientError        => sub { my ($operation, $errno, $text) = @_[ARG0 .. ARG2]; print "error $operation $errno\n" },
  InlineStates  => { tick => sub { my ($kernel, $heap, $n) = @_[KERNEL, HEAP, ARG0]; $heap->{client}->put("tick $n"); $kernel->delay(tick => 0.05, $n - 1) if $n > 1 }, cmd_flushed => sub { $_[HEAP]{client}->put($_[HEAP]{flushed} ? 'flushed before' : 'never flushed') } },
  ObjectStates  => [ $commands => { cmd_count => 'cmd_count', cmd_first => 'cmd_state' }, $commands => ['cmd_state'] ],
  PackageStates => [ Helpers => ['cmd_who'], Helpers => { cmd_other => 'renamed' } ],
  SessionParams => [ options => { default => 1 } ],
);
POE::Component::Server::TCP->new(
  Alias => 'mild', Address => '127.0.0.1', Port => 0, ClientShutdownOnError => 0, ClientFilter => 'POE::Filter::Reference',
  Started => sub { $port{mild} = (sockaddr_in($_[HEAP]{listener}->getsockname))[0] },
  ClientConnected => sub { push @connections, $_[SESSION]->ID },
  ClientInput => sub {
    my ($kernel, $heap, $data) = @_[KERNEL, HEAP, ARG0];
    print 'data ', join(' ', @$data), "\n";
    $heap->{client}->put([ map { $_ * 2 } @$data ]);
  },
  ClientError => sub {
    my ($kernel, $heap, $operation, $errno) = @_[KERNEL, HEAP, ARG0, ARG1];
    print "mild error $operation $errno, client ", $heap->{client} ? 'there' : 'gone', ", shutdown ", $heap->{shutdown} || 0, ', on error ', $heap->{shutdown_on_error}, "\n";
    $kernel->delay(say_goodbye => 0.05);
  },
  ClientDisconnected => sub { print "mild disconnected\n"; $_[KERNEL]->post(conductor => 'next') },
  InlineStates => {
    say_goodbye => sub { print 'still there: ', $_[HEAP]{client} ? 'yes' : 'no', "\n"; $_[KERNEL]->yield('shutdown') },
    tell        => sub { $_[HEAP]{client}->put([ @_[ARG0 .. $#_] ]) },
  },
);

# A client that sends one text after the other, each when what it waits for has come, and tells what it has got at the end.
sub converse {
  my ($port, @script) = @_;
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port, Filter => 'POE::Filter::Stream',
    Connected    => sub { my $heap = $_[HEAP]; $heap->{got} = ''; my $first = shift @script; $heap->{server}->put($first->[0]) if $first; $heap->{until} = $first->[1]; },
    ServerInput  => sub {
      my ($kernel, $heap, $octets) = @_[KERNEL, HEAP, ARG0];
      $heap->{got} .= $octets;
      while (defined $heap->{until} and $heap->{got} =~ $heap->{until}) {
        my $next = shift @script;
        if (!$next) { delete $heap->{until}; $kernel->yield('shutdown') ; last }
        $heap->{until} = $next->[1];
        $heap->{server}->put($next->[0]);
      }
    },
    ServerError  => sub { },
    Disconnected => sub { my $got = $_[HEAP]{got}; $got =~ s/\n/|/g; push @told, "client got $got\n"; $_[KERNEL]->post(conductor => 'next') },
  );
}

my @plan = (
  [ 'states', 2, sub { converse($port{parts}, [ 'state x y;first;other', qr/first/ ], [ ';who;count;', qr/count 1/ ], [ 'flushed;later;', qr/tick 1/ ], [ 'bye;ignored;', qr/never/ ]) } ],
  [ 'refused', 1, sub { $refuse = 1; converse($port{parts}, [ 'count;', qr/never/ ]) } ],
  [ 'a client that goes', 2, sub { converse($port{parts}, [ 'count;nothing', qr/count/ ]) } ],
  [ 'one at a time', 4, sub { converse($port{parts}, [ 'who;count;', qr/count/ ], [ 'bye;', qr/never/ ]) for 1, 2 } ],
  [ 'a mild one', 2, sub {
    POE::Component::Client::TCP->new(
      RemoteAddress => '127.0.0.1', RemotePort => $port{mild}, Filter => 'POE::Filter::Reference', Alias => 'asker',
      Connected   => sub { $_[HEAP]{server}->put([ 1, 2 ], [3]) },
      ServerInput => sub {
        my ($kernel, $heap, $data) = @_[KERNEL, HEAP, ARG0];
        print 'answer ', join(' ', @$data), "\n";
        $kernel->post($connections[0], tell => 'from', 'afar') if $data->[0] eq 6;
        $kernel->yield('shutdown') if $data->[0] eq 'from';
      },
      Disconnected => sub { print "asker disconnected\n"; $_[KERNEL]->post(conductor => 'next') },
    );
  } ],
  [ 'the end', 0, sub { $poe_kernel->post($_ => 'shutdown') for qw(parts mild); $poe_kernel->delay(check => 0.1) } ],
);
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('conductor'); $_[KERNEL]->yield('next') },
    next   => sub {
      my $heap = $_[HEAP];
      return if $heap->{ends} and --$heap->{ends};
      print sort splice @told;
      my ($label, $ends, $code) = @{ shift @plan };
      $heap->{ends} = $ends;
      print "-- $label\n";
      $code->();
    },
    check => sub { my $kernel = $_[KERNEL]; print 'parts ', $kernel->alias_resolve('parts') ? 'there' : 'gone', ', mild ', $kernel->alias_resolve('mild') ? 'there' : 'gone', "\n" },
    _child => sub { },
  },
);
POE::Kernel->run;
