#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use Errno;

# What each method says when there is nothing to do for it, and what $! is then; a method that succeeds is asked as well.

sub show { join ' ', map { !defined $_ ? 'undef' : ref $_ ? ref $_ : /^1\d{9}/ ? 'time' : $_ } @_ }
sub try_it {
  my ($label, $code) = @_;
  $! = 0;
  my @r = map { scalar $code->() } 1;
  my $n = $! + 0;
  my ($e) = $n ? grep { no strict 'refs'; &{"Errno::$_"} == $n } qw(ESRCH EEXIST EINVAL EPERM ENOENT EBADF ECHILD) : 'none';
  print "$label: ", show(@r), " / ", defined $e ? $e : 'other', "\n";
}
my $gone = POE::Session->create(inline_states => { _start => sub { } });
my $gone_id = $gone->ID;
POE::Kernel->run;

my $timer_of_other;
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('other'); $timer_of_other = $_[KERNEL]->delay_set(never => 30) },
    leave  => sub { $_[KERNEL]->alarm_remove_all; $_[KERNEL]->alias_remove('other') },
    echo   => sub { $! = 5; return $_[ARG0] },
    none   => sub { $! = 5; return },
    dying  => sub { die "x\n" },
  },
);
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $session) = @_[KERNEL, SESSION];
      my $other = $kernel->alias_resolve('other');
      try_it('post to gone object', sub { $kernel->post($gone, 'x') });
      try_it('post to gone id', sub { $kernel->post($gone_id, 'x') });
      try_it('post to other', sub { $kernel->post($other->ID, 'echo') });
      try_it('call gone', sub { $kernel->call($gone, 'x') });
      try_it('call other', sub { $kernel->call(other => echo => 'hi') });
      try_it('call with return;', sub { $kernel->call(other => 'none') });
      try_it('call of no event', sub { $kernel->call(other => 'nix') });
      try_it('signal gone', sub { $kernel->signal($gone, 'FOO') });
      try_it('signal other', sub { $kernel->signal('other', 'FOO') });
      try_it('alias_set', sub { $kernel->alias_set('me') });
      try_it('alias_set again', sub { $kernel->alias_set('me') });
      try_it('alias_set of other', sub { $kernel->alias_set('other') });
      try_it('alias_remove of other', sub { $kernel->alias_remove('other') });
      try_it('alias_remove of none', sub { $kernel->alias_remove('nix') });
      try_it('alias_remove', sub { $kernel->alias_remove('me') });
      try_it('id to session', sub { $kernel->ID_id_to_session($gone_id) });
      try_it('id to session other', sub { $kernel->ID_id_to_session($other->ID) });
      try_it('session to id', sub { $kernel->ID_session_to_id($gone) });
      try_it('refcount up gone', sub { $kernel->refcount_increment($gone_id, 'tag') });
      try_it('refcount down gone', sub { $kernel->refcount_decrement($gone_id, 'tag') });
      try_it('refcount up', sub { $kernel->refcount_increment($session->ID, 'tag') });
      try_it('refcount up 2', sub { $kernel->refcount_increment($session->ID, 'tag') });
      try_it('refcount up other tag', sub { $kernel->refcount_increment($session->ID, 'tug') });
      try_it('refcount down', sub { $kernel->refcount_decrement($session->ID, 'tag') });
      try_it('refcount down 2', sub { $kernel->refcount_decrement($session->ID, 'tag') });
      try_it('refcount down tug', sub { $kernel->refcount_decrement($session->ID, 'tug') });
      try_it('alarm_remove 0', sub { $kernel->alarm_remove(999999) });
      try_it('alarm_remove of other', sub { $kernel->alarm_remove($timer_of_other) });
      try_it('alarm_adjust unknown', sub { $kernel->alarm_adjust(999999, 1) });
      try_it('alarm_adjust of other', sub { $kernel->alarm_adjust($timer_of_other, 1) });
      my $mine = $kernel->delay_set(mine => 20);
      try_it('alarm_adjust', sub { $kernel->alarm_adjust($mine, 1) });
      try_it('delay_adjust', sub { $kernel->delay_adjust($mine, 1) });
      try_it('alarm_remove', sub { $kernel->alarm_remove($mine) });
      try_it('alarm_remove again', sub { $kernel->alarm_remove($mine) });
      try_it('alarm_remove_all', sub { $kernel->alarm_remove_all });
      try_it('delay that is none', sub { $kernel->delay('mine') });
      try_it('alarm that is none', sub { $kernel->alarm('mine') });
      try_it('delay', sub { $kernel->delay(mine => 10) });
      try_it('delay away', sub { $kernel->delay('mine') });
      try_it('alarm_add', sub { $kernel->alarm_add(mine => time + 10) });
      try_it('delay_add', sub { $kernel->delay_add(mine => 10) });
      try_it('alarm away', sub { $kernel->alarm('mine') });
      try_it('state none', sub { $kernel->state('nix') });
      try_it('state', sub { $kernel->state(nix => sub { }) });
      try_it('state off', sub { $kernel->state('nix') });
      try_it('state off again', sub { $kernel->state('nix') });
      try_it('detach_child self', sub { $kernel->detach_child($session) });
      try_it('detach_child other', sub { $kernel->detach_child('other') });
      try_it('detach_child none', sub { $kernel->detach_child('nix') });
      try_it('detach_child gone', sub { $kernel->detach_child($gone) });
      try_it('detach_myself', sub { $kernel->detach_myself });
      try_it('alias_list none', sub { my @l = $kernel->alias_list('nix'); scalar @l });
      try_it('alias_list other', sub { my @l = $kernel->alias_list('other'); "@l" });
      try_it('alias_list mine', sub { my @l = $kernel->alias_list; "@l" });
      try_it('post other leave', sub { $kernel->post(other => 'leave') });
      try_it('yield', sub { $kernel->yield('last') });
    },
    last => sub { my ($kernel) = $_[KERNEL]; try_it('other there', sub { $kernel->alias_list('other') ? 'yes' : 'no' });
      $kernel->yield('really') },
    really => sub { my ($kernel) = $_[KERNEL]; print 'other ', $kernel->alias_resolve('other') ? 'there' : 'gone', "\n" },
    _stop => sub { my ($kernel, $session) = @_[KERNEL, SESSION];
      print "in stop\n";
      try_it('post to self', sub { $kernel->post($session, 'x') });
      try_it('yield', sub { $kernel->yield('x') });
      try_it('alias', sub { $kernel->alias_set('late') });
      try_it('refcount', sub { $kernel->refcount_increment($session->ID, 'late') });
      try_it('delay', sub { $kernel->delay(x => 1) });
      try_it('call', sub { $kernel->call($session, 'z', 1) });
      try_it('aliases', sub { join ',', $kernel->alias_list });
    },
    x => sub { print "never\n" },
    z => sub { "z in stop" },
  },
);
POE::Kernel->run;
print "done\n";
