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

# The server closes the connection of a client that it does not want, by the session of its channel; what was posted before arrives.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server', aliases => ['Alias']);
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('door');
      $kernel->call(IKC => publish => door => [qw(knock)]);
      $kernel->call(IKC => monitor => '*', { channel => 'channel', error => 'error', register => 'came', unregister => 'went', data => { star => 1 } });
      $kernel->call(IKC => monitor => 'Nick', { channel => 'nick', data => 'by nick' });
    },
    came    => sub { my ($who, $real) = @_[ARG1, ARG2]; print "came: $who\n" if $who eq 'Client' or $who eq 'Nick' },
    went    => sub {
      my ($kernel, $who, $real) = @_[KERNEL, ARG1, ARG2];
      print "went: $who\n" if $who eq 'Client' or $who eq 'Nick';
      return unless $real;
      my $r = $kernel->call(IKC => post => 'poe://Client/guest/late', 1);
      print "posted to ", $r, "\n";
      $kernel->alias_remove('door');
      $kernel->post(IKC => 'shutdown');
    },
    channel => sub {
      my ($heap, $who, $data, $what, $id) = @_[HEAP, ARG1, ARG3, ARG4, ARG5];
      return unless $who eq 'Client';
      print "channel $what, data ", join(',', %$data), "\n";
      $heap->{channel} = $id;
    },
    nick => sub { my ($name, $who, $real, $data, $what) = @_[ARG0 .. ARG4]; print "nick: $name $who ", defined $real ? $real : 'undef', " $data $what\n" },
    error => sub { my ($who, $op, $text) = @_[ARG1, ARG4, ARG5]; print "error: $op $text\n" if $who eq 'Client' },
    knock => sub {
      my ($kernel, $heap, $n) = @_[KERNEL, HEAP, ARG0];
      print "knock $n\n";
      if ($n == 2) {
        $kernel->post(IKC => post => 'poe://Client/guest/note', 'go away');
        $kernel->post($heap->{channel}, 'shutdown');
      }
      return;
    },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', aliases => ['Nick'], on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = @_[KERNEL];
          $kernel->alias_set('guest');
          $kernel->call(IKC => publish => guest => [qw(note late)]);
          $kernel->call(IKC => monitor => 'Server', { error => 'error', unregister => 'gone', channel => 'channel', data => 5 });
          $kernel->call(IKC => monitor => 'Alias', { unregister => 'gone' });
          $kernel->call(IKC => monitor => 'Alias', {});
          $kernel->post(IKC => post => 'poe://Server/door/knock', $_) for 1 .. 2;
        },
        note => sub { print "note: $_[ARG0]\n"; return },
        late => sub { print "too late\n"; return },
        channel => sub { my ($name, $who, $real, $data, $what) = @_[ARG0 .. ARG4]; print "channel: $name $who $data $what\n" },
        error => sub { my ($name, $who, $op, $text) = @_[ARG0, ARG1, ARG4, ARG5]; print "error: $name $who $op '$text'\n" },
        gone => sub {
          my ($kernel, $name, $who, $data) = @_[KERNEL, ARG0, ARG1, ARG3];
          print "gone: $name $who $data\n";
          $kernel->alias_remove('guest');
          $kernel->post(IKC => 'shutdown');
        },
      },
    );
  });
  POE::Kernel->run;
  print "client run returned\n";
}
