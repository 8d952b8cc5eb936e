#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use Socket;
use File::Temp qw(tempdir);
use POSIX ();
use POE qw(Wheel::SocketFactory Wheel::ReadWrite Filter::Line);

# Several listeners and connectors of one session: told apart by their IDs, events exchanged while clients wait, and every way to fail with its words.

my $dir = tempdir(CLEANUP => 1);
my %errno = map { my $n = POSIX->can($_)->(); ($n => $_) } qw(EADDRINUSE ECONNREFUSED ENOENT EADDRNOTAVAIL EACCES EINVAL ENOTSOCK);
sub name { $errno{ $_[0] } || $_[0] }
sub line { POE::Filter::Line->new(Literal => "\n") }
sub where { my $w = shift; my $n = $w->getsockname; return 'nowhere' unless $n; sockaddr_family($n) == AF_UNIX ? (unpack_sockaddr_un($n))[0] =~ s/.*\///r : inet_ntoa((sockaddr_in($n))[1]) . ((sockaddr_in($n))[0] ? ' with a port' : ' without a port') }
sub port { (sockaddr_in($_[0]->getsockname))[0] }

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      $kernel->alias_set('switchboard');
      my %events = (SuccessEvent => 'accepted', FailureEvent => 'failed');
      $heap->{w}{one}  = POE::Wheel::SocketFactory->new(BindAddress => '127.0.0.1', BindPort => 0, ListenQueue => 3, Reuse => 1, %events);
      $heap->{w}{two}  = POE::Wheel::SocketFactory->new(BindAddress => INADDR_LOOPBACK, BindPort => 0, SocketDomain => AF_INET, SocketType => SOCK_STREAM, SocketProtocol => 'tcp', %events);
      $heap->{w}{unix} = POE::Wheel::SocketFactory->new(SocketDomain => AF_UNIX, BindAddress => "$dir/sock", ListenQueue => 2, %events);
      $heap->{name}{ $heap->{w}{$_}->ID } = $_ for keys %{ $heap->{w} };
      print "$_ listens at ", where($heap->{w}{$_}), "\n" for sort keys %{ $heap->{w} };
      $kernel->yield('connect', 'one');
    },
    connect => sub {
      my ($heap, $to) = @_[HEAP, ARG0];
      my $w = $heap->{w}{"to $to"} = POE::Wheel::SocketFactory->new(
        $to eq 'unix' ? (SocketDomain => AF_UNIX, RemoteAddress => "$dir/sock") : (RemoteAddress => '127.0.0.1', RemotePort => port($heap->{w}{$to})),
        SuccessEvent => 'connected', FailureEvent => 'failed',
      );
      $heap->{name}{ $w->ID } = "to $to";
      print "connecting to $to\n";
    },
    connected => sub {
      my ($kernel, $heap, $socket, $address, $port, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
      my $name = $heap->{name}{$id};
      print "$name: ", $name eq 'to unix' ? $address =~ s/.*\///r . ', ' . ($port // 'undef') : inet_ntoa($address) . ($port == port($heap->{w}{ $name =~ s/to //r }) ? ', its port' : ', another port'), "\n";
      push @{ $heap->{log} }, $name;
      delete $heap->{w}{$name};
      my $rw = POE::Wheel::ReadWrite->new(Handle => $socket, Filter => line(), InputEvent => 'answer', ErrorEvent => 'gone');
      $heap->{client}{ $rw->ID } = $rw;
      $rw->put("hello from $name");
    },
    accepted => sub {
      my ($kernel, $heap, $socket, $address, $port, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
      my $name = $heap->{name}{$id};
      $heap->{accepted} = join '', "$name accepts, ", defined $address && length $address ? inet_ntoa($address) : 'no address', ', ', defined $port && $port ? 'a port' : 'no port', "\n";
      my $rw = POE::Wheel::ReadWrite->new(Handle => $socket, Filter => line(), InputEvent => 'request', ErrorEvent => 'gone');
      $heap->{client}{ $rw->ID } = $rw;
    },
    request => sub {
      my ($heap, $line, $id) = @_[HEAP, ARG0, ARG1];
      print $heap->{accepted};
      $heap->{client}{$id}->put("you said: $line");
    },
    answer => sub {
      my ($kernel, $heap, $line, $id) = @_[KERNEL, HEAP, ARG0, ARG1];
      print "$line\n";
      delete $heap->{client}{$id};
    },
    gone => sub {
      my ($kernel, $heap, $operation, $errno, $text, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
      print "gone: $operation $errno '$text'\n";
      delete $heap->{client}{$id};
      my $next = { 1 => 'two', 2 => 'unix' }->{ ++$heap->{gone} };
      $kernel->yield($next ? ('connect', $next) : $heap->{gone} == 3 ? 'pause' : 'resumed') if $heap->{gone} <= 4;
      $kernel->yield('failures') if $heap->{gone} == 5;
    },
    pause => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      $heap->{w}{one}->event(SuccessEvent => 'late');
      $heap->{w}{one}->pause_accept;
      $kernel->yield('connect', 'one');
      $kernel->delay(resume => 0.2);
    },
    resume => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      print 'resuming, ', $heap->{client} && keys %{ $heap->{client} } ? 'a client waits' : 'nobody waits', "\n";
      $heap->{w}{one}->resume_accept;
    },
    late => sub {
      my ($heap, $socket, $id) = @_[HEAP, ARG0, ARG3];
      $heap->{accepted} = "late: $heap->{name}{$id}\n";
      my $rw = POE::Wheel::ReadWrite->new(Handle => $socket, Filter => line(), InputEvent => 'request', ErrorEvent => 'gone');
      $heap->{client}{ $rw->ID } = $rw;
    },
    resumed => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      $heap->{w}{one}->event(SuccessEvent => 'accepted');
      $kernel->yield('connect', 'one');
    },
    failures => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my $port = port($heap->{w}{one});
      my @unix = (SocketDomain => AF_UNIX);
      open my $f, '>', "$dir/file" or die;
      my $free = POE::Wheel::SocketFactory->new(BindAddress => '127.0.0.1', BindPort => 0, SuccessEvent => 'never', FailureEvent => 'failed');
      my $closed = port($free);
      undef $free;
      my @tries = (
        [ 'port in use',       BindAddress => '127.0.0.1', BindPort => $port, Reuse => 'yes' ],
        [ 'path in use',       @unix, BindAddress => "$dir/sock" ],
        [ 'no such directory', @unix, BindAddress => "$dir/none/sock" ],
        [ 'not our address',   BindAddress => '192.0.2.1', BindPort => 0 ],
        [ 'nobody listens',    RemoteAddress => '127.0.0.1', RemotePort => $closed ],
        [ 'no such path',      @unix, RemoteAddress => "$dir/none" ],
        [ 'no socket',         @unix, RemoteAddress => "$dir/file" ],
        [ 'from not ours',     BindAddress => '192.0.2.1', RemoteAddress => '127.0.0.1', RemotePort => $port ],
        [ 'no such service',   RemoteAddress => '127.0.0.1', RemotePort => 'no-such-service' ],
        [ 'no such bind name', BindAddress => '127.0.0.1', BindPort => 'no-such-service' ],
      );
      $heap->{tries} = \@tries;
      $kernel->yield('try');
    },
    try => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my $try = shift @{ $heap->{tries} };
      return $kernel->yield('datagrams') unless $try;
      my ($label, @params) = @$try;
      my $w = eval { POE::Wheel::SocketFactory->new(@params, SuccessEvent => 'never', FailureEvent => 'failed') };
      if (!$w) { print "$label: dies\n"; return $kernel->yield('try') }
      $heap->{w}{try} = $w;
      $heap->{name}{ $w->ID } = $label;
    },
    failed => sub {
      my ($kernel, $heap, $operation, $errno, $text, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
      print "$heap->{name}{$id} failed: $operation", $operation =~ /^get/ ? '' : ' ' . name($errno) . " '$text'", "\n";
      delete $heap->{w}{try};
      $kernel->yield('try');
    },
    never => sub { print "never\n" },
    datagrams => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      delete @{ $heap->{w} }{qw(one two unix)};
      print 'the path is ', -S "$dir/sock" ? 'there' : 'gone', "\n";
      $heap->{w}{udp} = POE::Wheel::SocketFactory->new(SocketProtocol => 'udp', BindAddress => '127.0.0.1', BindPort => 0, SuccessEvent => 'server_ready', FailureEvent => 'failed');
      print 'udp at ', where($heap->{w}{udp}), "\n";
    },
    server_ready => sub {
      my ($kernel, $heap, $socket, $address, $port, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
      print 'server ready, ', defined $address ? 'address' : 'no address', ', ', defined $port ? 'port' : 'no port', ', ', $id == $heap->{w}{udp}->ID ? 'its ID' : 'another ID', "\n";
      $heap->{server} = $socket;
      my ($mine) = sockaddr_in(getsockname $socket);
      $kernel->select_read($socket, 'datagram');
      $heap->{w}{udp_client} = POE::Wheel::SocketFactory->new(SocketProtocol => 'udp', RemoteAddress => '127.0.0.1', RemotePort => $mine, SuccessEvent => 'client_ready', FailureEvent => 'failed');
    },
    client_ready => sub {
      my ($kernel, $heap, $socket, $address, $port) = @_[KERNEL, HEAP, ARG0 .. ARG2];
      print 'client ready, ', inet_ntoa($address), ', ', $port == (sockaddr_in(getsockname $heap->{server}))[0] ? 'the port of the server' : 'another port', "\n";
      $heap->{sender} = $socket;
      $kernel->select_read($socket, 'reply');
      send $socket, "datagram $_", 0 for 1 .. 3;
    },
    datagram => sub {
      my ($kernel, $heap, $socket) = @_[KERNEL, HEAP, ARG0];
      my $from = recv($socket, my $text = '', 9, 0);
      print "server got '$text' from ", inet_ntoa((sockaddr_in($from))[1]), "\n";
      send $socket, ++$heap->{datagrams}, 0, $from;
    },
    reply => sub {
      my ($kernel, $heap, $socket) = @_[KERNEL, HEAP, ARG0];
      recv($socket, my $text = '', 100, 0);
      $heap->{replies} .= $text;
      return if length $heap->{replies} < 3;
      print "replies $heap->{replies}\n";
      $kernel->select_read($_) for delete @$heap{qw(server sender)};
      delete $heap->{w};
      $kernel->alias_remove('switchboard');
    },
    _stop => sub { print "stopped\n" },
  },
);
POE::Kernel->run;
