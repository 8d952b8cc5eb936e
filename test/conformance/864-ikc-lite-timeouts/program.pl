#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;
use POE::Component::IKC::ClientLite;

pipe(my $port_in, my $port_out) or die "pipe: $!";
my $pid = open my $client, '-|';
die "fork: $!" unless defined $pid;
if (!$pid) { close $port_out; chomp(my $port = <$port_in>); run_client($port); exit 0 }
close $port_in;

# ClientLite where nobody answers, where the answer comes late, where it is refused, and where the connection goes.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(never late echo tell context cut close)]);
      $_[KERNEL]->call(IKC => monitor => '*', { channel => 'channel' });
    },
    channel => sub { my ($heap, $name, $what, $id) = @_[HEAP, ARG1, ARG4, ARG5]; $heap->{channel} = $id if $what eq 'ready' and $name eq 'Lite' },
    never => sub { return },
    echo => sub { my ($value) = $_[ARG0]; $value },
    context => sub { wantarray ? (1, undef, 'list') : defined wantarray ? 'scalar' : 'void' },
    late => sub { my ($kernel, $args) = @_[KERNEL, ARG0]; $kernel->delay_set(is_late => 0.4, @$args); return },
    is_late => sub { my ($kernel, $what, $rsvp) = @_[KERNEL, ARG0, ARG1]; $kernel->post(IKC => post => $rsvp, "late $what"); return },
    tell => sub { my ($kernel, $sender, $event) = @_[KERNEL, SENDER, ARG0]; $kernel->post($sender, @$event); return },
    cut => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; $kernel->call($heap->{channel}, 'shutdown'); 'cut' },
    close => sub { $_[KERNEL]->alias_remove('desk'); $_[KERNEL]->post(IKC => 'shutdown'); return },
  },
);
print {$port_out} "$port\n";
close $port_out;
$SIG{__WARN__} = sub { };
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  my $lite = POE::Component::IKC::ClientLite->spawn(ip => '127.0.0.1', port => $port, name => 'Lite', timeout => 1, protocol => 'IKC') or die;
  my $said = sub {
    my ($what, @got) = @_;
    print "$what: ", scalar @got, ' ', join(' | ', map { !defined $_ ? 'undef' : ref $_ eq 'ARRAY' ? '[' . join(',', map { !defined $_ ? 'undef' : ref $_ ? "[@$_]" : $_ } @$_) . ']' : "'$_'" } @got), "\n";
  };
  my $failed = sub {
    $said->(@_);
    my $error = $lite->error;
    print '  ', ($error =~ /^(Timed out waiting for response)/ ? $1 : $error ? 'an error' : 'no error'), ', for all clients: ', ($error eq POE::Component::IKC::ClientLite::error() ? 'the same' : 'another'), "\n";
  };
  my $x;
  $said->('fine' => $x = $lite->call('desk/echo', 'one'));
  $said->('context, scalar' => $x = $lite->call('desk/context'));
  $said->('context, list' => $lite->call('desk/context'));
  $said->('an array, scalar' => $x = $lite->call('desk/echo', [ 1, 2 ]));
  $said->('an array, list' => $lite->call('desk/echo', [ 1, 2 ]));
  $said->('zero' => $x = $lite->call('desk/echo', 0));
  $said->('empty' => $x = $lite->call('desk/echo', ''));
  $said->('undef, list' => $lite->call('desk/echo', undef));
  $failed->('nothing, list' => $lite->call('desk/never', undef));
  $failed->('nothing' => $x = $lite->call('desk/never', 1));
  $said->('fine again' => $x = $lite->call('desk/echo', 'two'));
  $failed->('not published' => $x = $lite->call('desk/secret', 1));
  $failed->('no such session' => $x = $lite->call('nowhere/secret', 1));
  $said->('no such kernel' => $x = $lite->call('poe://Nobody/desk/echo', 1));
  $failed->('no answer' => $x = $lite->post_respond('desk/never', 'turn'));
  $failed->('post_respond that is not published' => $x = $lite->post_respond('desk/secret', 'turn'));
  $said->('late, but in time' => $x = $lite->post_respond('desk/late', 'parcel'));
  $lite->post('desk/tell', [ done => 2, 3 ]);
  $said->('responded' => $lite->responded('done'));
  $lite->post('desk/tell', [ done => 4, [ 5 ] ]);
  $said->('responded, scalar' => $x = $lite->responded('done'));
  $lite->post('desk/tell', ['done']);
  $said->('responded with nothing' => $lite->responded('done'));
  $lite->post('desk/tell', [ done => undef ]);
  $said->('responded with undef' => $lite->responded('done'));
  $failed->('responded by nobody' => $lite->responded('done'));
  $said->('after that' => $x = $lite->call('desk/echo', 'five'));
  $said->('cut' => $x = $lite->call('desk/cut', 1));
  $said->('ping' => $x = $lite->ping ? 'yes' : 'no');
  $said->('comes back' => $x = $lite->call('desk/echo', 'six'));
  $said->('ping' => $x = $lite->ping ? 'yes' : 'no');
  $said->('connect again' => $x = $lite->connect);
  $said->('post with nothing' => $x = $lite->post('desk/never'));
  $said->('close' => $x = $lite->post('desk/close'));
  sleep 1;
  $said->('ping' => $x = $lite->ping ? 'yes' : 'no');
  $failed->('call' => $x = $lite->call('desk/echo', 'seven'));
  print 'post: ', ($lite->post('desk/echo', 'eight') ? 'went' : 'lost'), "\n";
}
