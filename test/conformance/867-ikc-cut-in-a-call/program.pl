#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;

pipe(my $port_in, my $port_out) or die "pipe: $!";
my $pid = open my $client, '-|';
die "fork: $!" unless defined $pid;
if (!$pid) { close $port_out; chomp(my $port = <$port_in>); run_client($port); exit 0 }
close $port_in;

# The connection ends while calls are under way, by one side and by the other, and a new one is made under the same name.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(echo slow cut_me cut_now sender_later count close)]);
      $_[KERNEL]->call(IKC => monitor => '*', { channel => 'channel', register => 'came', unregister => 'went', error => 'error' });
    },
    channel => sub { my ($heap, $name, $what, $id) = @_[HEAP, ARG1, ARG4, ARG5]; $heap->{channel} = $id if $what eq 'ready' and $name eq 'Client' },
    came => sub { print "came: $_[ARG1]\n" if $_[ARG1] eq 'Client' },
    went => sub { print "went: $_[ARG1]\n" if $_[ARG1] eq 'Client' },
    error => sub { my ($name, $op, $text) = @_[ARG1, ARG4, ARG5]; $text =~ s/\s+Request.*//s; $text =~ s/^\d+: //; print "error: $name $op $text\n" if $op !~ /^channel/ },
    echo => sub { my ($heap, $x) = @_[HEAP, ARG0]; $heap->{count}++; print "echo $x\n"; $x },
    slow => sub { my ($kernel, $args) = @_[KERNEL, ARG0]; $kernel->delay_set(slow_done => 0.6, @$args); return },
    slow_done => sub { my ($kernel, $x, $rsvp) = @_[KERNEL, ARG0, ARG1]; my $r = $kernel->call(IKC => post => $rsvp, $x); print "slow answer $x went to ", defined $r ? $r : 'undef', "\n" },
    # The answer of the handler that closes the channel.
    cut_me => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; $kernel->post($heap->{channel}, 'shutdown'); 'cut' },
    cut_now => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; $kernel->call($heap->{channel}, 'shutdown'); 'cut now' },
    sender_later => sub {
      my ($kernel, $sender, $what) = @_[KERNEL, SENDER, ARG0];
      $kernel->refcount_increment($sender->ID, 'desk');
      $kernel->delay_set(to_sender => 0.7, $sender->ID, $what);
      return;
    },
    to_sender => sub {
      my ($kernel, $sender, $what) = @_[KERNEL, ARG0, ARG1];
      print 'sender is there: ', ($kernel->ID_id_to_session($sender) ? 'yes' : 'no'), ', posted: ', ($kernel->post($sender, hear => $what) ? 'yes' : 'no'), "\n";
      print 'let go: ', $kernel->refcount_decrement($sender, 'desk'), "\n";
    },
    count => sub { $_[HEAP]{count} },
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
  my $desk = 'poe://Server/desk';
  my $call = sub { my ($kernel, $what, $x) = @_; $kernel->call(IKC => call => "$desk/$what", $x, { state => 'answer', args => "to $what" }) };
  my $connect;
  my @steps = (
    [ 'fine' => sub { $call->($_[0], echo => 1) } ],
    [ 'cut by a post of the server' => sub { $call->($_[0], echo => 2); $call->($_[0], cut_me => 1); $call->($_[0], echo => 3) }, 'lost' ],
    [ 'while it is down' => sub { my $r = $_[0]->call(IKC => post => "$desk/echo", 4); print 'posted to ', defined $r ? $r : 'undef', "\n"; $call->($_[0], echo => 5) } ],
    [ 'connected anew' => sub { $connect->() } ],
    [ 'fine' => sub { $call->($_[0], echo => 6) } ],
    [ 'cut by a call of the server' => sub { $call->($_[0], echo => 7); $call->($_[0], cut_now => 1) }, 'lost' ],
    [ 'connected anew' => sub { $connect->() } ],
    [ 'cut by me, behind a call' => sub { my ($kernel, $heap) = @_; $call->($_[0], echo => 8); $kernel->call($heap->{channel}, 'shutdown') }, 'lost' ],
    [ 'connected anew' => sub { $connect->() } ],
    [ 'slow answers and senders that are kept' => sub { my ($kernel, $heap) = @_; $kernel->call(IKC => post => "$desk/slow", [ 'parcel', 'poe://Client/me/hear' ]); $kernel->call(IKC => post => "$desk/sender_later", 'letter'); $kernel->delay_set(cut => 0.1) }, 'lost' ],
    [ 'connected anew, before the slow ones are through' => sub { $connect->() }, 1 ],
    [ 'and then' => sub { $call->($_[0], count => 1) } ],
    [ 'over' => sub { $_[0]->post(IKC => post => "$desk/close") }, 'lost' ],
  );
  $connect = sub { POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub { $poe_kernel->call(me => connected => $poe_kernel->get_active_session->ID) }) };
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel) = $_[KERNEL];
        $kernel->alias_set('me');
        POE::Component::IKC::Responder->spawn;
        $kernel->call(IKC => publish => me => [qw(hear)]);
        $kernel->call(IKC => monitor => '*', { error => 'error' });
        $kernel->call(IKC => monitor => Server => { unregister => 'gone' });
        $kernel->delay(step => 0.2);
        $connect->();
      },
      connected => sub { $_[HEAP]{channel} = $_[ARG0]; print "connected\n" },
      step => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        my $next = shift @steps;
        if (!$next) { $kernel->alias_remove('me'); $kernel->post(IKC => 'shutdown'); return }
        print "-- $next->[0]\n";
        $next->[1]->($kernel, $heap);
        my $wait = $next->[2] || 0.2;
        $kernel->delay(step => $wait) unless $wait eq 'lost';
      },
      cut => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; $kernel->call($heap->{channel}, 'shutdown') },
      gone => sub { print "gone\n"; $_[KERNEL]->delay(step => 0.05) },
      hear => sub { print "heard: $_[ARG0]\n"; return },
      answer => sub { print "answer: $_[ARG0] $_[ARG1]\n"; return },
      error => sub { my ($name, $op, $text) = @_[ARG1, ARG4, ARG5]; return if $op =~ /^channel/; $text =~ s/\s+Request.*//s; $text =~ s/^\d+: //; print "error: $name $op $text\n"; return },
    },
  );
  POE::Kernel->run;
  print "over\n";
}
