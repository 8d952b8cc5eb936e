#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# A family of classes behind the states of sessions: what is overridden, what is inherited, what one session adds to another, and what _default is told.

package Base;
use POE::Session;
sub new { my ($class, %o) = @_; bless { %o }, $class }
sub greet { my $self = $_[OBJECT]; print "  Base greet of ", ref $self || $self, " as $_[STATE]\n"; $self->helper('by greet') }
sub helper { my $self = shift; print "  Base helper (@_)\n"; 'base' }
sub leave { print "  Base leave, heap ", join(',', map "$_=$_[HEAP]{$_}", sort keys %{ $_[HEAP] }), "\n"; 'left' }
sub unknown { my ($self, $event, $args) = @_[OBJECT, ARG0, ARG1]; print "  unknown to ", ref $self || $self, ": $event(", scalar @$args, ") sender ", ($_[SENDER] == $_[KERNEL] ? 'kernel' : $_[SENDER] == $_[SESSION] ? 'self' : 'session'), ", state $_[STATE]\n"; "no $event" }
package Middle;
our @ISA = ('Base');
use POE::Session;
sub helper { my $self = shift; print "  Middle helper (@_)\n"; 'middle, ' . $self->SUPER::helper('again') }
package Leaf;
our @ISA = ('Middle');
use POE::Session;
sub greet { my $r = Base::greet(@_); print "  Leaf greet got $r\n"; "leaf($r)" }
package main;

my $leaf = Leaf->new(n => 1);
my $plain = Base->new(n => 2);
sub house {
  my ($name, %more) = @_;
  POE::Session->create(
    inline_states => {
      _start => sub { $_[KERNEL]->alias_set($name); $_[HEAP]{name} = $name; print "$name starts with ", join('|', map { defined $_ ? $_ : 'undef' } @_[ARG0 .. $#_]), "\n"; },
      add    => sub { my ($kernel, $event, @how) = @_[KERNEL, ARG0 .. $#_]; print "$name adds $event: ", $kernel->state($event, @how), "\n" },
      bye    => sub { $_[KERNEL]->alias_remove($name) },
      _stop  => sub { print "$name stops\n" },
    },
    %more,
  );
}
house('objects', object_states => [ $leaf => { greet => 'greet', _default => 'unknown' }, $plain => [ 'leave' ] ], args => [ 1, undef, '' ]);
house('packages', package_states => [ Middle => [ qw(greet leave) ], Leaf => { hello => 'greet', _default => 'unknown' } ], heap => { given => 1 });
house('both', inline_states => {
    _start => sub { $_[KERNEL]->alias_set('both'); print "both starts\n" },
    bye => sub { $_[KERNEL]->alias_remove('both') } },
  object_states => [ $plain => [ 'greet' ], $leaf => { greet => 'leave' } ], package_states => [ Base => [ 'leave' ] ]);

sub v { my $v = shift; defined $v ? $v : 'undef' }
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      for my $to (qw(objects packages both)) {
        for my $event (qw(greet hello leave nothing)) {
          my $r = $kernel->call($to, $event, 1, [2]);
              print "$to $event: ", v($r), "\n";
        }
        $kernel->post($to, 'posted_nothing', $to);
      }
      print "add to objects\n";
      $kernel->call(objects => add => extra => sub { "extra as $_[STATE], object " . v($_[OBJECT]) });
      $kernel->call(objects => add => greet => $plain);
      $kernel->call(objects => add => wave => $leaf, 'greet');
      $kernel->call(packages => add => greet => 'Leaf');
      $kernel->call(packages => add => part => 'Base', 'leave');
      $kernel->call(both => add => '_default', sub { print "  both default $_[ARG0] ", v($_[ARG1][0]), "\n"; scalar @{ $_[ARG1] } });
      for my $pair ([qw(objects extra)], [qw(objects greet)], [qw(objects wave)], [qw(packages greet)], [qw(packages part)], [qw(both what)], [qw(both where)]) {
        print "@$pair: ", v(scalar $kernel->call(@$pair, 'a', 'b')), "\n";
      }
      $kernel->call(objects => add => 'greet');
      $kernel->call(objects => add => 'greet');
      $kernel->call(objects => add => '_default');
      print "objects greet now: ", v(scalar $kernel->call(objects => 'greet')), "\n";
      $kernel->sig(PING => 'heard');
      $kernel->signal($_[SESSION], 'PING', 1, 'two');
      $kernel->alarm(alarmed => time - 1, 'x');
      $kernel->delay(delayed => 0.01, 'y');
      my $post = $_[SESSION]->postback(called_back => 1, 2);
      print "postback ", v($post->(3, 4)), "\n";
      my $call = $_[SESSION]->callback(called_at_once => 5);
      print "callback ", v(scalar $call->(6)), "\n";
      POE::Session->create(inline_states => { _start => sub { 'child value' }, _stop => sub { 'stop value' } });
      $kernel->post($_, 'bye') for qw(objects packages both);
      'start value';
    },
    _default => sub {
      my ($event, $args) = @_[ARG0, ARG1];
      my $sender = $_[SENDER] == $_[KERNEL] ? 'kernel' : $_[SENDER] == $_[SESSION] ? 'self' : 'other';
      print "visitor default: $event from $sender (", join(', ', map { ref $_ eq 'ARRAY' ? "[" . join(' ', map v($_), @$_) . "]" : ref $_ ? ref $_ : v($_) } @$args), ")\n";
      return "default $event";
    },
  },
);
POE::Kernel->run;
print "--\n";
for my $bad (
  [ 'no _start', sub { POE::Session->create(inline_states => { x => sub { print "x\n" } }) } ],
  [ 'empty', sub { POE::Session->create() } ],
  [ 'twice object', sub { POE::Session->create(object_states => [ $leaf ]) } ],
  [ 'states no list', sub { POE::Session->create(object_states => { a => 1 }) } ],
  [ 'package missing', sub { POE::Session->create(inline_states => { _start => sub { } }, package_states => [ Base => [ 'nix' ] ]) } ],
  [ 'args no list', sub { POE::Session->create(inline_states => { _start => sub { } }, args => 'x') } ],
) {
  my $r = eval { $bad->[1]->(); 1 };
  my $e = $@; $e =~ s/ at \S+ line.*//s;
  print "$bad->[0]: ", $r ? 'fine' : 'refused', "\n";
  POE::Kernel->run;
}
