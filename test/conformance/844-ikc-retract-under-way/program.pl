#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;

pipe(my $port_in, my $port_out) or die "pipe: $!";
my $pid = open my $client, '-|';
die "fork: $!" unless defined $pid;
if (!$pid) { close $port_out; chomp(my $port = <$port_in>); run_client($port); exit 0 }
close $port_in;

# What is published is taken back, and published anew, while requests are under way and answers are still owed.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(work slow on off all published close)]);
    },
    work => sub { print "works at $_[ARG0]\n"; "did $_[ARG0]" },
    slow => sub { my ($x, $rsvp) = @{ $_[ARG0] }; $_[KERNEL]->delay_set(slow_done => 0.1, $x, $rsvp); return },
    slow_done => sub { print 'slow answer goes to ', $_[KERNEL]->call(IKC => post => $_[ARG1], "slowly did $_[ARG0]"), "\n"; return },
    on => sub { $_[KERNEL]->call(IKC => publish => desk => ['work']); 'on' },
    off => sub { $_[KERNEL]->call(IKC => retract => desk => ['work']); 'off' },
    all => sub { $_[KERNEL]->call(IKC => retract => 'desk'); $_[KERNEL]->delay_set(again => 0.2); 'nothing left' },
    again => sub { $_[KERNEL]->call(IKC => publish => desk => [qw(work close)]); return },
    published => sub { join ' ', sort @{ $_[KERNEL]->call(IKC => published => 'desk') } },
    close => sub { $_[KERNEL]->alias_remove('desk'); $_[KERNEL]->post(IKC => 'shutdown'); return },
  },
);
print {$port_out} "$port\n";
close $port_out;
$SIG{__WARN__} = sub { };
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my ($port) = @_;
  my $desk = 'poe://Server/desk';
  # Answers come as they are read, errors behind what is posted already: each kind in its own order.
  my (@answers, @errors);
  my @steps = (
    sub { my ($k) = @_; $k->call(IKC => call => "$desk/$_->[0]", $_->[1], 'poe:answer') for [ work => 1 ], [ work => 2 ], [ off => 1 ], [ work => 3 ], [ published => 1 ], [ on => 1 ], [ work => 4 ] },
    sub { my ($k) = @_; $k->call(IKC => post => "$desk/slow", [ 5, 'poe://Client/visitor/slow' ]); $k->call(IKC => call => "$desk/all", 1, 'poe:answer'); $k->call(IKC => call => "$desk/work", 6, 'poe:answer') },
    sub { my ($k) = @_; $k->call(IKC => call => "$desk/work", 7, 'poe:answer') },
    sub { my ($k) = @_; $k->call(IKC => retract => 'visitor'); $k->call(IKC => call => "$desk/work", 8, 'poe:answer') },
    sub { my ($k) = @_; $k->call(IKC => post => "$desk/close") },
  );
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('visitor');
          $kernel->call(IKC => publish => visitor => ['slow']);
          $kernel->call(IKC => monitor => Server => { error => 'error', unregister => 'gone' });
          $kernel->yield('step');
        },
        step => sub {
          my ($kernel) = $_[KERNEL];
          my $next = shift @steps or return;
          $next->($kernel);
          $kernel->delay(step => 0.4);
        },
        answer => sub { push @answers, $_[ARG0]; return },
        slow => sub { print "slow: $_[ARG0]\n"; return },
        error => sub { my ($op, $text) = @_[ARG4, ARG5]; return if $op =~ /^channel/; $text =~ s/\s+Request.*//; push @errors, "$op: $text"; return },
        gone => sub { my ($kernel) = $_[KERNEL]; print "answer: $_\n" for @answers; print "$_\n" for @errors; $kernel->delay('step'); $kernel->alias_remove('visitor'); $kernel->post(IKC => 'shutdown'); return },
      },
    );
  });
  POE::Kernel->run;
}
