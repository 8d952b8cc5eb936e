#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# Signals: who hears which, with what, when watchers come and go in the middle of it, and children that several sessions wait for.

my @log;
sub note { push @log, join ' ', @_ }
sub report { print "$_[0]: ", join('; ', splice @log), "\n" }

sub listener {
  my ($name, %more) = @_;
  POE::Session->create(
    inline_states => {
      _start => sub { $_[KERNEL]->alias_set($name); $more{start}->(@_) if $more{start}; },
      heard  => sub {
        my ($kernel, $signal, @rest) = @_[KERNEL, ARG0 .. $#_];
        note("$name hears $signal", grep defined, @rest);
        $more{$signal}->(@_) if $more{$signal};
      },
      other  => sub { my ($signal, @rest) = @_[ARG0 .. $#_]; note("$name hears $signal elsewhere", grep defined, @rest) },
      leave  => sub { my $kernel = $_[KERNEL]; $kernel->sig($_) for qw(FOO BAR TERM); $kernel->alias_remove($name) },
      _stop  => sub { note("$name stops"); "last of $name" },
      _child => sub {},
    },
  );
}

POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('main');
      listener('Ann', start => sub {
        $_[KERNEL]->sig(FOO => 'heard', 'extra', 'words');
        $_[KERNEL]->sig(BAR => 'heard');
        listener('Ann junior', start => sub { $_[KERNEL]->sig($_ => 'heard') for qw(FOO TERM) }, TERM => sub { $_[KERNEL]->sig_handled });
      });
      listener('Bob', start => sub { $_[KERNEL]->sig(FOO => 'heard') },
        FOO => sub { $_[KERNEL]->sig('FOO'); $_[KERNEL]->sig(BAR => 'other', 'new') });
      $kernel->yield('one');
    },
    one => sub {
      my $kernel = $_[KERNEL];
      note('to Ann', $kernel->signal('Ann', 'FOO', 1, 2));
      note('to Bob', $kernel->signal('Bob', 'FOO', 3));
      note('to nobody', defined $kernel->signal('nobody', 'FOO') ? 'yes' : $!{ESRCH} ? 'ESRCH' : 'no');
      $kernel->yield('two');
    },
    two => sub {
      my $kernel = $_[KERNEL];
      report('one');
      $kernel->signal('Bob', 'FOO', 'again');
      $kernel->signal('Bob', 'BAR', 'first');
      $kernel->signal('Ann', 'BAR', 'second');
      $kernel->yield('three');
    },
    three => sub {
      my $kernel = $_[KERNEL];
      report('two');
      $kernel->signal('Ann', 'TERM', 'please');
      $kernel->yield('four');
    },
    four => sub {
      my $kernel = $_[KERNEL];
      report('three');
      note('Ann is', defined $kernel->alias_resolve('Ann') ? 'there' : 'gone');
      $kernel->signal('Ann', 'QUIT');
      $kernel->yield('five');
    },
    five => sub {
      my $kernel = $_[KERNEL];
      note('Ann is', defined $kernel->alias_resolve('Ann') ? 'there' : 'gone');
      report('four');
      $kernel->post(Bob => 'leave');
      $kernel->alias_remove('main');
    },
    _child => sub { note('lost', defined $_[ARG2] ? $_[ARG2] : '') if $_[ARG0] eq 'lose' },
    _stop => sub { note('main stops'); report('end') },
  },
);
POE::Kernel->run;
report('after');

# One child, waited for by two sessions; one of them changes its mind.
my $pid;
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $pid = fork;
      if (!$pid) { exec 'sh', '-c', 'sleep 0.3; exit 7' }
      $kernel->sig_child($pid, 'ended', 'first');
      $kernel->sig(CHLD => 'any');
      for my $name (qw(keeps drops)) {
        POE::Session->create(
          inline_states => {
            _start => sub { $_[KERNEL]->sig_child($pid, 'ended', $name); $_[KERNEL]->yield('change') if $name eq 'drops' },
            change => sub { $_[KERNEL]->sig_child($pid); note("$name: not any more") },
            ended  => sub { my ($signal, $child, $status, $extra) = @_[ARG0 .. ARG3]; note("$name: $signal of", $child == $pid ? 'its child' : 'another', $status >> 8, $extra) },
            _stop  => sub { note("$name stops") },
          },
        );
      }
    },
    ended => sub { my ($signal, $child, $status, $extra) = @_[ARG0 .. ARG3]; note("parent: $signal", $status >> 8, $extra) },
    any   => sub { my ($signal, $child, $status) = @_[ARG0 .. ARG2]; note("parent: any $signal", $status >> 8); $_[KERNEL]->sig('CHLD') },
    _child => sub {},
    _stop  => sub { note('parent stops') },
  },
);
POE::Kernel->run;
print "$_\n" for sort @log;
