#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Line Filter::Reference Wheel::SocketFactory Wheel::ReadWrite);
use Socket;
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
my $path = "$dir/socket";
my @log;
POE::Component::Server::TCP->new(
  Alias => 'local', Domain => AF_UNIX, Address => $path,
  ClientFilter => 'POE::Filter::Reference',
  Started => sub { push @log, 'started, path ' . (-S $path ? 'there' : 'missing') . ', getsockname ' . (unpack_sockaddr_un($_[HEAP]{listener}->getsockname) eq $path ? 'ok' : 'wrong') },
  ClientConnected => sub { my $h = $_[HEAP]; push @log, "connected from $h->{remote_ip}, port " . (defined $h->{remote_port} ? 'defined' : 'undef'); $h->{client}->put({ hello => 'world', list => [ 1 .. 3 ] }) },
  ClientInput => sub {
    my ($k, $h, $data) = @_[KERNEL, HEAP, ARG0];
    push @log, 'server got ' . join ',', map { "$_=$data->{$_}" } sort keys %$data;
    $h->{client}->put([ 'sum', $data->{a} + $data->{b} ]);
    $k->yield('shutdown');
  },
  ClientDisconnected => sub { push @log, 'gone'; $_[KERNEL]->post(local => 'shutdown') },
  Stopped => sub { push @log, 'stopped' },
);
POE::Component::Client::TCP->new(
  Domain => AF_UNIX, RemoteAddress => $path, RemotePort => 0,
  Filter => [ 'POE::Filter::Reference' ],
  Connected => sub { my ($s, $address, $port) = @_[ARG0 .. ARG2]; push @log, 'client connected, address ' . (defined $address && $address eq $path ? 'the path' : 'another') . ', port ' . (defined $port ? 'defined' : 'undef') },
  ServerInput => sub {
    my ($k, $h, $data) = @_[KERNEL, HEAP, ARG0];
    if (ref $data eq 'HASH') { push @log, "client got $data->{hello} @{ $data->{list} }"; $h->{server}->put({ a => 1, b => 41 }) }
    else { push @log, "client got @$data" }
  },
  ServerError => sub { push @log, "client error $_[ARG0] $_[ARG1]" },
  Disconnected => sub { push @log, 'client disconnected'; },
);
POE::Kernel->run;
print "$_\n" for sort @log;
print 'path ', (-e $path ? 'still there' : 'removed'), "\n";
