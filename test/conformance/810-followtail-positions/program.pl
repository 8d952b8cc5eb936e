#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::FollowTail Filter::Line Filter::Block);
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
sub append { my ($name, $text) = @_; open my $f, '>>', "$dir/$name" or die; print $f $text; close $f }
append('a', "one\ntwo\nthree\n");
append('b', 'abcdefghij');
POE::Session->create(inline_states => {
  _start => sub {
    my $h = $_[HEAP];
    $h->{back} = POE::Wheel::FollowTail->new(
      Filename => "$dir/a", SeekBack => 6, InputEvent => 'back', PollInterval => 0.1, IdleEvent => 'idle',
      ResetEvent => 'reset',
    );
    $h->{seek} = POE::Wheel::FollowTail->new(
      Filename => "$dir/a", Seek => 4, InputEvent => 'seek', PollInterval => 0.1,
    );
    $h->{neg} = POE::Wheel::FollowTail->new(
      Filename => "$dir/b", Seek => -4, InputEvent => 'neg', PollInterval => 0.1,
      Filter => POE::Filter::Block->new(BlockSize => 2),
    );
    $h->{big} = POE::Wheel::FollowTail->new(
      Filename => "$dir/a", SeekBack => 1000, InputEvent => 'big', PollInterval => 0.1,
    );
    $h->{end} = POE::Wheel::FollowTail->new(Filename => "$dir/a", InputEvent => 'end', PollInterval => 0.1);
    $h->{late} = POE::Wheel::FollowTail->new(
      Filename => "$dir/late", InputEvent => 'late', PollInterval => 0.1, ResetEvent => 'late_reset',
      ErrorEvent => 'late_error',
    );
    print join(' ', map { "$_=" . ($h->{$_}->tell + 0) } qw(back seek neg big end)), "\n";
    $_[KERNEL]->delay(one => 0.35);
  },
  (map { my $n = $_; ($n => sub { push @{ $_[HEAP]{log} }, "$n [$_[ARG0]]" }) } qw(back seek neg big end late other)),
  idle => sub { $_[HEAP]{idle}++ },
  reset => sub { push @{ $_[HEAP]{log} }, 'reset' },
  late_reset => sub { push @{ $_[HEAP]{log} }, 'late_reset' },
  late_error => sub { push @{ $_[HEAP]{log} }, "late_error $_[ARG0] $_[ARG1]" },
  one => sub {
    my $h = $_[HEAP];
    $_[KERNEL]->call($_[SESSION], 'show', 'one');
    print 'idle ', ($h->{idle} ? 'yes' : 'no'), "\n";
    print join(' ', map { "$_=" . ($h->{$_}->tell + 0) } qw(back seek neg big end)), "\n";
    append('a', "four\nfi");
    append('b', 'k');
    append('late', "early\nbird\n");
    $h->{end}->event(InputEvent => 'other');
    $h->{back}->event(IdleEvent => undef);
    $_[KERNEL]->delay(two => 0.5);
  },
  two => sub {
    my $h = $_[HEAP];
    $_[KERNEL]->call($_[SESSION], 'show', 'two');
    print join(' ', map { "$_=" . ($h->{$_}->tell + 0) } qw(back seek neg big end)), "\n";
    delete @$h{qw(seek neg big)};
    append('a', "ve\n");
    append('late', "no newline");
    $_[KERNEL]->delay(three => 0.4);
  },
  three => sub { $_[KERNEL]->call($_[SESSION], 'show', 'three'); delete @{ $_[HEAP] }{qw(back end late)} },
  show => sub { print "$_[ARG0]: $_\n" for sort @{ delete $_[HEAP]{log} || [] } },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
