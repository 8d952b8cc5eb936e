#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use File::Temp qw(tempdir);
use POE qw(Wheel::FollowTail Filter::Line Filter::Stream Filter::Block Filter::RecordBlock Filter::Stackable Driver::SysRW);

# Tails of one log, moved about: where they begin, filters and events that change on the way, blocks of a small driver, and what tell() says.

my $dir  = tempdir(CLEANUP => 1);
my $log  = "$dir/log";
sub add  { open my $f, '>>', $log or die; syswrite $f, $_[0]; close $f }
sub cut  { open my $f, '>', $log or die; syswrite $f, $_[0] // ''; close $f }
sub shown { my $x = shift; return '[' . join(',', map { shown($_) } @$x) . ']' if ref $x; $x =~ s/\n/\\n/g; return $x }

my @begins = (
  [ 'nothing said' ], [ 'SeekBack 0', SeekBack => 0 ], [ 'SeekBack 1', SeekBack => 1 ], [ 'SeekBack 7', SeekBack => 7 ], [ 'SeekBack 1000', SeekBack => 1000 ],
  [ 'Seek 0', Seek => 0 ], [ 'Seek 4', Seek => 4 ], [ 'Seek 1000', Seek => 1000 ],
);
sub begin {
  my $begin = shift @begins or return filters();
  my ($label, @params) = @$begin;
  cut("one\ntwo\nthree\npart");
  my @got;
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        $heap->{tail} = POE::Wheel::FollowTail->new(Filename => $log, InputEvent => 'line', ErrorEvent => 'error', IdleEvent => 'idle', ResetEvent => 'reset', PollInterval => 0.02, @params);
        push @got, 'at ' . (0 + $heap->{tail}->tell);
      },
      line  => sub { push @got, "<$_[ARG0]>" },
      error => sub { push @got, "$_[ARG0] $_[ARG1]" },
      reset => sub { push @got, 'reset' },
      idle  => sub {
        my $heap = $_[HEAP];
        my $times = ++$heap->{times};
        if    ($times == 1) { push @got, 'at ' . (0 + $heap->{tail}->tell); add("ial\nfour\n") }
        elsif ($times == 2) { push @got, 'at ' . (0 + $heap->{tail}->tell); print "$label: @got\n"; delete $heap->{tail} }
      },
      _stop => \&begin,
    },
  );
}

sub filters {
  cut("old\n");
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        $heap->{tail} = POE::Wheel::FollowTail->new(
          Filename => $log, InputEvent => 'line', IdleEvent => 'idle', ResetEvent => 'reset', PollInterval => 0.02, Driver => POE::Driver::SysRW->new(BlockSize => 5), Filter => $heap->{filter} = POE::Filter::Stackable->new(Filters => [ POE::Filter::Line->new(Literal => "\n") ]),
        );
      },
      line  => sub {
        my ($heap, $line) = @_[HEAP, ARG0];
        print "line $line\n";
        if ($line eq 'blocks') { $heap->{filter}->push(POE::Filter::Block->new(BlockSize => 4)); $heap->{filter}->shift; $heap->{tail}->event(InputEvent => 'block') }
      },
      block => sub {
        my ($heap, $block) = @_[HEAP, ARG0];
        print 'block ', shown($block), "\n";
        if ($block eq 'ijkl') {
          $heap->{filter}->unshift(POE::Filter::Line->new(Literal => "\n"));
          $heap->{filter}->pop;
          $heap->{filter}->push(POE::Filter::RecordBlock->new(BlockSize => 2));
          $heap->{tail}->event(InputEvent => 'pair', IdleEvent => 'quiet');
        }
      },
      pair  => sub { print 'pair ', shown($_[ARG0]), "\n" },
      reset => sub { print "reset\n" },
      idle  => sub {
        my $heap = $_[HEAP];
        my $times = ++$heap->{times};
        if ($times == 1) { print 'at ', $heap->{tail}->tell, "\n"; add("first line\nsecond\n") }
        if ($times == 2) { print 'at ', $heap->{tail}->tell, "\n"; add("blocks\n") }
        if ($times == 3) { print 'at ', $heap->{tail}->tell, "\n"; add('abcdefghijkl') }
      },
      quiet => sub {
        my $heap = $_[HEAP];
        my $times = ++$heap->{quiet};
        if ($times == 1) { print 'at ', $heap->{tail}->tell, "\n"; add("p\nq\nr") }
        if ($times == 2) { print 'at ', $heap->{tail}->tell, "\n"; cut("new\n") }
        if ($times == 3) { print 'at ', $heap->{tail}->tell, "\n"; add("u\nv\n") }
        if ($times == 4) { print 'at ', $heap->{tail}->tell, "\n"; $heap->{tail}->event(IdleEvent => undef, ResetEvent => undef); cut(''); $_[KERNEL]->delay(more => 0.1) }
      },
      more => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        print "more\n";
        $heap->{tail}->event(IdleEvent => 'last');
        add("x\ny\n");
      },
      last  => sub {
        my $heap = $_[HEAP];
        return unless $heap->{tail}->tell;
        print 'at ', $heap->{tail}->tell, "\n";
        delete $heap->{tail};
      },
      _stop => \&two,
    },
  );
}

sub two {
  cut("a\nb\n");
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        open $heap->{file}, '<', $log or die;
        $heap->{by_name}   = POE::Wheel::FollowTail->new(Filename => $log, Seek => 0, InputEvent => 'line', IdleEvent => 'idle', PollInterval => 0.02);
        $heap->{by_handle} = POE::Wheel::FollowTail->new(Handle => $heap->{file}, SeekBack => 2, InputEvent => 'line', IdleEvent => 'idle', PollInterval => 0.02);
        $heap->{name} = { $heap->{by_name}->ID => 'name', $heap->{by_handle}->ID => 'handle' };
      },
      line => sub { my ($heap, $line, $id) = @_[HEAP, ARG0, ARG1]; push @{ $heap->{got}{ $heap->{name}{$id} } }, $line },
      idle => sub {
        my ($heap, $id) = @_[HEAP, ARG0];
        $heap->{idle}{ $heap->{name}{$id} }++;
        return if 2 > keys %{ $heap->{idle} };
        $heap->{idle} = {};
        print "$_: ", join(' ', @{ delete $heap->{got}{$_} || ['nothing'] }), ', at ', $heap->{"by_$_"}->tell, "\n" for sort values %{ $heap->{name} };
        my $times = ++$heap->{times};
        if ($times == 1) { add("c\n") }
        if ($times == 2) { $heap->{by_name}->event(InputEvent => 'other'); add("d\n") }
        if ($times == 3) { delete @$heap{qw(by_name by_handle)} }
      },
      other => sub { print "other $_[ARG0]\n" },
      _stop => sub { print "stopped\n" },
    },
  );
}

for my $bad ([ InputEvent => 'x' ], [ Filename => $log ], [ Filename => $log, Handle => \*STDIN, InputEvent => 'x' ], [ Filename => $log, InputEvent => 'x', Seek => 1, SeekBack => 1 ],
  [ Filename => $log, Handle => \*STDIN ]) {
  print 'new with ', join(' ', map { $_ eq $log ? 'log' : ref || $_ } @$bad), ': ', eval { POE::Wheel::FollowTail->new(@$bad); 1 } ? 'fine' : 'dies', "\n";
}
begin();
POE::Kernel->run;
