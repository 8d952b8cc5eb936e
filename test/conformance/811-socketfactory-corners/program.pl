#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::SocketFactory Wheel::ReadWrite);
use Socket;
use Errno qw(:POSIX);
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
my %errno = map { my $n = $_; no strict 'refs'; (&{"Errno::$n"}() => $n) } qw(ECONNREFUSED ENOENT EADDRINUSE EADDRNOTAVAIL EPROTONOSUPPORT);
my @log;
sub say_error { my ($what, $op, $errno, $text, $ok) = @_; push @log, "$what: $op " . ($errno{$errno} || ($errno ? 'other' : 0)) . ($ok ? '' : ' WRONG ID') }
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    $h->{listener} = POE::Wheel::SocketFactory->new(
      BindAddress => '127.0.0.1', BindPort => 0, SuccessEvent => 'accepted', FailureEvent => 'failed', ListenQueue => 5, Reuse => 'on',
    );
    my ($port, $addr) = unpack_sockaddr_in($h->{listener}->getsockname);
    $h->{port} = $port;
    print "listener address ", inet_ntoa($addr), ", port ", ($port > 0 ? 'known' : 'unknown'), "\n";
    print "ID is a number: ", ($h->{listener}->ID =~ /^\d+$/ ? 'yes' : 'no'), "\n";
    # a free port to bind to
    my $probe = POE::Wheel::SocketFactory->new(BindAddress => '127.0.0.1', SuccessEvent => 'x', FailureEvent => 'y');
    ($h->{free}) = unpack_sockaddr_in($probe->getsockname);
    undef $probe;
    $k->yield('connect');
  },
  connect => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    $h->{bound} = POE::Wheel::SocketFactory->new(
      RemoteAddress => '127.0.0.1', RemotePort => $h->{port}, BindAddress => '127.0.0.1', BindPort => $h->{free}, Reuse => 'yes',
      SuccessEvent => 'connected', FailureEvent => 'failed',
    );
  },
  accepted => sub {
    my ($h, $socket, $addr, $port, $id) = @_[HEAP, ARG0 .. ARG3];
    push @log, "accepted from " . inet_ntoa($addr) . ", port " . ($port == $h->{free} ? 'as bound' : 'another') .
      ", id " . ($id == $h->{listener}->ID ? 'ok' : 'wrong');
    $h->{server} = POE::Wheel::ReadWrite->new(Handle => $socket, InputEvent => 'line', ErrorEvent => 'gone');
    my ($p) = unpack_sockaddr_in(getsockname $h->{server}->get_input_handle);
    push @log, "local port " . ($p == $h->{port} ? 'same' : 'another');
  },
  connected => sub {
    my ($k, $h, $socket, $addr, $port, $id) = @_[KERNEL, HEAP, ARG0 .. ARG3];
    push @log, "connected to " . inet_ntoa($addr) . ", port " . ($port == $h->{port} ? 'ok' : 'wrong') . ", id " . ($id == $h->{bound}->ID ? 'ok' : 'wrong');
    push @log, "getsockname of the connector now: " . (defined $h->{bound}->getsockname ? 'defined' : 'undef');
    delete $h->{bound};
    $h->{client} = POE::Wheel::ReadWrite->new(Handle => $socket, InputEvent => 'line', ErrorEvent => 'gone');
    $h->{client}->put('hello');
  },
  line => sub {
    my ($k, $h, $line, $id) = @_[KERNEL, HEAP, ARG0, ARG1];
    my $who = $id == $h->{server}->ID ? 'server' : 'client';
    push @log, "$who got $line";
    if ($who eq 'server') { $h->{server}->put("you said $line") }
    else { delete $h->{client} }
  },
  gone => sub {
    my ($k, $h, $op, $errno) = @_[KERNEL, HEAP, ARG0, ARG1];
    push @log, "server side ends: $op $errno";
    delete $h->{server};
    delete $h->{listener};
    print "$_\n" for sort @log; @log = ();
    $k->yield('errors');
  },
  errors => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    my @e = (SuccessEvent => 'unexpected', FailureEvent => 'failed');
    my $n = 0;
    my $make = sub { my ($what, @p) = @_; my $w = POE::Wheel::SocketFactory->new(@e, @p); $h->{what}{$w->ID} = $what; $h->{w}{$w->ID} = $w; };
    $make->('refused', RemoteAddress => '127.0.0.1', RemotePort => $h->{free});
    $make->('refused by name', RemoteAddress => 'localhost', RemotePort => $h->{free});
    $make->('service', RemoteAddress => '127.0.0.1', RemotePort => 'no-such-service');
    $make->('bind service', BindAddress => '127.0.0.1', BindPort => 'no-such-service');
    $make->('no unix', SocketDomain => AF_UNIX, RemoteAddress => "$dir/none");
    $make->('foreign address', BindAddress => '192.0.2.1', BindPort => 0);
    $make->('protocol', SocketProtocol => 'no-such-protocol', BindPort => 0);
    $make->('type', SocketProtocol => 'tcp', SocketType => SOCK_DGRAM, BindPort => 0);
    $make->('renamed', RemoteAddress => '127.0.0.1', RemotePort => $h->{free});
    my ($id) = grep { $h->{what}{$_} eq 'renamed' } keys %{ $h->{what} };
    $h->{w}{$id}->event(FailureEvent => 'failed_otherwise');
    $make->('dropped', RemoteAddress => '127.0.0.1', RemotePort => $h->{free});
    ($id) = grep { $h->{what}{$_} eq 'dropped' } keys %{ $h->{what} };
    delete $h->{w}{$id};
    print "all made\n";
    $k->delay(report => 0.5);
  },
  failed => sub { my ($h, $op, $errno, $text, $id) = @_[HEAP, ARG0 .. ARG3]; say_error($h->{what}{$id}, $op, $errno, $text, exists $h->{w}{$id}); delete $h->{w}{$id} },
  failed_otherwise => sub { my ($h, $op, $errno, $text, $id) = @_[HEAP, ARG0 .. ARG3]; say_error("other event, $h->{what}{$id}", $op, $errno, $text, 1); delete $h->{w}{$id} },
  unexpected => sub { print "unexpected\n" },
  report => sub { print "$_\n" for sort @log; print "left: ", scalar(keys %{ $_[HEAP]{w} }), "\n" },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
for ([ 'no success', FailureEvent => 'f' ], [ 'no failure', SuccessEvent => 's' ], [ 'no port', SuccessEvent => 's', FailureEvent => 'f', RemoteAddress => 'localhost' ]) {
  my ($what, @p) = @$_;
  print "$what: ", (eval { POE::Wheel::SocketFactory->new(@p); 1 } ? 'made' : 'dies'), "\n";
}
