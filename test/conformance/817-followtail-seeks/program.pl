#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::FollowTail Filter::Line Filter::Stream Driver::SysRW Pipe::OneWay);
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
sub append { my ($name, $text) = @_; open my $f, '>>', "$dir/$name" or die; print $f $text; close $f }
append('old', "a\nb\nc\n");
append('half', "x\ny");
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    my @e = (InputEvent => 'line', ErrorEvent => 'error', ResetEvent => 'reset', PollInterval => 0.1);
    $h->{t}{skip} = POE::Wheel::FollowTail->new(Filename => "$dir/old", @e);
    $h->{t}{top} = POE::Wheel::FollowTail->new(Filename => "$dir/old", Seek => 0, @e);
    $h->{t}{mid} = POE::Wheel::FollowTail->new(Filename => "$dir/old", Seek => 2, @e);
    $h->{t}{beyond} = POE::Wheel::FollowTail->new(Filename => "$dir/old", Seek => 1000, @e);
    $h->{t}{back} = POE::Wheel::FollowTail->new(Filename => "$dir/old", SeekBack => 3, @e);
    $h->{t}{allback} = POE::Wheel::FollowTail->new(Filename => "$dir/old", SeekBack => 1000, @e);
    $h->{t}{half} = POE::Wheel::FollowTail->new(Filename => "$dir/half", @e);
    $h->{t}{blocks} = POE::Wheel::FollowTail->new(Filename => "$dir/old", Seek => 0, Driver => POE::Driver::SysRW->new(BlockSize => 4), Filter => POE::Filter::Stream->new, @e);
    open $h->{fh}, '<', "$dir/old" or die;
    $h->{t}{handle} = POE::Wheel::FollowTail->new(Handle => $h->{fh}, Seek => 4, @e);
    my ($r, $w) = POE::Pipe::OneWay->new;
    $h->{pipe} = $w;
    $h->{t}{pipe} = POE::Wheel::FollowTail->new(Handle => $r, InputEvent => 'line', IdleEvent => 'idle');
    $h->{name}{ $h->{t}{$_}->ID } = $_ for keys %{ $h->{t} };
    syswrite $w, "in the pipe\n";
    $k->delay(grow => 0.5);
  },
  line => sub { my ($h, $l, $id) = @_[HEAP, ARG0, ARG1]; $l =~ s/\n/|/g; push @{ $h->{got}{ $h->{name}{$id} } }, $l },
  error => sub { my ($h, $op, $errno, $text, $id) = @_[HEAP, ARG0 .. ARG3]; push @{ $h->{got}{ $h->{name}{$id} } }, "error $op" },
  reset => sub { my ($h, $id) = @_[HEAP, ARG0]; push @{ $h->{got}{ $h->{name}{$id} } }, 'reset' },
  idle => sub { my ($h, $id) = @_[HEAP, ARG0]; push @{ $h->{got}{ $h->{name}{$id} } }, 'idle' },
  grow => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    print "position of $_: ", $h->{t}{$_}->tell, "\n" for qw(top skip);
    append('old', "d\n");
    append('half', "z\nw\n");
    close delete $h->{pipe};
    $k->delay(rename => 0.5);
  },
  rename => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    delete $h->{t}{blocks};
    $h->{t}{top}->event(InputEvent => 'line2');
    rename "$dir/old", "$dir/older";
    append('old', "new 1\nnew 2\n");
    $k->delay(finish => 0.6);
  },
  line2 => sub { my ($h, $l, $id) = @_[HEAP, ARG0, ARG1]; push @{ $h->{got}{ $h->{name}{$id} } }, "2:$l" },
  finish => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    print 'position of top: ', $h->{t}{top}->tell, "\n";
    delete $h->{t};
    for my $n (sort keys %{ $h->{got} }) { print "$n: ", join(' ', @{ $h->{got}{$n} }), "\n" }
  },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
POE::Session->create(inline_states => { _start => sub {
  for (
    [ 'neither', InputEvent => 'x' ], [ 'both', InputEvent => 'x', Filename => 'x', Handle => \*STDIN ], [ 'no event', Filename => "$dir/old" ],
    [ 'two seeks', InputEvent => 'x', Filename => "$dir/old", Seek => 0, SeekBack => 0 ], [ 'directory', InputEvent => 'x', Filename => $dir ],
  ) {
    my ($what, @p) = @$_;
    local $SIG{__WARN__} = sub { };
    print "$what: ", (eval { POE::Wheel::FollowTail->new(@p); 1 } ? 'made' : 'dies'), "\n";
  }
}, _stop => sub { } });
POE::Kernel->run;
