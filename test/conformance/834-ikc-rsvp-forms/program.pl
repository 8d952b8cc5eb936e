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

# The server calls the client, with every form of rsvp.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('boss');
      $kernel->call(IKC => publish => boss => [qw(ready open_answer done)]);
      $kernel->call(IKC => monitor => '*', { error => 'error' });
    },
    ready => sub {
      my ($kernel) = @_[KERNEL];
      my $double = 'poe://Client/worker/double';
      $kernel->post(IKC => call => $double, 1, 'poe:answer');
      $kernel->post(IKC => call => $double, 2, 'poe:/boss/answer');
      $kernel->post(IKC => call => $double, 3, { state => 'answer', args => [ 'kept', 'too' ] });
      $kernel->post(IKC => call => $double, 4, { session => 'other', state => 'answer' });
      $kernel->post(IKC => call => $double, 5, 'poe://Client/worker/noted');
      $kernel->post(IKC => call => $double, 6, 'poe://Server/boss/open_answer?more');
      $kernel->post(IKC => call => $double, 7, 'poe://Nobody/boss/answer');
      $kernel->post(IKC => call => $double, undef, 'poe:answer');
      $kernel->post(IKC => call => 'poe://Client/worker/nothing', 8, 'poe:never');
      $kernel->post(IKC => call => 'poe://Client/worker/missing', 9, 'poe:never');
      $kernel->post(IKC => call => 'poe://Client/worker/zero', 10, 'poe:answer');
      $kernel->post(IKC => call => 'poe://Client/worker/empty', 11, 'poe:answer');
      # A permission that is left over lets one message pass.
      $kernel->post(IKC => call => 'poe://Client/worker/nothing', 12, 'poe:/boss/left_over');
      $kernel->delay_set(next => 0.2);
    },
    next => sub {
      my ($kernel) = @_[KERNEL];
      $kernel->post(IKC => post => 'poe://Client/worker/try', $_) for 1 .. 2;
      $kernel->delay_set(end => 0.2);
    },
    end => sub { my ($kernel) = @_[KERNEL]; $kernel->post(IKC => post => 'poe://Client/worker/report', 1) },
    done => sub { my ($kernel) = @_[KERNEL]; $kernel->alias_remove('boss'); $kernel->post(other => 'leave'); $kernel->post(IKC => 'shutdown') },
    answer      => sub { my @args = @_[ARG0 .. $#_]; print "answer: ", join(' ', map { ref $_ ? "[@$_]" : $_ eq '' ? 'empty' : $_ } @args), "\n" },
    open_answer => sub { my @args = @_[ARG0 .. $#_]; print "open answer: @args\n" },
    left_over   => sub { print "left over: $_[ARG0]\n" },
    never       => sub { print "never\n" },
    error => sub { my ($who, $op, $text) = @_[ARG1, ARG4, ARG5]; $text =~ s/^\d+: //; $text =~ s/\s+Request .*//s; print "error: $who $op $text\n" },
  },
);
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('other') },
    answer => sub { print "other got $_[ARG0]\n" },
    leave  => sub { $_[KERNEL]->alias_remove('other') },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = @_[KERNEL];
          $kernel->alias_set('worker');
          $kernel->call(IKC => publish => worker => [qw(double noted nothing missing zero empty try report)]);
          $kernel->call(IKC => monitor => '*', { error => 'error' });
          $kernel->post(IKC => post => 'poe://Server/boss/ready', 1);
        },
        double  => sub { defined $_[ARG0] ? 2 * $_[ARG0] : 'undef came' },
        nothing => sub { undef },
        zero    => sub { 0 },
        empty   => sub { '' },
        noted   => sub { my ($heap, $value) = @_[HEAP, ARG0]; push @{ $heap->{noted} }, $value; return },
        try     => sub { my ($kernel, $n) = @_[KERNEL, ARG0]; $kernel->post(IKC => post => 'poe://Server/boss/left_over', $n); return },
        report  => sub {
          my ($kernel, $heap) = @_[KERNEL, HEAP];
          print "noted: @{ $heap->{noted} || [] }\n";
          $kernel->post(IKC => post => 'poe://Server/boss/done', 1);
          $kernel->delay(leave => 0.5);
          return;
        },
        error => sub { my ($who, $op, $text) = @_[ARG1, ARG4, ARG5]; $text =~ s/^\d+: //; $text =~ s/\s+Request .*//s; print "error: $op $text\n" },
        leave => sub { $_[KERNEL]->alias_remove('worker'); $_[KERNEL]->post(IKC => 'shutdown') },
      },
    );
  });
  POE::Kernel->run;
  print "client run returned\n";
}
