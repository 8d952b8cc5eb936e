#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# What is held, and by whom: postbacks in nested data and in other sessions, tags of several kinds, what is given back twice, and what remains when the holder ends first.

sub v { defined $_[0] ? $_[0] : 'undef' }
sub list { join ',', map { ref $_ eq 'ARRAY' ? '[' . list(@$_) . ']' : v($_) } @_ }
my %vault;
sub session { my ($name, %states) = @_; my $alias = delete $states{alias}; POE::Session->create(inline_states => { _start => sub { $_[HEAP]{name} = $name; $_[KERNEL]->alias_set($name) if $alias; $states{start}->(@_) if $states{start}; }, %states, _stop => sub { print "$name stops\n" } }) }
sub alive { join ' ', grep { defined $poe_kernel->alias_resolve($_) } qw(owner holder third clerk) }

print "postbacks\n";
session('holder', alias => 1,
  keep => sub {
    my ($k, $heap, $pb, $cb) = @_[KERNEL, HEAP, ARG0, ARG1];
    $heap->{kept} = { in => [ $pb, { cb => $cb } ] };
    $k->yield('use');
  },
  use => sub {
    my ($k, $heap) = @_[KERNEL, HEAP];
    my @l = $heap->{kept}{in}[1]{cb}->('list'); my $s = $heap->{kept}{in}[1]{cb}->('scalar', undef);
    print "  got @l and $s\n";
    $heap->{kept}{in}[0]->(undef, [ 'x' ]) for 1 .. 2;
    $vault{deep}{list}[3]{pb}->('again') for 1 .. 2;
    $_->() for @{ $vault{both} };
    $k->delay(drop => 0.02);
  },
  drop => sub {
    my ($k, $heap) = @_[KERNEL, HEAP];
    print "  drops\n";
    delete $vault{both};
    %vault = ();
    $k->delay(leave => 0.02);
  },
  leave => sub { print "  leaves with what it keeps\n"; $_[KERNEL]->alias_remove('holder'); $_[HEAP]{kept} = undef; },
);
session('owner', alias => 1,
  start => sub {
    my ($k, $s) = @_[KERNEL, SESSION];
    $vault{deep}{list}[3] = { pb => $s->postback('answered', 'deep', [ 1, [ 2 ] ]) };
    $vault{both} = [ ($s->postback('answered', 'both')) x 2 ];
    $k->post(holder => keep => $s->postback('answered', 'kept'), $s->callback('asked', 'c'));
    $k->alias_remove('owner');
  },
  answered => sub { my ($made, $given) = @_[ARG0, ARG1]; print '  answered ', list($made, $given), ' from ', v($_[SENDER]->get_heap->{name}), "\n"; push @$made, 'changed'; push @$given, 'changed' },
  asked => sub { print '  asked ', list(@_[ARG0, ARG1]), "\n"; return wantarray ? (1, 2) : 'one' },
);
POE::Kernel->run;

print "tags\n";
my $owner_id;
session('clerk', alias => 1,
  start => sub {
    my ($k, $s) = @_[KERNEL, SESSION];
    $owner_id = $s->ID;
    print '  ', join(' ', map { $k->refcount_increment($s->ID, $_) } qw(a a b a), 'c d', '0', "\x{e9}"), "\n";
    $k->yield('count');
  },
  count => sub {
    my ($k, $s) = @_[KERNEL, SESSION];
    $k->alias_remove('clerk');
    print '  ', join(' ', map { $k->refcount_decrement($s->ID, $_) } qw(a b), "\x{e9}", '0', 'a'), "\n";
    print '  more: ', v($k->refcount_increment($s->ID, 'b')), ' ', v($k->refcount_decrement($s->ID, 'b')), "\n";
    session('third', start => sub { $_[KERNEL]->delay(release => 0.03) },
      release => sub { my $k = $_[KERNEL]; print '  third gives back ', v($k->refcount_decrement($owner_id, 'c d')), "\n"; $k->delay(last => 0.03) },
      last => sub { my $k = $_[KERNEL]; print '  and the last ', v($k->refcount_decrement($owner_id, 'a')), "\n" });
  },
  _child => sub { print "  clerk: $_[ARG0]\n" },
);
POE::Kernel->run;

print "held beyond the end\n";
my %late;
session('owner', alias => 1, start => sub { my ($k, $s) = @_[KERNEL, SESSION]; $late{pb} = $s->postback('never', 1); $late{cb} = $s->callback('never', 2); $k->delay(never => 30); $k->refcount_increment($s->ID, 'tag'); $late{id} = $s->ID; $k->yield('kill') },
  kill => sub { $_[KERNEL]->signal($_[SESSION], 'KILL') }, never => sub { print "never\n" });
session('third', alias => 1, start => sub { $_[KERNEL]->delay(after => 0.05) }, after => sub {
  my $k = $_[KERNEL];
  print '  alive: ', alive(), "\n";
  print '  postback: ', v($late{pb}->(1)), ', callback: ', v(scalar $late{cb}->(2)), ' ', scalar(my @l = $late{cb}->(3)), "\n";
  $! = 0;
  print '  tag: ', v($k->refcount_decrement($late{id}, 'tag')), ' ', $!{ESRCH} ? 'ESRCH' : 'none', "\n";
  delete $late{pb};
  delete $late{cb};
  print "  dropped\n";
  session('owner', alias => 1, start => sub { $_[KERNEL]->yield('x') }, x => sub { print "  another owner, ", $_[SESSION]->ID == $late{id} ? 'same' : 'other', " ID\n"; $_[KERNEL]->alias_remove('owner') });
  $k->alias_remove('third');
});
POE::Kernel->run;

print "a chain of holders\n";
my @chain = qw(first second last);
my %pb;
for my $i (0 .. 2) {
  session($chain[$i], start => sub { $pb{ $chain[$i] } = $_[SESSION]->postback('called', $i) },
    called => sub { my ($k, $n) = ($_[KERNEL], $_[ARG0][0]); print "  $chain[$n] called with ", list(@{ $_[ARG1] }), ', sender ', $_[SENDER]->get_heap->{name}, "\n"; delete($pb{ $chain[$n] }); $pb{ $chain[$n + 1] }->($chain[$n], $n) if $n < 2 });
}
session('fourth', start => sub { $_[KERNEL]->yield('begin') }, begin => sub { $pb{first}->('begin') });
POE::Kernel->run;
print 'left: ', scalar(keys %pb), "\n";
