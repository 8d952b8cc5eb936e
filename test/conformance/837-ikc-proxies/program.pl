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

# Proxies: subscribed to one and several, by event and by code, posted to under both names, ended by us and by the server.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
for my $name (qw(red blue)) {
  POE::Session->create(
    inline_states => {
      _start => sub {
        my $kernel = $_[KERNEL];
        $kernel->alias_set($name);
        $kernel->call(IKC => publish => $name => [qw(paint close)]);
        $kernel->call(IKC => monitor => '*', { shutdown => 'down' });
      },
      paint => sub { my (@args) = @_[ARG0 .. $#_]; print "$name paints ", scalar @args, ": ", join(', ', map { ref $_ ? "[@$_]" : defined $_ ? $_ : 'undef' } @args), "\n"; return },
      secret => sub { print "$name keeps no secret\n" },
      close => sub { my ($kernel) = @_[KERNEL]; $kernel->post(IKC => 'shutdown') },
      down  => sub { my ($kernel) = @_[KERNEL]; $kernel->alias_remove($name) },
    },
  );
}
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
          my ($kernel, $session) = @_[KERNEL, SESSION];
          $kernel->alias_set('me');
          $_[HEAP]{told} = [];
          $kernel->call(IKC => monitor => '*', { subscribe => 'subscribed', unsubscribe => 'unsubscribed', error => 'error' });
          $kernel->post(IKC => subscribe => [qw(poe://Server/red poe://Server/blue/paint poe://Server/red/secret poe://Server/green poe://Nobody/x)], 'granted');
        },
        granted => sub {
          my ($kernel, $list) = @_[KERNEL, ARG0];
          print "granted: @$list\n";
          $_[HEAP]{turn}++;
          if ($_[HEAP]{turn} == 1) {
            names($kernel);
            $kernel->post('poe://Server/red', 'paint', 1, [ 2, 3 ], undef);
            $kernel->post('red', 'paint');
            $kernel->post('blue', 'paint', 'sky');
            $kernel->post('blue', '_paint', 'nothing');
            $kernel->post('blue', 'secret', 'refused');
            my $r = $kernel->call('blue', 'paint', 'called');
            $kernel->delay(next => 0.2);
          } else {
            names($kernel);
            $kernel->post('red', 'paint', 'again');
            $kernel->post(IKC => post => 'poe://Server/red/close', 1);
            $kernel->delay(after => 0.3);
          }
        },
        next => sub {
          my ($kernel, $heap) = @_[KERNEL, HEAP];
          # The answers of the server come in one segment or in several.
          print "$_\n" for sort @{ delete $heap->{told} };
          $kernel->post(IKC => unsubscribe => 'poe://Server/red');
          $kernel->delay(then => 0.1);
        },
        then => sub {
          my ($kernel) = @_[KERNEL];
          names($kernel);
          $kernel->post(IKC => subscribe => 'poe://Server/red', 'granted');
        },
        after => sub {
          my ($kernel) = @_[KERNEL];
          print "the server has gone\n";
          names($kernel);
          $kernel->alias_remove('me');
          $kernel->post(IKC => 'shutdown');
        },
        subscribed   => sub { my ($kernel, $who, $real, $spec) = @_[KERNEL, ARG1, ARG2, ARG4]; told($_[HEAP], "subscribed: $spec->{session} of $spec->{kernel}") if $real or $who eq 'Server' },
        unsubscribed => sub { my ($kernel, $who, $real, $spec) = @_[KERNEL, ARG1, ARG2, ARG4]; print "unsubscribed: $spec->{session} of $spec->{kernel}\n" if $real or $who eq 'Server' },
        error => sub { my ($who, $real, $op, $text) = @_[ARG1, ARG2, ARG4, ARG5]; $text =~ s/^\d+: //; $text =~ s/\.?\s+Request .*//s; $text =~ s/\s+$//; told($_[HEAP], "error: $op $text") if $op ne 'channel-read' },
      },
    );
  });
  POE::Kernel->run;
  print "client run returned\n";
}

sub told {
  my ($heap, $text) = @_;
  if ($heap->{told}) { push @{ $heap->{told} }, $text } else { print "$text\n" }
}

sub names {
  my $kernel = shift;
  print "names: ", join(' ', map { ($kernel->alias_resolve($_) ? '' : 'no ') . $_ } qw(poe://Server/red red poe://Server/blue blue poe://Server/green green)), "\n";
}
