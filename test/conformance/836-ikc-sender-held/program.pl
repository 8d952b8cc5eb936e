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

# SENDER of a foreign request: kept by a reference count, answered at once, and answered later.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('desk');
      $kernel->call(IKC => publish => desk => [qw(at_once later both close private unknown)]);
    },
    at_once => sub { my ($kernel, $sender, $n) = @_[KERNEL, SENDER, ARG0]; $kernel->post($sender, 'reply', "at once $n", 'second'); return },
    later   => sub {
      my ($kernel, $sender, $n) = @_[KERNEL, SENDER, ARG0];
      $kernel->refcount_increment($sender->ID, 'desk');
      $kernel->delay_set(is_later => 0.1, $sender->ID, $n);
      return;
    },
    is_later => sub {
      my ($kernel, $sender, $n) = @_[KERNEL, ARG0, ARG1];
      $kernel->post($sender, 'reply', "later $n", [ 'a', { list => 1 } ]);
      $kernel->refcount_decrement($sender, 'desk');
    },
    both    => sub { my ($kernel, $sender, $n) = @_[KERNEL, SENDER, ARG0]; $kernel->call($sender, 'reply', "called $n"); "answer $n" },
    private => sub { my ($kernel, $sender) = @_[KERNEL, SENDER]; $kernel->post($sender, '_hidden', 1); $kernel->post($sender, 'reply', 'private'); return },
    unknown => sub { my ($kernel, $sender) = @_[KERNEL, SENDER]; $kernel->post($sender, 'unknown', 1); return },
    close   => sub { my ($kernel) = @_[KERNEL]; $kernel->alias_remove('desk'); $kernel->post(IKC => 'shutdown') },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    for my $name (qw(ann bob)) {
      POE::Session->create(
        inline_states => {
          _start => sub {
            my ($kernel) = @_[KERNEL];
            $kernel->alias_set($name);
            $kernel->call(IKC => publish => $name => [qw(reply)]);
            $kernel->call(IKC => monitor => '*', { error => 'error' }) if $name eq 'ann';
            $kernel->delay(step => $name eq 'ann' ? 0 : 0.3, 1);
          },
          step => sub {
            my ($kernel, $n) = @_[KERNEL, ARG0];
            my $desk = 'poe://Server/desk';
            if    ($n == 1) { $kernel->post(IKC => post => "$desk/at_once", $name) }
            elsif ($n == 2) { $kernel->post(IKC => post => "$desk/later", $name) }
            elsif ($n == 3) { $kernel->post(IKC => call => "$desk/both", $name, 'poe:answer') }
            elsif ($n == 4) { $kernel->post(IKC => post => "$desk/private", $name) if $name eq 'ann' }
            elsif ($n == 5) { $kernel->post(IKC => post => "$desk/unknown", $name) if $name eq 'ann' }
            else {
              $kernel->post(IKC => post => "$desk/close", $name) if $name eq 'bob';
              $kernel->alias_remove($name);
              return;
            }
            $kernel->delay(step => 0.6, $n + 1);
          },
          reply => sub {
            my (@args) = @_[ARG0 .. $#_];
            print "$name: ", join(' | ', map { ref $_ eq 'ARRAY' ? "$_->[0] and " . join(',', %{ $_->[1] }) : $_ } @args), "\n";
          },
          answer => sub { print "$name: $_[ARG0]\n" },
          error => sub { my ($op, $text) = @_[ARG4, ARG5]; $text =~ s/\s+Request .*//s; print "error: $op $text\n" if $op =~ /^local/ },
        },
      );
    }
  });
  POE::Kernel->run;
  print "client run returned\n";
}
