#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Filter::Line Filter::Block);
use Socket;
package Helper;
use POE::Session;
sub new { bless { n => 0 }, shift }
sub count {
  my ($self, $heap, $n) = @_[OBJECT, HEAP, ARG0];
  $self->{n} += $n;
  $heap->{client}->put("count $self->{n}");
}
sub on_help { $_[HEAP]{client}->put("help from $_[OBJECT]") }
package main;
my @log;
my $helper = Helper->new;
my $port;
POE::Component::Server::TCP->new(
  Alias => 'srv', Address => '127.0.0.1', Port => 0, ListenerArgs => [ 'la', 2 ],
  ClientArgs => [ { name => 'shared' }, 'x' ],
  Started => sub {
    my ($heap, @a) = @_[HEAP, ARG0 .. $#_];
    print "started @a alias $heap->{alias}\n";
    ($port) = unpack_sockaddr_in($heap->{listener}->getsockname);
    $heap->{mine} = 1;
  },
  Stopped => sub { print "stopped\n" },
  InlineStates => { later => sub { $_[HEAP]{client}->put("later $_[ARG0]"); } },
  ObjectStates => [ $helper => [ 'count' ] ], PackageStates => [ Helper => { help => 'on_help' } ],
  ClientConnected => sub {
    my ($heap, @a) = @_[HEAP, ARG0 .. $#_];
    $heap->{client}->put("hi $a[0]{name} $a[1] " . @a . " $heap->{remote_ip} " . ($heap->{remote_port} > 0 ? 1 : 0));
  },
  ClientInput => sub {
    my ($kernel, $heap, $line) = @_[KERNEL, HEAP, ARG0];
    if ($line =~ /^count (\d+)/) {
      $kernel->yield(count => $1);
    } elsif ($line eq 'help') {
      $kernel->yield('help');
    } elsif ($line eq 'later') {
      $kernel->delay_set(later => 0.1, 'arg');
    } elsif ($line eq 'quit') {
      $heap->{client}->put('bye');
      $kernel->yield('shutdown');
      $heap->{client}->put('really');
    } else {
      $heap->{client}->put("what? $line shutdown=" . ($heap->{shutdown} ? 1 : 0) . ' on_error=' . ($heap->{shutdown_on_error} ? 1 : 0));
    }
  },
  ClientFlushed => sub { push @log, 'server flushed' },
  ClientDisconnected => sub {
    push @log, 'server disconnected ' . (defined $_[HEAP]{client} ? 'client there' : 'client gone') . ' ' . ($_[HEAP]{got_an_error} ? 'error' : 'no error');
  },
);
my @say = ('count 2', 'help', 'nonsense', 'later', 'count 5', 'quit');
POE::Component::Client::TCP->new(
  RemoteAddress => '127.0.0.1', RemotePort => $port, Args => [ 'ca', 'cb' ], Alias => 'cli',
  Started => sub {
    my @a = @_[ARG0 .. $#_];
    print "client started @a connected=", ($_[HEAP]{connected} ? 1 : 0), "\n";
  },
  Connected => sub {
    my ($heap, $sock, $addr, $p) = @_[HEAP, ARG0 .. ARG2];
    print 'connected ', ($addr =~ /^[\d.]+$/ ? $addr : inet_ntoa($addr)), ' ', ($p == $port ? 1 : 0), ' ', ref $heap->{server}, " $heap->{connected}\n";
  },
  ServerInput => sub {
    my ($kernel, $heap, $line) = @_[KERNEL, HEAP, ARG0];
    print "got: $line\n";
    if (my $next = shift @say) { $heap->{server}->put($next) }
  },
  ServerError => sub { print "client error $_[ARG0] $_[ARG1]\n" },
  Disconnected => sub {
    print 'disconnected ', (defined $_[HEAP]{server} ? 'there' : 'gone'), " connected=$_[HEAP]{connected}\n";
    $_[KERNEL]->post(srv => 'shutdown');
    $_[KERNEL]->delay(fin => 0.1);
  },
  InlineStates => { fin => sub { print 'fin alias ', (join(',', $_[KERNEL]->alias_list) || 'none'), "\n"; } },
);
POE::Kernel->run;
print "$_\n" for @log;
