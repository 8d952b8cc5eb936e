#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Filter::Line Filter::Grep Filter::Map Filter::RecordBlock Filter::Stackable Filter::Stream);
sub show {
  my ($what, $list) = @_;
  print "$what: ", (defined $list ? join('|', map { ref($_) eq 'ARRAY' ? '[' . join(',', @$_) . ']' : $_ } @$list) : 'undef'), "\n";
}
my $rb = POE::Filter::RecordBlock->new(BlockSize => 3, CheckPut => 1);
show 'put', $rb->put([[1, 2], [3, 4, 5]]);
show 'put_pending', $rb->put_pending;
show 'put', $rb->put([[6, 7, 8, 9]]);
show 'put_pending', $rb->put_pending;
print 'checkput ', ($rb->checkput ? 1 : 0), ' blocksize ', $rb->blocksize, "\n";
$rb->checkput(0);
show 'put_pending off', $rb->put_pending;
show 'put', $rb->put([[10], [11]]);
show 'get', $rb->get([1 .. 7]);
show 'pending', $rb->get_pending;
$rb->blocksize(2);
show 'get', $rb->get([8 .. 10]);
show 'pending', $rb->get_pending;
my $rc = $rb->clone;
show 'clone pending', $rc->get_pending;
show 'clone get', $rc->get([1 .. 5]);
my $g = POE::Filter::Grep->new(Get => sub { $_[0] > 2 }, Put => sub { $_[0] % 2 });
show 'grep get', $g->get([1 .. 5]);
$g->get_one_start([1, 3, 1, 4]);
show 'grep pending', $g->get_pending;
show 'one', $g->get_one;
show 'one', $g->get_one;
$g->modify(Get => sub { $_[0] == 1 });
$g->get_one_start([1, 2, 1]);
show 'one', $g->get_one;
show 'one', $g->get_one;
show 'one', $g->get_one;
show 'grep put', $g->put([1 .. 5]);
$g->modify(Code => sub { 1 });
show 'grep put', $g->put([1 .. 5]);
my $m = POE::Filter::Map->new(Code => sub { ($_[0], $_[0] * 2) });
show 'map get', $m->get([1, 2]);
show 'map put', $m->put([1, 2]);
$m->modify(Get => sub { [ $_[0], 'x' ] });
show 'map get', $m->get([1, 2]);
show 'map put', $m->put([3]);
$m->get_one_start([7, 8]);
show 'map pending', $m->get_pending;
show 'one', $m->get_one;
show 'one', $m->get_one;
show 'one', $m->get_one;
my $st = POE::Filter::Stackable->new(Filters => [
  POE::Filter::Line->new(Literal => "\n"),
  POE::Filter::Grep->new(Code => sub { length $_[0] }),
  POE::Filter::Map->new(Get => sub { [ split / /, $_[0] ] }, Put => sub { join ' ', @{ $_[0] } }),
  POE::Filter::RecordBlock->new(BlockSize => 2),
]);
print join(',', map { s/.*:://r } $st->filter_types), "\n";
for my $r (@{ $st->get(["a b\n\nc\nd e", " f\ng"]) }) { print '(', join('; ', map { "@$_" } @$r), ")\n" }
print 'pending ', join('; ', map { "@$_" } @{ $st->get_pending || [] }), "\n";
for my $r (@{ $st->get(["\n", "h\n"]) }) { print '(', join('; ', map { "@$_" } @$r), ")\n" }
show 'put', [ map { s/\n/~/gr } @{ $st->put([ [ ['x', 'y'], ['z'] ], [ ['w'] ] ]) } ];
my $popped = $st->pop;
print ref($popped) =~ s/.*:://r, "\n";
print scalar($st->push(POE::Filter::Map->new(Code => sub { "<@{$_[0]}>" }))), "\n";
show 'get', $st->get(["i j\nk\n"]);
my $sc = $st->clone;
print join(',', map { s/.*:://r } $sc->filter_types), "\n";
show 'clone', $sc->get(["q\n"]);
