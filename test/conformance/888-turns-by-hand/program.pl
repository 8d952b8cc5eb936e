#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use Time::HiRes qw(time sleep);

# The loop by hand, and what is active: timeslices with timers pending, run_while, contexts that handlers are called in, in chains of calls, callbacks and signals.

sub v { defined $_[0] ? $_[0] : 'undef' }
sub context { my $w = shift; defined $w ? $w ? 'list' : 'scalar' : 'void' }
my %name;
sub active { my $k = $poe_kernel; my $s = $k->get_active_session; ($s == $k ? 'kernel' : $name{ $s->ID } || '?') . '/' . v($k->get_active_event) }
my $go = 3;
sub session { my ($name, %states) = @_; POE::Session->create(inline_states => { _start => sub { $name{ $_[SESSION]->ID } = $name; $_[KERNEL]->alias_set($name); $states{start}->(@_) if $states{start}; print "$name: ", active(), "\n" }, %states, _stop => sub { print "$name stops: ", active(), "\n" } }) }

print 'at first: ', active(), "\n";
session('one',
  tick => sub { my ($k, $n) = @_[KERNEL, ARG0]; print "tick $n\n"; $go--; $k->yield(tick => $n - 1) if $n > 1 },
  late => sub { print "late\n" },
  timed => sub { print "timed $_[ARG0]\n" },
  start => sub { my $k = $_[KERNEL]; $k->yield(tick => 3); $k->delay(timed => 0.05, 'a'); $k->delay_add(timed => 0.06, 'b') },
  bye => sub { $_[KERNEL]->alias_remove('one') },
);
print 'queued ', $poe_kernel->get_event_count, "\n";
for my $round (1 .. 2) { $poe_kernel->run_one_timeslice; print "slice $round, queued ", $poe_kernel->get_event_count, ', ', active(), "\n" }
sleep 0.1;
$poe_kernel->run_one_timeslice;
print 'after a sleep, queued ', $poe_kernel->get_event_count, "\n";
$poe_kernel->post(one => tick => 5);
$go = 2;
$poe_kernel->run_while(\$go);
print "run_while ended with $go, queued ", $poe_kernel->get_event_count, "\n";
$poe_kernel->run_one_timeslice for 1 .. 2;
$poe_kernel->call(one => timed => 'from outside');
print 'call from outside: ', v(scalar $poe_kernel->call(one => 'nothing')), ' ', active(), "\n";

session('two',
  ask => sub { my ($k, @path) = @_[KERNEL, ARG0 .. $#_]; print '  ', context(wantarray), ' in ', active(), ' for ', $_[SENDER] == $k ? 'kernel' : $name{ $_[SENDER]->ID }, '/', v($_[CALLER_STATE]), "\n"; my ($to, @rest) = @path; if ($to) { my @r = $k->call($to => ask => @rest); print '  back in ', active(), ' with ', scalar(@r), "\n"; return @r, 'x' } return },
  plain => sub { print '  ', context(wantarray), ' ', active(), "\n"; (7, 8, 9) },
  arrays => sub { my @a = (4, 5, 6); print '  ', context(wantarray), "\n"; @a },
  none => sub { print '  ', context(wantarray), "\n"; () },
  bye => sub { $_[KERNEL]->alias_remove('two') },
  signalled => sub { print '  ', context(wantarray), ' ', active(), " $_[ARG0]\n" },
);
session('three',
  ask => sub { my ($k, $to, @rest) = @_[KERNEL, ARG0 .. $#_]; print '  ', context(wantarray), ' in ', active(), ' for ', $name{ $_[SENDER]->ID }, '/', $_[CALLER_STATE], "\n"; my $r = $to ? $k->call($to => ask => @rest) : 'end'; print '  back in ', active(), ' with ', v($r), "\n"; $r, 'y' },
  start => sub { $_[HEAP]{cb} = $_[SESSION]->callback('called', 'made'); $_[HEAP]{pb} = $_[SESSION]->postback('called', 'posted'); $_[KERNEL]->sig(FOO => 'signalled') },
  called => sub { print '  ', context(wantarray), ' in ', active(), ' for ', $name{ $_[SENDER]->ID }, '/', v($_[CALLER_STATE]), " @{ $_[ARG0] } @{ $_[ARG1] }\n"; ('p', 'q') },
  go => sub {
    my ($k, $heap) = @_[KERNEL, HEAP];
    print "chains\n";
    my @r = $k->call(two => ask => qw(three two three));
    print '  finally ', scalar(@r), ": @r\n";
    my $r = $k->call(two => ask => qw(three));
    print "  finally $r\n";
    $k->call(two => 'ask');
    print "contexts\n";
    for my $e (qw(plain arrays none)) { my @l = $k->call(two => $e); my $s = $k->call(two => $e); $k->call(two => $e); print "  $e: @l / ", v($s), "\n" }
    print "callbacks\n";
    my $cb = $heap->{cb};
    my @l = $cb->(1); my $s = $cb->(2);
    print "  @l / $s, ", active(), "\n";
    my $pb = $heap->{pb}->(4);
    print "  postback gave $pb\n";
    $k->signal('two', 'FOO'); $k->signal('three', 'FOO', 'x');
    $k->post(two => 'plain');
    $k->yield('foreign');
  },
  foreign => sub { my ($k, $heap) = @_[KERNEL, HEAP]; $k->post(two => run => $heap->{cb}); $k->state(extra => sub { }); $k->yield('bye') },
  signalled => sub { print '  ', context(wantarray), ' ', active(), ' ', join(' ', @_[ARG0 .. $#_]), "\n" },
  bye => sub { delete @{ $_[HEAP] }{qw(cb pb)}; $_[KERNEL]->sig('FOO'); $_[KERNEL]->alias_remove('three'); $_[KERNEL]->post(two => 'bye'); $_[KERNEL]->post(one => 'bye') },
);
$poe_kernel->call(two => state => 1);
$poe_kernel->post(three => 'go');
my $outside = POE::Kernel->run;
print 'run gave ', v($outside), ', ', active(), "\n";
POE::Kernel->run;
$poe_kernel->run_one_timeslice;
print 'queued ', $poe_kernel->get_event_count, "\n";
