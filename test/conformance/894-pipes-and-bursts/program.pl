#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::ReadWrite Filter::Line Filter::Stream Filter::Block Driver::SysRW Pipe::OneWay Pipe::TwoWay);

# Bursts through pipes: separate handles, drivers of small blocks, marks crossed up and down, pauses within a burst, the figures of the driver, and last words.

sub line { POE::Filter::Line->new(Literal => "\n") }
sub figures { my $w = shift; $w->get_driver_out_octets . '/' . $w->get_driver_out_messages }

my @steps = (
  [ 'small blocks' => {
    _start => sub {
      my $heap = $_[HEAP];
      my ($in_r, $in_w)   = POE::Pipe::OneWay->new;
      my ($out_r, $out_w) = POE::Pipe::OneWay->new;
      $heap->{wheel} = POE::Wheel::ReadWrite->new(
        InputHandle => $in_r, OutputHandle => $out_w, Driver => POE::Driver::SysRW->new(BlockSize => 4),
        InputFilter => POE::Filter::Stream->new, OutputFilter => line(),
        InputEvent => 'octets', ErrorEvent => 'error', FlushedEvent => 'flushed',
      );
      $heap->{out} = $out_r;
      syswrite $in_w, 'abcdefghij';
      close $in_w;
    },
    octets => sub {
      my ($heap, $octets) = @_[HEAP, ARG0];
      print "octets $octets\n";
      $heap->{wheel}->put(uc $octets);
      print 'figures ', figures($heap->{wheel}), "\n" if $octets eq 'abcd';
    },
    flushed => sub { $_[HEAP]{flushed}++ },
    error   => sub {
      my ($kernel, $heap, $operation, $errno, $text) = @_[KERNEL, HEAP, ARG0 .. ARG2];
      print "$operation $errno '$text'\n";
      print 'put: ', $heap->{wheel}->put('after the end') ? 'full' : 'fine', "\n";
      $heap->{wheel}->event(FlushedEvent => 'last');
    },
    last => sub {
      my $heap = $_[HEAP];
      sysread $heap->{out}, my $all, 1000;
      print 'written: ', join(' ', split /\n/, $all), "\n";
      print 'figures ', figures($heap->{wheel}), "\n";
      delete $heap->{wheel};
    },
  } ],
  [ 'marks' => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my ($ar, $aw, $br, $bw) = POE::Pipe::TwoWay->new;
      $heap->{near} = POE::Wheel::ReadWrite->new(
        InputHandle => $ar, OutputHandle => $aw, Filter => line(), InputEvent => 'never', FlushedEvent => 'flushed', ErrorEvent => 'error',
        HighMark => 20, LowMark => 10, HighEvent => 'high', LowEvent => 'low',
      );
      $heap->{far} = POE::Wheel::ReadWrite->new(InputHandle => $br, OutputHandle => $bw, Filter => line(), InputEvent => 'line', ErrorEvent => 'error');
      for my $n (1 .. 6) { print "put $n: ", $heap->{near}->put("line $n") ? 'full' : 'fine', ', ', figures($heap->{near}), "\n" }
      print 'flush: ', eval { $heap->{near}->flush; 1 } ? 'fine' : 'dies', ', ', figures($heap->{near}), "\n";
      print 'put 7: ', $heap->{near}->put('line 7') ? 'full' : 'fine', ', ', figures($heap->{near}), "\n";
      $kernel->yield('beside');
    },
    beside  => sub { print "beside\n" },
    high    => sub { print 'high, ', figures($_[HEAP]{near}), "\n" },
    low     => sub { print 'low, ', figures($_[HEAP]{near}), "\n" },
    flushed => sub { print 'flushed, ', figures($_[HEAP]{near}), "\n" },
    line    => sub {
      my ($heap, $line) = @_[HEAP, ARG0];
      print "$line\n";
      return unless $line eq 'line 7' or $line eq 'bigger';
      if ($line eq 'line 7') {
        $heap->{near}->event(HighEvent => 'higher', LowEvent => undef);
        $heap->{near}->put('x' x 30, 'bigger');
      }
      else { delete $heap->{near} }
    },
    higher => sub { print 'higher, ', figures($_[HEAP]{near}), "\n" },
    error  => sub { print "$_[ARG0] $_[ARG1]\n"; delete $_[HEAP]{far} },
  } ],
  [ 'pauses' => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my ($ar, $aw, $br, $bw) = POE::Pipe::TwoWay->new;
      $heap->{near} = POE::Wheel::ReadWrite->new(
        InputHandle => $ar, OutputHandle => $aw, Filter => POE::Filter::Block->new(BlockSize => 2), Driver => POE::Driver::SysRW->new(BlockSize => 6),
        InputEvent => 'pair', ErrorEvent => 'error',
      );
      $heap->{far} = POE::Wheel::ReadWrite->new(InputHandle => $br, OutputHandle => $bw, Filter => POE::Filter::Stream->new, InputEvent => 'back', FlushedEvent => 'written');
      $heap->{far}->put('a1a2a3b1b2b3c1c2c3d');
    },
    written => sub { print "written\n"; $_[HEAP]{far}->shutdown_output },
    pair => sub {
      my ($kernel, $heap, $pair) = @_[KERNEL, HEAP, ARG0];
      print "pair $pair\n";
      if ($pair eq 'a2') { $heap->{near}->pause_input; $kernel->delay(resume => 0.1) }
      if ($pair eq 'b3') { $heap->{near}->event(InputEvent => undef); $kernel->delay(listen => 0.1) }
      if ($pair eq 'c1') { $heap->{near}->pause_input; $heap->{near}->resume_input; $heap->{near}->put('back') }
    },
    resume => sub { print "resumed\n"; $_[HEAP]{near}->resume_input },
    listen => sub { print "listening\n"; $_[HEAP]{near}->event(InputEvent => 'pair') },
    back   => sub { print "back $_[ARG0]\n"; $_[HEAP]{back}++ },
    error  => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      print "$_[ARG0] $_[ARG1], pending ", join('', @{ $heap->{near}->get_input_filter->get_pending || ['nothing'] }), "\n";
      $kernel->delay(done => 0.1);
    },
    done => sub { delete @{ $_[HEAP] }{qw(near far)} },
  } ],
  [ 'last words' => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my ($ar, $aw, $br, $bw) = POE::Pipe::TwoWay->new;
      $heap->{far}  = $br;
      $heap->{near} = POE::Wheel::ReadWrite->new(InputHandle => $ar, OutputHandle => $aw, Filter => line(), InputEvent => 'line', FlushedEvent => 'flushed');
      $heap->{keep} = $bw;
      $heap->{near}->put('first');
    },
    flushed => sub { print "flushed\n"; $_[KERNEL]->signal($_[SESSION], 'KILL') },
    _stop   => sub {
      my $heap = $_[HEAP];
      print 'put: ', $heap->{near}->put('last words') ? 'full' : 'fine', ', ', figures($heap->{near}), "\n";
      $main::far = $heap->{far};
      delete $heap->{near};
    },
  } ],
  [ 'what came of them' => {
    _start => sub {
      sysread $main::far, my $all, 1000;
      print join('|', split /\n/, $all), "\n";
    },
  } ],
);
POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->yield('next') },
    next   => sub {
      my $step = shift @steps or return;
      print "-- $step->[0]\n";
      POE::Session->create(inline_states => { _stop => sub { print "stopped\n" }, %{ $step->[1] } });
    },
    _child => sub { $_[KERNEL]->yield('next') if $_[ARG0] eq 'lose' },
  },
);
POE::Kernel->run;
