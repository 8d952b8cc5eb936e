#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Stream Filter::Block Filter::Line Filter::Reference);
use Socket;
my %port;
my @log;
sub server {
  my ($name, %arg) = @_;
  POE::Component::Server::TCP->new(
    Alias => $name, Address => '127.0.0.1', Port => 0,
    Started => sub { ($port{$name}) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
    ClientError => sub { push @log, "$name error $_[ARG0] $_[ARG1]" },
    ClientDisconnected => sub { push @log, "$name disconnected" },
    %arg,
  );
}
server(
  'line', ClientFilter => [ 'POE::Filter::Line', Literal => ';' ],
  ClientInput => sub { $_[HEAP]{client}->put("line:$_[ARG0]") },
);
server(
  'split', ClientInputFilter => 'POE::Filter::Line', ClientOutputFilter => [ 'POE::Filter::Block' ],
  ClientInput => sub { $_[HEAP]{client}->put("split:$_[ARG0]") },
);
server(
  'object', ClientFilter => POE::Filter::Block->new(BlockSize => 2),
  ClientInput => sub { $_[HEAP]{client}->put("<$_[ARG0]>") },
);
server(
  'closer',
  ClientInput => sub { $_[KERNEL]->yield('shutdown') if $_[ARG0] =~ m{^close} },
  ClientConnected => sub { $_[HEAP]{client}->put('hello ' . ++$_[HEAP]{seen}) },
);
sub one {
  my ($what, %arg) = @_;
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port{$what},
    ServerError => sub { push @log, "client $what error $_[ARG0] $_[ARG1]" },
    %arg,
  );
}
one(
  'line', Filter => [ 'POE::Filter::Line', Literal => ';' ],
  Connected => sub { $_[HEAP]{server}->put('a', 'b') },
  ServerInput => sub { push @log, "line got $_[ARG0]"; $_[KERNEL]->yield('shutdown') if ++$_[HEAP]{n} == 2 },
);
one(
  'split', Filter => 'POE::Filter::Stream',
  Connected => sub { $_[HEAP]{server}->put("q\n") },
  ServerInput => sub { push @log, 'split got ' . $_[ARG0] =~ s/\0/~/r; $_[KERNEL]->yield('shutdown') },
);
one(
  'object', Filter => POE::Filter::Stream->new,
  Connected => sub { $_[HEAP]{server}->put('abcde') },
  ServerInput => sub {
    $_[HEAP]{all} .= $_[ARG0];
    if (length $_[HEAP]{all} == 8) { push @log, "object got $_[HEAP]{all}"; $_[KERNEL]->yield('shutdown') }
  },
);
one(
  'closer',
  Connected => sub {
    push @log, 'connected ' . ++$_[HEAP]{times};
    $_[HEAP]{server}->put("close;\n");
    $_[KERNEL]->delay(shutdown => 0.2) if $_[HEAP]{times} > 4;
  },
  ServerInput => sub { push @log, "closer got $_[ARG0]" },
  Disconnected => sub {
    push @log, 'closer disconnected';
    if ($_[HEAP]{times} < 3) {
      $_[KERNEL]->delay(reconnect => 0.05);
    } elsif ($_[HEAP]{times} == 3) {
      $_[HEAP]{times}++;
      $_[KERNEL]->yield(connect => '127.0.0.1', $port{line});
    }
  },
  ConnectError => sub { push @log, "connect error $_[ARG0]" },
);
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->delay(end => 1) },
  end => sub {
    $_[KERNEL]->post($_ => 'shutdown') for qw(line split object closer);
    POE::Component::Client::TCP->new(
      RemoteAddress => '127.0.0.1', RemotePort => 1,
      ServerInput => sub {},
      ConnectError => sub {
        my ($op, $e, $t) = @_[ARG0 .. ARG2];
        push @log, "refused $op [$t] " . ($_[HEAP]{connected} ? 1 : 0);
        if (!$_[HEAP]{tries}++) { $_[KERNEL]->yield('reconnect') } else { $_[KERNEL]->yield('shutdown') }
      },
      Disconnected => sub { push @log, 'never' },
    );
  },
});
POE::Kernel->run;
print "$_\n" for sort @log;
