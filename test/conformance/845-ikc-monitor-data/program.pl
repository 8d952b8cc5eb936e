#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Responder;

# What monitors are told, and with which data, when both change while notifications are under way.
$SIG{__WARN__} = sub { };
POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Own');
my %shared = (count => 0);

sub shown { my ($data) = @_; return !defined $data ? 'undef' : ref $data ? "count $data->{count}" : $data }
sub trouble { my ($kernel, $name) = @_; return $kernel->call(IKC => post => "poe://$name/s/e", 1) }

my @steps = (
  [ 'what is queued keeps its data' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => '*', { error => 'error', data => 'one' });
    trouble($kernel, 'Nobody');
    $kernel->call(IKC => monitor => '*', { error => 'error', data => 'two' });
    trouble($kernel, 'Nobody');
  } ],
  [ 'no data' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => '*', { error => 'error' });
    trouble($kernel, 'Nobody');
  } ],
  [ 'a hash is the same hash' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => '*', { error => 'error', data => \%shared });
    $shared{count} = 1;
    trouble($kernel, 'Nobody');
    $shared{count} = 2;
  } ],
  [ 'another event' => sub {
    my ($kernel) = @_;
    trouble($kernel, 'Nobody');
    $kernel->call(IKC => monitor => '*', { error => 'other', data => 'three' });
    trouble($kernel, 'Nobody');
  } ],
  [ 'taken back with one under way' => sub {
    my ($kernel) = @_;
    trouble($kernel, 'Nobody');
    $kernel->call(IKC => monitor => '*', {});
    trouble($kernel, 'Nobody');
  } ],
  [ 'each name has data of its own' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => '*', { error => 'error', data => 'all' });
    $kernel->call(IKC => monitor => 'Own', { error => 'error', data => 'own' });
    $kernel->call(IKC => monitor => 'poe://Own/any/thing', { error => 'other', data => 'specifier' });
    trouble($kernel, 'Own');
  } ],
  [ 'one of them is taken back' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => 'Own', {});
    trouble($kernel, 'Own');
  } ],
  [ 'changed by what it tells' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => 'poe://Own/any/thing', {});
    $kernel->call(IKC => monitor => '*', { error => 'change', data => 'before' });
    trouble($kernel, 'Nobody') for 1 .. 2;
  } ],
  [ 'and afterwards' => sub { my ($kernel) = @_; trouble($kernel, 'Nobody') } ],
  [ 'two events of one name' => sub {
    my ($kernel) = @_;
    $kernel->call(IKC => monitor => '*', { error => 'error', shutdown => 'leave', data => 'last' });
    trouble($kernel, 'Nobody');
  } ],
);
sub told {
  my ($event, @args) = @_;
  my ($name, $kernel, $real, $data, $operation) = @args;
  print "  $event: $name, $kernel, ", defined $real ? $real : 'undef', ', ', shown($data), ", $operation\n";
}
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('desk'); $_[KERNEL]->yield('step') },
    step => sub {
      my ($kernel) = $_[KERNEL];
      my $next = shift @steps or return $kernel->post(IKC => 'shutdown');
      print "$next->[0]\n";
      $next->[1]->($kernel);
      $kernel->delay(step => 0.05);
    },
    error  => sub { told(error => @_[ARG0 .. $#_]); return },
    other  => sub { told(other => @_[ARG0 .. $#_]); return },
    change => sub {
      told(change => @_[ARG0 .. $#_]);
      $_[KERNEL]->call(IKC => monitor => '*', { error => 'error', data => 'after' });
      return;
    },
    leave => sub { print "  leave: ", shown($_[ARG3]), "\n"; $_[KERNEL]->delay('step'); $_[KERNEL]->alias_remove('desk'); return },
  },
);
POE::Kernel->run;
print "over\n";
