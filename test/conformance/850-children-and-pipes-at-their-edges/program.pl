#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::Run Wheel::ReadWrite Filter::Line Filter::Stream Pipe::TwoWay);

# Children and pipes at their edges: what comes of put after the end, of events turned off and on, of kill after death, of a wheel that is destroyed in its own event.

my @steps = (
  sub {
    print "-- a child that ends while its wheel is paused\n";
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel, $heap) = @_[KERNEL, HEAP];
          $heap->{wheel} = POE::Wheel::Run->new(
            Program     => [ 'sh', '-c', 'echo one; echo two; echo three >&2; exit 3' ],
            StdoutEvent => 'out', StderrEvent => 'err', CloseEvent => 'closed',
          );
          $heap->{wheel}->pause_stdout;
          $kernel->sig_child($heap->{wheel}->PID, 'ended', 'sh');
        },
        out   => sub { print "out $_[ARG0]\n" },
        err   => sub { print "err $_[ARG0]\n" },
        ended => sub {
          my ($kernel, $heap, $name, $pid, $status, $what) = @_[KERNEL, HEAP, ARG0 .. ARG3];
          print "$name of $what: ", $status >> 8, "\n";
          print 'kill: ', $heap->{wheel}->kill(0) ? 'still there' : 'gone', "\n";
          $kernel->delay(resume => 0.1);
        },
        resume => sub { print "resumed\n"; $_[HEAP]{wheel}->resume_stdout },
        closed => sub { print "closed\n"; delete $_[HEAP]{wheel}; next_step() },
        _stop  => sub { print "stopped\n" },
      },
    );
  },
  sub {
    print "-- events turned off and on\n";
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel, $heap) = @_[KERNEL, HEAP];
          $heap->{wheel} = POE::Wheel::Run->new(Program => 'cat', StdoutEvent => 'out', StdinEvent => 'flushed', CloseEvent => 'closed');
          $kernel->sig_child($heap->{wheel}->PID, 'ended');
          print 'put: ', $heap->{wheel}->put('first') ? 'full' : 'fine', "\n";
        },
        flushed => sub { my $heap = $_[HEAP]; print "flushed\n" if !$heap->{flushed}++; },
        out => sub {
          my ($heap, $line) = @_[HEAP, ARG0];
          print "out $line\n";
          if ($line eq 'first') { $heap->{wheel}->event(StdoutEvent => 'other'); $heap->{wheel}->put('second', 'third') }
        },
        other => sub {
          my ($heap, $line) = @_[HEAP, ARG0];
          print "other $line\n";
          if ($line eq 'third') {
            $heap->{wheel}->shutdown_stdin;
            print 'put after shutdown: ', eval { $heap->{wheel}->put('x'); 1 } ? 'fine' : 'dies', "\n";
          }
        },
        closed => sub { print "closed\n"; $_[HEAP]{closed}++; ready($_[HEAP]) },
        ended  => sub { $_[HEAP]{status} = $_[ARG2]; ready($_[HEAP]) },
        _stop  => sub { print "stopped\n" },
      },
    );
  },
  sub {
    print "-- a wheel destroyed in its own event\n";
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel, $heap) = @_[KERNEL, HEAP];
          my ($ar, $aw, $br, $bw) = POE::Pipe::TwoWay->new;
          $heap->{a} = POE::Wheel::ReadWrite->new(InputHandle => $ar, OutputHandle => $aw, InputEvent => 'line', ErrorEvent => 'error');
          $heap->{b} = POE::Wheel::ReadWrite->new(InputHandle => $br, OutputHandle => $bw, InputEvent => 'heard', ErrorEvent => 'error', FlushedEvent => 'flushed');
          $heap->{b}->put('one', 'two', 'three');
          print 'messages ', $heap->{b}->get_driver_out_messages, ', octets ', $heap->{b}->get_driver_out_octets, "\n";
        },
        flushed => sub { print 'flushed, octets ', $_[HEAP]{b}->get_driver_out_octets, "\n" },
        heard   => sub { print "heard $_[ARG0]\n" },
        line    => sub {
          my ($heap, $line, $id) = @_[HEAP, ARG0, ARG1];
          print "line $line\n";
          if ($line eq 'two') { $heap->{a}->put('leaving'); delete $heap->{a} }
        },
        error => sub {
          my ($heap, $operation, $errno, $text, $id) = @_[HEAP, ARG0 .. ARG3];
          print "$operation error $errno of ", $heap->{b}->ID == $id ? 'b' : 'a', "\n";
          delete $heap->{b};
          next_step();
        },
        _stop => sub { print "stopped\n" },
      },
    );
  },
);

sub ready {
  my $heap = $_[0];
  return unless $heap->{closed} and defined $heap->{status};
  print "exit $heap->{status}\n";
  delete $heap->{wheel};
  next_step();
}

sub next_step { my $step = shift @steps or return; $poe_kernel->post(stepper => step => $step) }

POE::Session->create(
  inline_states => {
    _start => sub { $_[KERNEL]->alias_set('stepper'); next_step() },
    step   => sub { $_[ARG0]->() },
    _child => sub {},
  },
);
POE::Kernel->run;
print "done\n";
