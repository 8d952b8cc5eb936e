#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# Handlers that come and go while they run, objects that share a session, classes of sessions, and what calls bring back.

package Greeter;
sub new     { my ($class, $name) = @_; bless { name => $name, count => 0 }, $class }
sub hello   { my ($self, $kernel, $state, @rest) = @_[main::OBJECT, main::KERNEL, main::STATE, main::ARG0 .. $#_]; $self->{count}++; "$self->{name} as $state: @rest" }
sub formal  { "Good day (", "$_[0]{name})" }
sub counted { $_[0]{count} }

package Polite;
our @ISA = ('Greeter');
sub formal { my $self = shift; 'If you please: ' . join '', $self->Greeter::formal(@_) }

package Tally;
our @ISA = ('POE::Session');
our $made = 0;
sub instantiate { $made++; my $class = shift; $class->SUPER::instantiate(@_) }

package main;

my ($ann, $bob) = (Greeter->new('Ann'), Polite->new('Bob'));

my $session = POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $session) = @_[KERNEL, SESSION];
      $kernel->alias_set('house');
      $kernel->yield($_) for qw(calls changes self_removal replaced_while_queued missing end);
    },
    calls => sub {
      my ($kernel, $session) = @_[KERNEL, SESSION];
      print join(' / ', $kernel->call($session, 'hello', 'a', 'b'), scalar $kernel->call(house => 'welcome')), "\n";
      my @formal = $kernel->call($session, 'formal');
      my $last = $kernel->call($session, 'formal');
      print scalar(@formal), " parts, the last is $last\n";
      my @formal_too = $kernel->call($session, 'formal_too');
      print scalar(@formal_too), " part: @formal_too\n";
      print 'counts ', join(' ', map scalar $kernel->call($session, $_), qw(ann_count bob_count)), "\n";
    },
    changes => sub {
      my ($kernel, $session) = @_[KERNEL, SESSION];
      $kernel->state(hello => $bob);
      print 'now ', scalar $kernel->call($session, 'hello', 'x'), "\n";
      $kernel->state(hello => $ann, 'formal');
      print 'now ', scalar $kernel->call($session, 'hello', 'x'), "\n";
      $kernel->state(hello => sub { "nobody, $_[STATE], ", defined $_[OBJECT] ? 'an object' : 'no object' });
      print 'now ', join('', $kernel->call($session, 'hello', 'x')), "\n";
      print 'removed: ', $kernel->state('hello'), ', again: ', $kernel->state('hello'), "\n";
      my $value = $kernel->call($session, 'hello', 'x', 'y');
      print "now $value\n";
    },
    self_removal => sub {
      my ($kernel, $count) = @_[KERNEL, ARG0];
      $kernel->state('self_removal');
      print "removed itself, and goes on\n";
      $kernel->yield('self_removal', 'second');
    },
    replaced_while_queued => sub {
      my ($kernel) = $_[KERNEL];
      $kernel->yield('version', $_) for 1 .. 3;
      $kernel->state(version => sub {
        print "old version, $_[ARG0]\n";
        $_[KERNEL]->state(version => sub { print "new version, $_[ARG0]\n" });
      });
    },
    missing => sub {
      my ($kernel, $session) = @_[KERNEL, SESSION];
      my @list = $kernel->call($session, 'nowhere', 1);
      print "list @list\n";
      $kernel->state('_default');
      my @none = $kernel->call($session, 'nowhere', 2);
      my $none = $kernel->call($session, 'nowhere', 3);
      print scalar(@none), ' things, ', defined $none ? 'something' : 'nothing', ', ', 0 + $!, "\n";
    },
    _default => sub { my ($event, $args) = @_[ARG0, ARG1]; return wantarray ? ('list for', $event) : "scalar for $event (@$args)" },
    end   => sub { $_[KERNEL]->alias_remove('house') },
    _stop => sub { print "house stops\n" },
  },
  object_states => [
    $ann => { hello => 'hello', formal => 'formal', ann_count => 'counted' },
    $bob => { welcome => 'hello', formal_too => 'formal', bob_count => 'counted' },
  ],
);
print ref $session, ' of ', join(' ', sort $poe_kernel->alias_list($session)), "\n";
POE::Kernel->run;

Tally->create(inline_states => { _start => sub { print ref $_[SESSION], "\n"; $_[KERNEL]->yield('step', 2) }, step => sub { $_[KERNEL]->yield(step => $_[ARG0] - 1) if $_[ARG0] } });
POE::Kernel->run;
print 'isa ', (Tally->isa('POE::Session') ? 'session' : 'something'), ", made: $Tally::made\n";
