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

# What is published when sessions end and others take their names: by name, by session, by number, and of several names.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
sub worker {
  my ($name, $by, $n) = @_;
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $session) = @_[KERNEL, SESSION];
        $kernel->alias_set($name);
        $kernel->alias_set("also $name");
        my $whom = $by eq 'name' ? $name : $by eq 'session' ? $session : $by eq 'number' ? $session->ID : $by eq 'sender' ? undef : 'nobody';
        my $r = $by eq 'none' ? 'nothing' : $kernel->call(IKC => publish => $whom, ['who']);
        print "$name $n, published by $by: ", defined $r ? $r : 'undef', "\n";
      },
      who => sub { "$name $n, asked for $_[ARG0]" },
      leave => sub { my ($kernel) = $_[KERNEL]; $kernel->alias_remove($_) for $kernel->alias_list; return },
      _stop => sub { print "$name $n stops\n" },
    },
  );
}
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(start stop published close)]);
    },
    start => sub { worker(@{ $_[ARG0] })->ID },
    stop => sub { my ($kernel, $name) = @_[KERNEL, ARG0]; $kernel->call($name => 'leave'); 'stopped' },
    published => sub {
      my ($kernel, $name) = @_[KERNEL, ARG0];
      my $r = $kernel->call(IKC => published => $name);
      ref $r eq 'ARRAY' ? "$name: " . join(' ', sort @$r) : ref $r eq 'HASH' ? keys(%$r) . ' sessions' : "$name: " . (defined $r ? $r : 'undef');
    },
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
  $SIG{__WARN__} = sub { };
  my @todo;
  my $n = 0;
  for my $by (qw(name session number sender)) {
    push @todo, [ start => [ "w $by", $by, ++$n ] ], [ who => "w $by" ], [ who => "also w $by" ], $by eq 'number' ? () : [ published => "w $by" ], [ stop => "w $by" ], [ who => "w $by" ], $by eq 'number' ? () : [ published => "w $by" ],
      [ start => [ "w $by", 'none', ++$n ] ], [ who => "w $by" ], $by eq 'number' ? () : [ published => "w $by" ], [ stop => "w $by" ],
      [ start => [ "w $by", 'name', ++$n ] ], [ who => "w $by" ], [ who => "also w $by" ], [ stop => "w $by" ];
  }
  push @todo, [ start => [ 'late', 'sender', ++$n ] ], [ who => 'late' ], [ who => 'number' ], [ stop => 'late' ], [ published => 'desk' ];
  my $id;
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('me');
          $kernel->call(IKC => monitor => '*', { error => 'error' });
          $kernel->yield('step');
        },
        step => sub {
          my ($kernel) = $_[KERNEL];
          my $next = shift @todo;
          if (!$next) { $kernel->post(IKC => post => 'poe://Server/desk/close'); $kernel->alias_remove('me'); return }
          my ($what, $whom) = @$next;
          print "$what ", ref $whom ? $whom->[0] : $whom, "\n";
          $whom = $id if $whom eq 'number';
          my $to = $what eq 'who' ? "$whom/who" : "desk/$what";
          $kernel->call(IKC => call => "poe://Server/$to", $whom, { state => 'answer', args => $what });
        },
        answer => sub { my ($kernel, $answer, $what) = @_[KERNEL, ARG0, ARG1]; $kernel->yield('step'); if ($what eq 'start') { $id = $answer } else { $answer =~ s/for \d+$/for its number/; print "  $answer\n" } },
        error => sub { my ($kernel, $op, $text) = @_[KERNEL, ARG4, ARG5]; return if $op =~ /^channel/; $kernel->yield('step'); $text =~ s/\s+Request.*//s; $text =~ s/^\d+: //; $text =~ s/( at \S+ line.*|\.)$//; $text =~ s/'\d+'/NUMBER/; print "  error: $op $text\n" },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}
