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

# Names that are long, odd, or look like something else; of kernels, sessions and events.
my $long = 'n' x 3000;
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'K' . 'k' x 200, aliases => [ '42', 'host.test:603', '-', 'a.b-c_d', '0.5' ]);
my @sessions = ($long, 'a b', '-', 'x.y', 'a:b', '007', 'IKC2', 'poe', 'UPPER', 'un_der', "\x{e9}t\x{e9}", 'a?b', 'a/b', '*', '   ');
my @events = ($long, 'a b', '-', 'x.y', 'a:b', '42', '_hidden', 'a?b', 'a/b', '*', "\x{e9}", 'ok');
sub short { my $name = shift; $name =~ s/((.)\2{20,})/$2 . ' x ' . length $1/ge; $name =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ge; return $name }
for my $name (@sessions) {
  POE::Session->create(
    inline_states => {
      _start => sub {
        $_[KERNEL]->alias_set($name);
        $_[KERNEL]->call(IKC => publish => $name => \@events);
        $_[KERNEL]->call(IKC => monitor => '*', { shutdown => 'leave' });
      },
      leave => sub { $_[KERNEL]->alias_remove($name) },
      map { my $event = $_; ($event => sub { "$event of $name has $_[ARG0]" }) } @events,
    },
  );
}
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('desk'); $_[KERNEL]->call(IKC => publish => desk => ['close']) },
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
  my $long = 'n' x 3000;
  my $server = 'K' . 'k' x 200;
  my @todo = (
    (map { [ text => $_, 'desk', 'nothing' ] } $server, '42', 'host.test:603', '-', 'a.b-c_d', '0.5'),
    (map { [ hash => $server, $_, 'ok' ] } $long, 'a b', '-', 'x.y', 'a:b', '007', 'IKC2', 'poe', 'UPPER', 'un_der', "\x{e9}t\x{e9}", 'a?b', 'a/b', '*', '   '),
    (map { [ text => $server, $_, 'ok' ] } $long, 'a b', '-', '007', 'IKC2', 'poe', 'UPPER', 'un_der', '   '),
    (map { [ text => $server, 'UPPER', $_ ] } $long, 'a b', '-', '42', '_hidden', '   '),
    (map { [ hash => $server, 'UPPER', $_ ] } $long, 'a b', '-', 'x.y', 'a:b', '42', '_hidden', 'a?b', 'a/b', '*', "\x{e9}"),
  );
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'C' . 'c' x 200, on_connect => sub {
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
          if (!$next) { $kernel->post(IKC => post => "poe://$server/desk/close"); $kernel->alias_remove('me'); return }
          my ($how, $to, $session, $state) = @$next;
          my $spec = $how eq 'text' ? "poe://$to/$session/$state" : { kernel => $to, session => $session, state => $state };
          print "$how ", join(' , ', map { short($_) } $to, $session, $state), "\n";
          $kernel->call(IKC => call => $spec, 'x', 'poe:answer');
        },
        answer => sub { $_[KERNEL]->yield('step'); print "  ", short($_[ARG0]), "\n" },
        error => sub { my ($kernel, $op, $text) = @_[KERNEL, ARG4, ARG5]; return if $op =~ /^channel/; $kernel->yield('step'); $text =~ s/\s+Request.*//s; $text =~ s/^\d+: //; $text =~ s/ at \S+ line.*//s; print "  error: $op ", short($text), "\n" },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}
