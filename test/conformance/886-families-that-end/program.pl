#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# Families: who is told what, and when, as members leave them in odd moments: in their _start and _stop, while they are called, by a signal, three generations at once.

my %name;
sub named { my $s = shift; !defined $s ? 'undef' : $s == $poe_kernel ? 'kernel' : $name{ $s->ID } || '?' }
sub v { defined $_[0] ? $_[0] : 'undef' }
sub member {
  my ($name, %is) = @_;
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($k, $s) = @_[KERNEL, SESSION];
        $name{ $s->ID } = $name;
        print "  $name starts, sender ", named($_[SENDER]), "\n";
        $is{start}->(@_) if $is{start};
        print "  $name has started\n";
        return "start of $name";
      },
      _stop => sub { print "  $name stops\n"; $is{stop}->(@_) if $is{stop}; print "  $name has stopped\n"; return "stop of $name" },
      _child => sub { print "  $name: $_[ARG0] ", named($_[ARG1]), ' ', v($_[ARG2]), ', sender ', named($_[SENDER]), ' in ', named($_[KERNEL]->get_active_session), "\n"; $is{child}->(@_) if $is{child} },
      _parent => sub { print "  $name: from ", named($_[ARG0]), ' to ', named($_[ARG1]), "\n"; $is{parent}->(@_) if $is{parent} },
      heard => sub { print "  $name hears $_[ARG0]\n" },
      work => sub { print "  $name works ", join(' ', map v($_), @_[ARG0 .. $#_]), ' for ', named($_[SENDER]), "\n"; $is{work} ? $is{work}->(@_) : 'done' },
      free => sub { $_[KERNEL]->alias_remove($name) ; print "  $name is free\n" },
    },
  );
}
sub hold { $_[KERNEL]->alias_set($name{ $_[SESSION]->ID }) }
sub scene {
  my ($title, $code) = @_;
  print "$title\n";
  $code->();
  my $ok = eval { POE::Kernel->run; 1 };
  print "  run died: $@\n" unless $ok;
}
scene('a child that detaches itself as it starts', sub {
  member('mother', start => sub { member('child', start => sub { print '  ', v($_[KERNEL]->detach_myself), "\n"; $_[KERNEL]->yield('work', 1) }); $_[KERNEL]->yield('work') });
});
scene('a grandchild moved up by its grandmother', sub {
  member('grandmother', start => sub {
    my $k = $_[KERNEL];
    member('mother', start => sub { hold(@_); member('child', start => sub { hold(@_) }) });
    print '  detach child: ', v($k->detach_child('child')), ' ', $! + 0, "\n";
    print '  detach mother: ', v($k->detach_child('mother')), "\n";
    $k->post($_ => 'free') for qw(mother child);
  });
});
scene('three generations by one signal', sub {
  member('grandmother', start => sub { hold(@_); member('mother', start => sub { hold(@_); $_[KERNEL]->sig(TERM => 'heard'); member('child', start => sub { hold(@_); $_[KERNEL]->sig(TERM => 'heard') }) }); $_[KERNEL]->delay(work => 0.02) },
    work => sub { $_[KERNEL]->signal('grandmother', 'TERM'); print "  signalled\n" });
});
scene('a mother who goes before her children', sub {
  member('grandmother', start => sub {
    hold(@_);
    member('mother', start => sub { hold(@_); member('first', start => sub { $_[KERNEL]->delay(work => 0.05) }, work => sub { print "  first is done\n" }); });
    $_[KERNEL]->yield('work');
  }, work => sub { $_[KERNEL]->call(mother => 'free'); print "  called\n"; $_[KERNEL]->yield('free') });
});
scene('an exchange of words in _stop', sub {
  member('mother', start => sub { hold(@_); member('child', start => sub { $_[KERNEL]->yield('work') }, stop => sub {
      my ($k, $s) = @_[KERNEL, SESSION];
      print '  to the mother: ', v($k->call(mother => work => 'last words')), "\n";
      print '  to itself: ', v($k->call($s, 'work', 'again')), "\n";
      print '  post: ', v($k->post($s, 'work', 'never')), "\n";
      $k->post(mother => 'work', 'post from the end');
      $k->yield('work', 'never');
      print '  active: ', named($k->get_active_session), ' ', $k->get_active_event, "\n";
    }) });
  $poe_kernel->post(mother => 'free');
});
scene('a child made in _stop', sub {
  member('mother', start => sub { $_[KERNEL]->yield('work') }, stop => sub { member('late', start => sub { $_[KERNEL]->yield('work', 'late') }) });
});
scene('a child made in _child', sub {
  my $n = 0;
  member('mother', start => sub { member('child 0') }, child => sub { my ($k, $what) = @_[KERNEL, ARG0]; member('child ' . ++$n) if $what eq 'lose' and $n < 2 });
});
scene('a mother asks a child that has no reason to live', sub {
  member('mother', start => sub {
    my $k = $_[KERNEL];
    my $child = member('child', start => sub { hold(@_) });
    print '  freed: ', v($k->call(child => 'free')), "\n";
    print '  asked: ', v($k->call($child, work => 'still')), ' ', $! + 0, "\n";
    print '  posted: ', v($k->post($child, work => 'still')), ' ', $! + 0, "\n";
    $k->yield(work => 'x');
  });
});
scene('a child that is called frees itself, and works on', sub {
  member('mother', start => sub {
    my $k = $_[KERNEL];
    member('child', start => sub { hold(@_) }, work => sub { my ($k, $s, $n) = @_[KERNEL, SESSION, ARG0]; $k->alias_remove('child'); if ($n) { print '  inner ', v($k->call($s, 'work', $n - 1)), "\n" } "level $n" });
    print '  got ', v($k->call(child => work => 2)), "\n";
    print '  there: ', named($k->alias_resolve('child')), "\n";
    $k->yield('work');
  });
});
scene('moved while the mother stops', sub {
  member('grandmother', start => sub { hold(@_); member('mother', start => sub { hold(@_); member('child', start => sub { hold(@_); }, parent => sub { print '  parent detach: ', v($_[KERNEL]->detach_myself), "\n" }) });
    $_[KERNEL]->yield('work') }, work => sub { $_[KERNEL]->signal('mother', 'KILL'); $_[KERNEL]->delay(free => 0.02); $_[KERNEL]->sig(KILL => 'heard') });
});
scene('stopped by the kernel in a nested call', sub {
  member('mother', start => sub {
    member('child', start => sub { hold(@_); $_[KERNEL]->delay(work => 5, 'never') }, work => sub { $_[KERNEL]->stop; print "  stop returned\n"; print '  and calls ', v($_[KERNEL]->call(mother => 'heard', 'me')), "\n"; 'stopped' });
    hold(@_); $_[KERNEL]->yield('work') }, work => sub { print '  nested: ', v($_[KERNEL]->call(child => 'work')), "\n" });
});
print "done\n";
