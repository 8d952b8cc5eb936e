#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::ReadWrite Pipe::TwoWay);

# Exceptions in odd places: in events of wheels between two records, in _child, in callbacks and postbacks, and in a handler of DIE.

sub text { my $text = $_[0]; $text =~ s/\n(?=.)/ | /g; chomp $text; $text }

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my ($ar, $aw, $br, $bw) = POE::Pipe::TwoWay->new;
      $heap->{far} = POE::Wheel::ReadWrite->new(InputHandle => $br, OutputHandle => $bw);
      $heap->{near} = POE::Wheel::ReadWrite->new(InputHandle => $ar, OutputHandle => $aw, InputEvent => 'line');
      $heap->{far}->put('one', 'two', 'three', 'four');
      $kernel->sig(DIE => 'mishap');
    },
    line => sub {
      my ($heap, $line) = @_[HEAP, ARG0];
      print "line $line\n";
      die "cannot take $line\n" if $line eq 'two' or $line eq 'three';
      $_[KERNEL]->yield('family') if $line eq 'four';
    },
    mishap => sub {
      my ($kernel, $name, $details) = @_[KERNEL, ARG0, ARG1];
      my ($event) = $details->{event} =~ /([\w ]+)\z/;
      my $from = $details->{from_state} // 'nowhere';
      print "$name in '$event' from $from: ", text($details->{error_str}), "\n";
      $_[HEAP]{far}->put('more') if $event eq ' select read';
      $kernel->sig_handled;
    },
    family => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      delete @$heap{qw(near far)};
      POE::Session->create(
        inline_states => {
          _start => sub { $_[KERNEL]->yield('leave'); 'born' },
          leave  => sub { print "child leaves\n" },
          _stop  => sub { 'bye' },
        },
      );
      print "child is there\n";
      $kernel->yield('ask_postback');
      $kernel->yield('ask_callback');
      $kernel->yield('ask_call');
    },
    ask_postback => sub {
      my $postback = $_[SESSION]->postback('fragile', 'postback');
      print 'postback gave ', $postback->('later'), "\n";
    },
    ask_callback => sub {
      my $callback = $_[SESSION]->callback('fragile', 'callback');
      $callback->('now');
      print "not reached\n";
    },
    ask_call => sub {
      $_[KERNEL]->call($_[SESSION], 'fragile', ['call'], ['now']);
      print "not reached\n";
    },
    fragile => sub {
      my ($made, $given) = @_[ARG0, ARG1];
      print "fragile by $made->[0], $given->[0]\n";
      die "broken by $made->[0]\n";
    },
    _child => sub {
      my ($kernel, $what, $child, $value) = @_[KERNEL, ARG0 .. ARG2];
      print "_child $what $value\n";
      die "no children please\n" if $what eq 'lose';
    },
    _stop => sub { print "stopped\n" },
  },
);
POE::Kernel->run;
print "--\n";

POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->sig(DIE => 'helper');
      $_[KERNEL]->yield('fail');
      $_[KERNEL]->delay(never => 60);
    },
    fail   => sub { die "first\n" },
    helper => sub { print 'helper: ', text($_[ARG1]{error_str}), "\n"; die "second\n" },
    never  => sub { print "never\n" },
    _stop  => sub { print "stopped\n" },
  },
);
my $lived = eval { POE::Kernel->run; 1 };
print 'run ', $lived ? 'returned' : 'died: ' . text($@), "\n";
