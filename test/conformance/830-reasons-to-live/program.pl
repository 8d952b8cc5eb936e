#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# Who is alive for which reason: names, tags, children, postbacks and callbacks, watched signals and IDLE, in many small families.

sub family {
  my ($title, %states) = @_;
  print "-- $title\n";
  my $stop = $states{_stop};
  POE::Session->create(
    inline_states => {
      %states,
      _stop   => sub { print "  parent stops", $stop ? $stop->(@_) : '', "\n"; 'gone' },
      _child  => sub { print "  _child $_[ARG0] ", ref $_[ARG1] ? 'of ' . $_[KERNEL]->alias_list($_[ARG1]) : '', ' ', defined $_[ARG2] ? $_[ARG2] : 'nothing', "\n" },
      _parent => sub { print "  parent has another parent\n" },
    },
  );
  POE::Kernel->run;
}

sub child {
  my ($name, %states) = @_;
  POE::Session->create(
    inline_states => {
      _start  => sub { $_[KERNEL]->alias_set($name); "value of $name" },
      _stop   => sub { print "  $name stops\n"; "last of $name" },
      leave   => sub { $_[KERNEL]->alias_remove($name) },
      _parent => sub { print "  $name: from ", ref $_[ARG0], ' to ', $_[ARG1] == $_[KERNEL] ? 'the kernel' : 'another', "\n" },
      %states,
    },
  );
}

family('a name alone ends by IDLE, and who handles IDLE ends by ZOMBIE',
  _start => sub { $_[KERNEL]->alias_set('p'); $_[KERNEL]->sig($_ => 'heard') for qw(IDLE ZOMBIE) },
  heard  => sub { print "  heard $_[ARG0]\n"; $_[KERNEL]->sig_handled },
);

family('IDLE gives a new lease',
  _start => sub { $_[KERNEL]->alias_set('p'); $_[KERNEL]->sig(IDLE => 'idle'); $_[HEAP]{left} = 2 },
  idle   => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; print "  idle, $heap->{left} left\n"; if ($heap->{left}-- > 0) { $kernel->delay(work => 0.02); $kernel->sig_handled } },
  work   => sub { print "  works\n" },
);

family('a tag keeps it, and another session takes the tag away',
  _start => sub {
    my ($kernel, $session) = @_[KERNEL, SESSION];
    my $id = $session->ID;
    print '  counts ', join(' ', map $kernel->refcount_increment($id, $_), qw(a a b)), "\n";
    child('helper', release => sub {
      my $kernel = $_[KERNEL];
      print '  counts ', join(' ', map $kernel->refcount_decrement($id, $_), qw(a a b)), "\n";
    });
    $kernel->delay(ask => 0.02);
  },
  ask => sub { $_[KERNEL]->post(helper => 'release') },
);

family('a postback in the hands of a child keeps it, a callback too',
  _start => sub {
    my ($kernel, $session) = @_[KERNEL, SESSION];
    my %held = (post => $session->postback(answer => 'post'), call => $session->callback(answer => 'call'));
    child('keeper',
      use => sub {
        my ($kernel, $which) = @_[KERNEL, ARG0];
        my $result = $held{$which}->('given');
        print "  $which gave $result\n";
        delete $held{$which};
        $kernel->delay(use => 0.02, 'call') if $which eq 'post';
      },
    );
    $kernel->post(keeper => use => 'post');
  },
  answer => sub { my ($made, $given) = @_[ARG0, ARG1]; print "  answer @$made @$given to ", $_[SENDER] == $_[SESSION] ? 'itself' : $_[KERNEL]->alias_list($_[SENDER]), "\n"; 'thanks' },
);

family('children are reasons, and a child that is let go is none',
  _start => sub { child($_) for qw(Ann Bob); $_[KERNEL]->yield('let_go') },
  let_go => sub {
    my $kernel = $_[KERNEL];
    print '  let Ann go: ', $kernel->detach_child('Ann'), "\n";
    print '  again: ', defined $kernel->detach_child('Ann') ? 'yes' : $!{EPERM} ? 'EPERM' : 0 + $!, "\n";
    $kernel->post(Ann => 'leave');
  },
);

family('a stop in the middle: who hears what',
  _start => sub { child('Cid', _start => sub { $_[KERNEL]->alias_set('Cid'); child('Dan'); $_[KERNEL]->delay(never => 60); 'born' }); $_[KERNEL]->delay(end => 0.02) },
  end    => sub { print '  signal: ', $_[KERNEL]->signal('Cid', 'TERM', 'now'), "\n"; $_[KERNEL]->delay(after => 0.02) },
  after  => sub { print '  Cid is ', defined $_[KERNEL]->alias_resolve('Cid') ? 'there' : 'gone', ', Dan is ', defined $_[KERNEL]->alias_resolve('Dan') ? 'there' : 'gone', "\n" },
);
print "done\n";
