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

# What has been posted before everything is shut down: does it arrive, from both sides, and who is told?
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(count report is_alone flood)]);
      $_[KERNEL]->call(IKC => monitor => '*', { shutdown => 'down', unregister => 'went', channel => 'channel' });
    },
    count => sub { my ($heap, $x) = @_[HEAP, ARG0]; $heap->{n}++; $heap->{octets} += length $x; return },
    report => sub { my $heap = $_[HEAP]; print "$heap->{n} came, $heap->{octets} octets\n"; @$heap{qw(n octets)} = (0, 0); 'reported' },
    flood => sub {
      my ($kernel, $heap, $n) = @_[KERNEL, HEAP, ARG0];
      $kernel->post(IKC => post => 'poe://Client/me/count', 'x' x 1000) for 1 .. $n;
      $kernel->post(IKC => post => 'poe://Client/me/last', 'the last one');
      $heap->{over} = 1;
      $kernel->post(IKC => 'shutdown');
      return;
    },
    channel => sub { my ($heap, $name, $what) = @_[HEAP, ARG1, ARG4]; print "channel of $name: $what\n" if $name eq 'Second' },
    went => sub { my ($heap, $name) = @_[HEAP, ARG1]; return unless $name eq 'Second'; print "went: $name\n"; $heap->{is_alone} = 1 },
    # Whether the second one has gone.
    is_alone => sub { $_[HEAP]{is_alone} || 0 },
    down => sub { print "down: ", join(' ', map { defined $_ ? $_ : 'undef' } @_[ARG0 .. ARG2]), "\n"; $_[KERNEL]->alias_remove('desk') },
  },
);
print {$port_out} "$port\n";
close $port_out;
$SIG{__WARN__} = sub { };
POE::Kernel->run;
print "over\n";
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  my $second = open my $other, '-|';
  die "fork: $!" unless defined $second;
  if (!$second) { run_second($port); exit 0 }
  print "second: $_" while <$other>;
  $SIG{__WARN__} = sub { };
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('me');
          $kernel->call(IKC => publish => me => [qw(count last)]);
          $kernel->call(IKC => monitor => '*', { shutdown => 'down', unregister => 'gone', channel => 'channel' });
          $kernel->yield('ask');
        },
        ask => sub { $_[KERNEL]->call(IKC => call => 'poe://Server/desk/is_alone', 1, 'poe:alone') },
        alone => sub {
          my ($kernel, $is_alone) = @_[KERNEL, ARG0];
          if ($is_alone) { $kernel->call(IKC => call => 'poe://Server/desk/report', 1, 'poe:reported') }
          else           { $kernel->delay(ask => 0.1) }
        },
        reported => sub { my ($kernel, $what) = @_[KERNEL, ARG0]; print "$what\n"; $kernel->post(IKC => post => 'poe://Server/desk/flood', 500) },
        count => sub { $_[HEAP]{n}++; return },
        last => sub { print "$_[HEAP]{n} came, and $_[ARG0]\n"; return },
        channel => sub { my ($name, $what) = @_[ARG1, ARG4]; print "channel of $name: $what\n" if $name eq 'Server' },
        gone => sub { my ($kernel, $heap, $name) = @_[KERNEL, HEAP, ARG1]; return unless $name eq 'Server'; print "gone: $name\n"; $kernel->post(IKC => 'shutdown') },
        down => sub { print "down\n"; $_[KERNEL]->alias_remove('me') },
        _stop => sub { print "stops\n" },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}

# Posts much and shuts down at once.
sub run_second {
  my $port = shift;
  $SIG{__WARN__} = sub { };
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Second', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->call(IKC => monitor => '*', { shutdown => 'down', unregister => 'gone' });
          my $sent = 0;
          $sent += $kernel->call(IKC => post => 'poe://Server/desk/count', 'y' x 2000) for 1 .. 400;
          print "sent $sent\n";
          $kernel->call(IKC => call => 'poe://Server/desk/report', 1, 'poe:reported');
          $kernel->call(IKC => 'shutdown');
          print "shut down\n";
          my $r = $kernel->call(IKC => post => 'poe://Server/desk/count', 'z');
          print 'after that: ', defined $r ? $r : 'undef', "\n";
        },
        reported => sub { print "$_[ARG0]\n" },
        gone => sub { print "gone: $_[ARG1]\n" if $_[ARG1] eq 'Server' },
        down => sub { print "down\n" },
        _stop => sub { print "stops\n" },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}
