#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::ReadWrite Filter::Stackable Filter::Line Filter::Map Filter::Grep Filter::RecordBlock Filter::Block Filter::Stream Filter::Reference Pipe::TwoWay);

# Stacks of filters that are changed while records of theirs wait: in a wheel, in the middle of a chunk, with what was pending handed on.

sub shown { my $x = shift; return '[' . join(',', map { shown($_) } @$x) . ']' if ref $x eq 'ARRAY'; return '{' . join(',', map { "$_=" . shown($x->{$_}) } sort keys %$x) . '}' if ref $x; return 'undef' unless defined $x; $x =~ s/\n/\\n/g; $x =~ s/\r/\\r/g; $x =~ s/\0/\\0/g; return $x }
sub lines { POE::Filter::Line->new(Literal => "\n") }
sub words { POE::Filter::Map->new(Get => sub { split ' ', $_[0] }, Put => sub { ref $_[0] ? join " ", @{ $_[0] } : $_[0] }) }
sub upper { POE::Filter::Map->new(Code => sub { uc $_[0] }) }

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my ($ar, $aw, $br, $bw) = POE::Pipe::TwoWay->new;
      $heap->{near} = POE::Wheel::ReadWrite->new(
        InputHandle  => $ar, OutputHandle => $aw,
        InputEvent   => 'word', ErrorEvent => 'near_end',
        InputFilter  => POE::Filter::Stackable->new(Filters => [ lines(), words() ]),
        OutputFilter => POE::Filter::Stackable->new(Filters => [ lines(), upper(), words() ]),
      );
      $heap->{far} = POE::Wheel::ReadWrite->new(InputHandle => $br, OutputHandle => $bw, InputEvent => 'far', ErrorEvent => 'far_end', Filter => POE::Filter::Stream->new);
      print 'types: ', join(' ', map { s/.*:://r } $heap->{near}->get_input_filter->filter_types), "\n";
      $heap->{far}->put("a b\nc numbers d e\n1\n2\n3\nblock\nlost\n");
      $heap->{near}->put([ 'never', 'split' ], ['twice']);
    },
    word => sub {
      my ($heap, $word) = @_[HEAP, ARG0];
      print 'word ', shown($word), "\n";
      my $filter = $heap->{near}->get_input_filter;
      if ($word eq 'numbers') {
        $filter->push(POE::Filter::Grep->new(Code => sub { $_[0] =~ /^[\da-z]/ }));
        $filter->push(POE::Filter::Map->new(Code => sub { "<$_[0]>" }));
        print 'now: ', join(' ', map { s/.*:://r } $filter->filter_types), "\n";
      }
      elsif ($word eq '<block>') {
        print 'pop: ', ref($filter->pop) =~ s/.*:://r, "\n";
        print 'left: ', join(' ', map { s/.*:://r } $filter->filter_types), "\n";
        $heap->{near}->event(InputEvent => 'block');
        $heap->{near}->set_input_filter(POE::Filter::Block->new);
        print 'pending: ', shown($heap->{near}->get_input_filter->get_pending), "\n";
        $heap->{far}->put("4\0wxyz3\0abc7\0");
      }
    },
    block => sub {
      my ($kernel, $heap, $block) = @_[KERNEL, HEAP, ARG0];
      print 'block ', shown($block), ', pending ', shown($heap->{near}->get_input_filter->get_pending), "\n";
      if ($block eq 'abc') { $kernel->yield('answer') }
      if ($block eq '1234567') {
        $heap->{near}->set_filter(POE::Filter::Stackable->new(Filters => [ POE::Filter::Reference->new, POE::Filter::RecordBlock->new(BlockSize => 2) ]));
        $heap->{near}->event(InputEvent => 'pair');
        $kernel->yield('data');
      }
    },
    answer => sub {
      my ($heap) = $_[HEAP];
      $heap->{near}->set_output_filter(POE::Filter::Stackable->new(Filters => [ POE::Filter::Line->new(Literal => ';'), words() ]));
      $heap->{near}->put([ 'one', 'two' ], [ 'three' ]);
    },
    far => sub {
      my ($heap, $octets) = @_[HEAP, ARG0];
      $heap->{seen} .= $octets;
      return unless $heap->{seen} =~ /three;/;
      print 'far saw ', shown($heap->{seen}), "\n";
      $heap->{seen} = '';
      $heap->{far}->put('1234', '567');
    },
    data => sub {
      my $heap = $_[HEAP];
      $heap->{far}->set_output_filter(POE::Filter::Reference->new);
      $heap->{far}->put([ 1, 'x' ], { k => 'v' }, [ 'lone' ]);
    },
    pair => sub {
      my ($heap, $pair) = @_[HEAP, ARG0];
      print 'pair ', shown($pair), "\n";
      print 'types: ', join(' ', map { s/.*:://r } $heap->{near}->get_input_filter->filter_types), "\n";
      if ($pair->[0][0] eq 'lone') { delete $heap->{far} }
      else { $heap->{far}->put([ 'last' ]) }
    },
    near_end => sub { print "near: $_[ARG0] $_[ARG1]\n"; delete $_[HEAP]{near} },
    far_end  => sub { print "far: $_[ARG0] $_[ARG1]\n"; delete $_[HEAP]{far} },
    _stop    => sub { print "stopped\n" },
  },
);
POE::Kernel->run;

# The same by hand.
my $stack = POE::Filter::Stackable->new(Filters => [ lines(), words(), POE::Filter::RecordBlock->new(BlockSize => 3) ]);
$stack->get_one_start([ "a b\nc d", " e\nf g h\ni" ]);
for (1 .. 4) { print 'one: ', shown($stack->get_one), "\n" }
print 'pending: ', shown($stack->get_pending), "\n";
print 'put: ', shown($stack->put([ [ [ 'x', 'y' ], ['z'] ], [ ['q'] ] ])), "\n";
my $copy = $stack->clone;
print 'copy: ', shown($copy->get([ "r s t\nu\n" ])), ', of the original: ', shown($stack->get([ "r\n" ])), "\n";
print 'empty: ', eval { shown(POE::Filter::Stackable->new->get([ 'as', 'is' ])) } || 'dies', ', ', shown(POE::Filter::Stackable->new->put([ 'as', 'is' ])), "\n";
my $inner = POE::Filter::Stackable->new(Filters => [ words(), upper() ]);
my $outer = POE::Filter::Stackable->new(Filters => [ lines(), $inner ]);
print 'nested: ', shown($outer->get([ "a b\nc\n" ])), "\n";
