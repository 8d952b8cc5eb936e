#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use Errno;
use Socket;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;

# Trouble with sockets goes to on_error, or to those who monitor everything.
sub symbol { my $errno = shift; local $! = $errno; (grep { $!{$_} } qw(EADDRINUSE ECONNREFUSED ENOENT EACCES))[0] || ($errno ? 'another' : 'none') }
# A port that is taken, and one where nobody listens.
socket(my $taken, AF_INET, SOCK_STREAM, 0) or die;
bind($taken, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die;
listen($taken, 1) or die;
my ($taken_port) = unpack_sockaddr_in(getsockname $taken);
socket(my $free, AF_INET, SOCK_STREAM, 0) or die;
bind($free, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die;
my ($free_port) = unpack_sockaddr_in(getsockname $free);
close $free;

POE::Component::IKC::Responder->spawn;
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel) = @_[KERNEL];
      $kernel->alias_set('watch');
      $kernel->call(IKC => monitor => '*', { error => 'error', data => 'monitor' });
      $kernel->yield(step => 1);
    },
    step => sub {
      my ($kernel, $n) = @_[KERNEL, ARG0];
      print "-- step $n\n";
      my $on_error = sub { my ($op, $errno, $text) = @_; print "on_error: $op ", symbol($errno), ", a text: ", $text ? 'yes' : 'no', "\n" };
      if    ($n == 1) { my $id = POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $free_port, name => 'C1', on_error => $on_error, on_connect => sub { print "connected\n" }); print "a number: ", $id =~ /^\d+$/ ? 'yes' : 'no', "\n" }
      elsif ($n == 2) { POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $free_port, name => 'C2', on_connect => sub { print "connected\n" }) }
      elsif ($n == 3) { POE::Component::IKC::Client->spawn(unix => "/tmp/there-is-no-such-$$/socket", name => 'C3', on_error => $on_error, on_connect => sub { print "connected\n" }) }
      elsif ($n == 4) { my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => $taken_port, name => 'S4', on_error => $on_error); print "spawn gave ", defined $port ? 'a port' : 'undef', "\n" }
      elsif ($n == 5) { POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => $taken_port, name => 'S5') }
      else { $kernel->alias_remove('watch'); $kernel->post(IKC => 'shutdown'); return }
      $kernel->delay(step => 0.2, $n + 1);
    },
    error => sub { my ($name, $who, $real, $data, $op, $text) = @_[ARG0 .. ARG5]; $text =~ s/^\[(\d+)\] .*/'[' . symbol($1) . ']'/e; print "$data: $name $who $op $text\n" },
  },
);
POE::Kernel->run;
print "run returned\n";
