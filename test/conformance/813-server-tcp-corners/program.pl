#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Component::Server::TCP Component::Client::TCP Wheel::ReadWrite Filter::Line);
use Socket;
my (%port, @log);
sub note { push @log, "@_" }
# the creator hears of its children
POE::Session->create(inline_states => {
  _start => sub {
    my ($kernel, $heap, $session) = @_[KERNEL, HEAP, SESSION];
    $kernel->alias_set('main');
    my $id = POE::Component::Server::TCP->new(
      Alias => 'numbers', Address => '127.0.0.1', Port => 0,
      ListenerArgs => [ 'x', 'y' ],
      Started => sub {
        my ($k, $h, $s) = @_[KERNEL, HEAP, SESSION];
        ($port{numbers}) = unpack_sockaddr_in($h->{listener}->getsockname);
        print "started with @_[ARG0 .. $#_], alias $h->{alias}, connections $h->{connections}, concurrency $h->{concurrency}\n";
        return 'value of Started';
      },
      Stopped => sub { note 'server stopped, alias left: ' . ($_[HEAP]{alias} || 'none'); return 'nobody sees this' },
      ClientArgs => [ 10, [ 1, 2 ] ],
      ClientConnected => sub {
        my ($k, $h, $s) = @_[KERNEL, HEAP, SESSION];
        $h->{base} = $_[ARG0];
        note "connected, args $_[ARG0] @{ $_[ARG1] }, heap: " . join ' ', map { "$_=" . (ref $h->{$_} ? ref $h->{$_} : $_ eq 'remote_port' ? 'N' : $h->{$_}) } sort keys %$h;
        note 'sender is ' . ($_[SENDER] == $s ? 'itself' : $_[SENDER]->isa('POE::Kernel') ? 'kernel' : 'another') . ", state $_[STATE]";
        $h->{client}->put($_[ARG0]);
        $k->alias_set('connection ' . $s->ID);
        $k->post(main => child_here => $s->ID);
      },
      ClientInput => sub {
        my ($k, $h, $input, $wid) = @_[KERNEL, HEAP, ARG0, ARG1];
        note "input $input in state $_[STATE], wheel " . ($wid == $h->{client}->ID ? 'ok' : 'wrong');
        if ($input eq 'half') { $_[HEAP]{client}->put('one'); $k->yield('shutdown'); $_[HEAP]{client}->put('two'); return }
        $h->{client}->put($input + $h->{base});
        $h->{client}->put($input * 1.5);
      },
      ClientFlushed => sub { note 'flushed, shutdown ' . $_[HEAP]{shutdown} },
      ClientDisconnected => sub { note 'disconnected in state ' . $_[STATE] . ', client still there: ' . (defined $_[HEAP]{client} ? 'yes' : 'no') },
      ClientError => sub { note "client error $_[ARG0] $_[ARG1]" },
      InlineStates => {
        from_outside => sub { my ($h, $text) = @_[HEAP, ARG0]; note "from outside: $text"; $h->{client}->put($text) },
        _default => sub { my ($event, $args) = @_[ARG0, ARG1]; note "default $event @$args" if $event !~ /^_/; return },
      },
    );
    print 'new returned ', ($kernel->alias_resolve('numbers')->ID == $id ? 'the ID of the server' : 'something else'), "\n";
  },
  _child => sub {
    my ($what, $child, $value) = @_[ARG0 .. ARG2];
    print "_child $what ", (defined $value ? $value : 'undef'), "\n";
    $_[KERNEL]->yield('client') if $what eq 'create' && defined $value && $value eq 'value of Started';
  },
  child_here => sub {
    my ($k, $id) = @_[KERNEL, ARG0];
    note 'connection has alias: ' . (defined $k->alias_resolve("connection $id") ? 'yes' : 'no');
    $k->post($id => from_outside => 'hello from main');
    $k->post($id => no_such_event => 1, 2);
  },
  client => sub {
    POE::Component::Client::TCP->new(
      Alias => 'client', RemoteAddress => '127.0.0.1', RemotePort => $port{numbers},
      Args => [ 'a', 'b' ],
      Started => sub { note "client started with @_[ARG0 .. $#_]" },
      Connected => sub { my ($socket, $addr, $port) = @_[ARG0 .. ARG2]; note 'client connected to ' . inet_ntoa($addr) . ', port ' . ($port == $port{numbers} ? 'ok' : 'wrong') },
      ServerInput => sub {
        my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0];
        note "client got $l";
        if ($l eq 'hello from main') { $h->{server}->put(4) }
        elsif ($l eq '6') { $h->{server}->put('half') }
      },
      Disconnected => sub { note 'client disconnected, connected ' . $_[HEAP]{connected} . ', server ' . (defined $_[HEAP]{server} ? 'there' : 'gone') },
      ServerError => sub { note "server error $_[ARG0] $_[ARG1]"; $_[KERNEL]->post(main => 'finish') },
    );
    return;
  },
  finish => sub { my $k = $_[KERNEL]; $k->delay(finish2 => 0.2) },
  finish2 => sub { my $k = $_[KERNEL]; $k->call(numbers => 'shutdown'); print 'alias of the server: ', (defined $k->alias_resolve('numbers') ? 'there' : 'gone'), "\n"; $k->alias_remove('main') },
  _stop => sub { print "main stops\n" },
});
POE::Kernel->run;
print "$_\n" for sort @log;
