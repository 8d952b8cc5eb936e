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

# Whose child is a session that is made in on_connect?
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('desk');
      $kernel->call(IKC => publish => desk => [qw(close)]);
    },
    close => sub { my ($kernel) = @_[KERNEL]; $kernel->alias_remove('desk'); $kernel->post(IKC => 'shutdown') },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $session, $heap) = @_[KERNEL, SESSION, HEAP];
        $kernel->alias_set('main');
        $heap->{client} = POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
          my $active = $poe_kernel->get_active_session;
          print "on_connect in a session of its own: ", $active != $session && $active->ID != $heap->{client} ? 'yes' : 'no', "\n";
          $heap->{channel} = $active;
          POE::Session->create(
            inline_states => {
              _start => sub { my ($kernel, $sender) = @_[KERNEL, SENDER]; $kernel->alias_set('child'); print "child of the channel: ", $sender == $heap->{channel} ? 'yes' : 'no', "\n" },
              _parent => sub { my ($old, $new) = @_[ARG0, ARG1]; print "a new parent: from the channel ", $old == $heap->{channel} ? 'yes' : 'no', "\n" },
              over    => sub { $_[KERNEL]->alias_remove('child') },
              _stop   => sub { print "child stops\n" },
            },
          );
          $poe_kernel->post(main => 'connected');
        });
        print "a number: ", $heap->{client} =~ /^\d+$/ ? 'yes' : 'no', "\n";
      },
      connected => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        print "the client has a name: ", $kernel->alias_resolve('IKC Client Client') ? 'yes' : 'no', "\n";
        $kernel->delay(leave => 0.2);
      },
      leave => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        $kernel->post(IKC => post => 'poe://Server/desk/close', 1);
        $kernel->post(child => 'over');
        $kernel->delay(over => 0.3);
      },
      over => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        print "the channel is still there: ", $kernel->ID_id_to_session($heap->{channel}->ID) ? 'yes' : 'no', "\n";
        $kernel->alias_remove('main');
        $kernel->post(IKC => 'shutdown');
      },
    },
  );
  POE::Kernel->run;
  print "client run returned\n";
}
