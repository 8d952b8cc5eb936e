#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::ReadWrite Filter::Line Filter::Stream Filter::Block Driver::SysRW);
use Fcntl;
use POSIX 'mkfifo';
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
open my $out, '>', "$dir/in" or die; print $out "line $_\n" for 1 .. 5; print $out 'no newline'; close $out;
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    # a copy of a file, in upper case, in small blocks
    open my $in, '<', "$dir/in" or die;
    open my $out, '>', "$dir/out" or die;
    $h->{copy} = POE::Wheel::ReadWrite->new(
      InputHandle => $in, OutputHandle => $out, Driver => POE::Driver::SysRW->new(BlockSize => 7),
      InputFilter => POE::Filter::Line->new(Literal => "\n"), OutputFilter => POE::Filter::Line->new(Literal => "\n"),
      InputEvent => 'line', ErrorEvent => 'copied', FlushedEvent => 'flushed',
    );
  },
  line => sub { my ($h, $l) = @_[HEAP, ARG0]; push @{ $h->{seen} }, $l; $h->{copy}->put(uc $l) },
  copied => sub {
    my ($k, $h, $op, $errno) = @_[KERNEL, HEAP, ARG0, ARG1];
    print "copied: $op $errno, ", scalar(@{ $h->{seen} }), " lines, pending ", join('', @{ $h->{copy}->get_input_filter->get_pending || [] }), "\n";
    $h->{ended} = 1;
    $k->yield('check');
  },
  flushed => sub { $_[KERNEL]->yield('check') },
  check => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    return unless $h->{ended} && $h->{copy} && !$h->{copy}->get_driver_out_octets;
    delete $h->{copy};
    open my $f, '<', "$dir/out" or die; local $/; print 'file: ', join('|', split /\n/, <$f>), "\n";
    $k->yield('fifo');
  },
  fifo => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    mkfifo("$dir/fifo", 0600) or die;
    sysopen my $r, "$dir/fifo", O_RDWR | O_NONBLOCK or die;
    $h->{fifo} = POE::Wheel::ReadWrite->new(InputHandle => $r, OutputHandle => \*STDERR, Filter => POE::Filter::Line->new(Literal => "\n"), InputEvent => 'word', ErrorEvent => 'fifo_error');
    $h->{words} = 0;
    $k->yield('write');
  },
  write => sub { open my $w, '>', "$dir/fifo" or die; my $n = ++$_[HEAP]{writes}; print $w "writer $n\n"; close $w },
  word => sub {
    my ($k, $h, $w) = @_[KERNEL, HEAP, ARG0];
    print "fifo: $w\n";
    if (++$h->{words} < 3) { $k->yield('write') } else { delete $h->{fifo}; print "no end of file between writers\n" }
  },
  fifo_error => sub { print "fifo error @_[ARG0, ARG1]\n"; delete $_[HEAP]{fifo} },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
