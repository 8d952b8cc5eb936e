#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::ReadWrite Filter::Line Filter::Block Filter::Stream Pipe::TwoWay Driver::SysRW);
use Socket;
socketpair(my $pa, my $pb, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
POE::Session->create(inline_states => {
  _start => sub {
    my $h = $_[HEAP];
    $h->{a} = POE::Wheel::ReadWrite->new(
      Handle => $pa, InputFilter => POE::Filter::Line->new(Literal => "\n"), OutputFilter => POE::Filter::Stream->new,
      InputEvent => 'line', FlushedEvent => 'a_flushed', ErrorEvent => 'a_error',
      Driver => POE::Driver::SysRW->new(BlockSize => 4096),
    );
    $h->{b} = POE::Wheel::ReadWrite->new(
      Handle => $pb, Filter => POE::Filter::Stream->new, InputEvent => 'b_in', FlushedEvent => 'b_flushed',
      ErrorEvent => 'b_error', HighMark => 10, LowMark => 5, HighEvent => 'b_high', LowEvent => 'b_low',
    );
    print ref $h->{a}->get_input_filter, ' ', ref $h->{a}->get_output_filter, "\n";
    print 'same filter ', ($h->{b}->get_input_filter == $h->{b}->get_output_filter ? 1 : 0), "\n";
    print 'put ', $h->{b}->put("one\nBLOCK\nabc"), "\n";
    print 'put ', $h->{b}->put("defghLINE\ntwo\n"), "\n";
    print 'octets ', $h->{b}->get_driver_out_octets, ' messages ', $h->{b}->get_driver_out_messages, "\n";
    print 'pause ', ($h->{a}->pause_input ? 1 : 0), ' resume ', ($h->{a}->resume_input ? 1 : 0), "\n";
  },
  line => sub {
    my ($heap, $line, $id) = @_[HEAP, ARG0, ARG1];
    print "line [$line] ", ($id == $heap->{a}->ID ? 1 : 0), "\n";
    if ($line eq 'BLOCK') {
      $heap->{a}->event(InputEvent => "block");
      $heap->{a}->set_input_filter(POE::Filter::Block->new(BlockSize => 4));
      print "switched\n";
    }
    if ($line eq 'two') {
      print 'put ', $heap->{a}->put('x' x 8, 'y' x 8), "\n";
      $heap->{a}->flush;
      $heap->{a}->shutdown_output;
    }
  },
  block => sub {
    my ($heap, $block) = @_[HEAP, ARG0];
    print "block [$block]\n";
    if ($block eq 'efgh') {
      $heap->{a}->event(InputEvent => "line");
      $heap->{a}->set_filter(POE::Filter::Line->new(Literal => "\n"));
    }
  },
  a_flushed => sub { print "a flushed\n" },
  b_flushed => sub { print "b flushed\n" },
  b_high => sub { print "b high\n" },
  b_low => sub { print "b low\n" },
  b_in => sub { print "b in [$_[ARG0]]\n"; },
  a_error => sub { print "a error $_[ARG0] $_[ARG1] [$_[ARG2]]\n"; delete $_[HEAP]{a} },
  b_error => sub {
    $_[KERNEL]->delay(over => 0.1);
    print "b error $_[ARG0] $_[ARG1] [$_[ARG2]]\n";
    delete $_[HEAP]{b};
  },
  over => sub { delete @{ $_[HEAP] }{qw(a b)} },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
