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

# Subscribing to single events, to what is not granted, to a session that is yet to come, and anew after the end.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(note open close)]);
      $_[KERNEL]->call(IKC => publish => late => ['note']);
    },
    note => sub { print "desk notes @_[ARG0 .. $#_]\n"; return },
    hidden => sub { print "must not be reached\n"; return },
    open => sub {
      POE::Session->create(inline_states => {
        _start => sub { $_[KERNEL]->alias_set('late') },
        note => sub { print "late notes @_[ARG0 .. $#_]\n"; $_[KERNEL]->alias_remove('late'); return },
      });
      return;
    },
    close => sub { $_[KERNEL]->alias_remove('desk'); $_[KERNEL]->post(IKC => 'shutdown'); return },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my ($port) = @_;
  my @steps = (
    sub { $_[0]->call(IKC => subscribe => [ 'poe://Server/desk/note' ], 'granted') },
    sub { $_[0]->call(IKC => subscribe => [ 'poe://Server/desk/hidden', 'poe://Server/late' ], 'granted') },
    sub { print 'posted ', ($_[0]->post(desk => note => 1, 'a') ? 'yes' : 'no'), "\n" },
    sub { $_[0]->post(desk => hidden => 2) },
    sub { $_[0]->post('poe://Server/late', note => 3) },
    sub { $_[0]->post('poe://Server/desk', 'open') },
    sub { $_[0]->post(late => note => 4, 'b') },
    sub { $_[0]->call(IKC => subscribe => 'poe://Server/desk', 'granted') },
    sub { $_[0]->call(IKC => unsubscribe => 'poe://Server/desk') },
    sub { print 'posted ', ($_[0]->post(desk => note => 5) ? 'yes' : 'no'), "\n" },
    sub { $_[0]->call(IKC => subscribe => [ 'poe://Server/desk/close' ], 'granted') },
    sub { $_[0]->post(desk => note => 6) },
    sub { $_[0]->post(desk => 'close') },
  );
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel) = $_[KERNEL];
        $kernel->alias_set('visitor');
        POE::Component::IKC::Responder->spawn;
        $kernel->call(IKC => monitor => Server => { subscribe => 'subscribed', unsubscribe => 'unsubscribed', unregister => 'gone' });
        $kernel->call(IKC => monitor => '*' => { error => 'error' });
        POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub { $poe_kernel->post(visitor => 'step') });
      },
      step => sub {
        my ($kernel) = $_[KERNEL];
        my $next = shift @steps or return;
        $next->($kernel);
        $kernel->delay(step => 0.1);
      },
      granted => sub { print "granted: @{ $_[ARG0] }\n"; return },
      subscribed => sub { print "subscribed to $_[ARG4]{session}, $_[ARG4]{state}\n"; return },
      unsubscribed => sub { print "unsubscribed from $_[ARG4]{session}\n"; return },
      error => sub { my ($op, $text) = @_[ARG4, ARG5]; return if $op =~ /^channel/; $text =~ s/ at \S+ line \d+\.//; $text =~ s/ sent by .*//; print "$op: $text\n"; return },
      gone => sub { my ($kernel) = $_[KERNEL]; print "gone\n"; $kernel->delay('step'); $kernel->alias_remove('visitor'); $kernel->post(IKC => 'shutdown'); return },
    },
  );
  POE::Kernel->run;
}
