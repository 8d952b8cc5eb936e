#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
# A filter and a wheel of one's own.
package Filter::Csv;
use base 'POE::Filter';
sub new { my ($class, %p) = @_; bless { buffer => '', separator => $p{Separator} || ',' }, $class }
sub get_one_start { my ($self, $chunks) = @_; $self->{buffer} .= join '', @$chunks }
sub get_one { my $self = shift; return [] unless $self->{buffer} =~ s/^(.*?)\r?\n//; return [ [ split /\Q$self->{separator}\E/, $1, -1 ] ] }
sub put { my ($self, $records) = @_; [ map { join($self->{separator}, @$_) . "\n" } @$records ] }
sub get_pending { my $self = shift; length $self->{buffer} ? [ $self->{buffer} ] : undef }
sub clone { my $self = shift; Filter::Csv->new(Separator => $self->{separator}) }
package Wheel::Countdown;
use POE;
use base 'POE::Wheel';
sub new {
  my ($class, %p) = @_;
  my $self = bless { id => &POE::Wheel::allocate_wheel_id, left => $p{From}, tick => $p{TickEvent}, done => $p{DoneEvent} }, $class;
  my $id = $self->{id};
  my ($left, $tick, $done) = \@$self{qw(left tick done)};
  $self->{state} = ref($self) . "($id) -> tick";
  my $state = $self->{state};
  $poe_kernel->state($state => sub {
    my ($k, $session) = @_[KERNEL, SESSION];
    if ($$left > 0) { my $n = $$left--; $k->delay($state => 0.01); $k->call($session, $$tick, $n, $id) if defined $$tick }
    else { $k->call($session, $$done, $id) }
  });
  $poe_kernel->delay($state => 0.01);
  return $self;
}
sub event { my ($self, %p) = @_; $self->{tick} = $p{TickEvent} if exists $p{TickEvent}; $self->{done} = $p{DoneEvent} if exists $p{DoneEvent} }
sub ID { $_[0]{id} }
sub DESTROY { my $self = shift; $poe_kernel->delay($self->{state}); $poe_kernel->state($self->{state}); POE::Wheel::free_wheel_id($self->{id}) }
package main;
use POE qw(Wheel::ReadWrite Filter::Stackable Filter::Map);
use Socket;
my $f = Filter::Csv->new(Separator => ';');
print 'records: ', join(' ', map { '[' . join('|', @$_) . ']' } @{ $f->get([ "a;b\nc;;d\n;x" ]) }), "\n";
print 'pending: ', $f->get_pending->[0], ', clone pending: ', (defined $f->clone->get_pending ? 'some' : 'none'), "\n";
my $stack = POE::Filter::Stackable->new(Filters => [ $f->clone, POE::Filter::Map->new(Get => sub { +{ name => $_[0][0], n => $_[0][1] } }, Put => sub { [ $_[0]{name}, $_[0]{n} ] }) ]);
print 'stacked: ', join(' ', map { "$_->{name}=$_->{n}" } @{ $stack->get([ "one;1\ntwo;2\n" ]) }), ', put: ', join('', @{ $stack->put([ { name => 'x', n => 9 } ]) });
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
    $h->{a} = POE::Wheel::ReadWrite->new(Handle => $a, Filter => Filter::Csv->new, InputEvent => 'row', ErrorEvent => 'end');
    $h->{b} = POE::Wheel::ReadWrite->new(Handle => $b, Filter => Filter::Csv->new, InputEvent => 'row', ErrorEvent => 'end');
    $h->{c} = Wheel::Countdown->new(From => 4, TickEvent => 'tick', DoneEvent => 'done');
    $h->{d} = Wheel::Countdown->new(From => 100, TickEvent => undef, DoneEvent => 'never');
    print 'ids count up: ', ($h->{a}->ID < $h->{b}->ID && $h->{b}->ID < $h->{c}->ID && $h->{c}->ID < $h->{d}->ID ? 'yes' : 'no'), "\n";
  },
  tick => sub { my ($h, $left, $id) = @_[HEAP, ARG0, ARG1]; print "tick $left\n"; $h->{a}->put([ 'tick', $left ]); $h->{c}->event(TickEvent => 'tock') if $left == 3 },
  tock => sub { my ($h, $left, $id) = @_[HEAP, ARG0, ARG1]; print "tock $left, id ", ($id == $h->{c}->ID ? 'ok' : 'wrong'), "\n"; $h->{c}->event(TickEvent => undef) if $left == 2 },
  row => sub { my ($h, $row) = @_[HEAP, ARG0]; print 'row ', join('|', @$row), "\n" },
  done => sub { my $h = $_[HEAP]; print "done\n"; delete @$h{qw(a c d)} },
  never => sub { print "never\n" },
  end => sub { my ($h, $op, $errno) = @_[HEAP, ARG0, ARG1]; print "end $op $errno\n"; delete $h->{b} },
  _default => sub { print "default $_[ARG0]\n" unless $_[ARG0] =~ /^_/; return },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
