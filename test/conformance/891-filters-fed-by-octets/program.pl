#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE::Filter::Line;
use POE::Filter::Block;
use POE::Filter::RecordBlock;
use POE::Filter::Stream;
use POE::Filter::Grep;
use POE::Filter::Reference;

# Filters fed octet by octet and in odd pieces: which record comes when, what is pending between, and what is left after an error.

sub shown {
  my $text = shift;
  return 'undef' unless defined $text;
  $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ge;
  return "<$text>";
}
sub pending { my $p = $_[0]->get_pending; $p ? join ' ', map { shown($_) } @$p : 'nothing' }
sub trickle {
  my ($label, $filter, $size, $text) = @_;
  my ($at, @seen) = (0);
  for my $piece ($text =~ /(.{1,$size})/gs) {
    $at += length $piece;
    push @seen, map { "$at:" . shown($_) } @{ $filter->get([$piece]) };
  }
  print "$label: @seen; pending ", pending($filter), "\n";
}

for my $size (1, 2, 3, 100) {
  trickle("auto by $size, CRLF first", POE::Filter::Line->new(InputLiteral => undef), $size, "a\x0D\x0Ab\x0Ac\x0Dd\x0D\x0Ae");
  trickle("auto by $size, LF first", POE::Filter::Line->new(InputLiteral => undef), $size, "a\x0Ab\x0D\x0Ac\x0Ad");
  trickle("auto by $size, CR first", POE::Filter::Line->new(InputLiteral => undef), $size, "a\x0Db\x0Dc\x0A\x0Dd\x0Ae\x0D");
  trickle("plain by $size", POE::Filter::Line->new, $size, "a\x0D\x0Ab\x0Ac\x0Dd\x0A\x0De\x0D\x0D\x0Af");
  trickle("literal by $size", POE::Filter::Line->new(InputLiteral => '--'), $size, 'a-b---c----d-');
  trickle("class by $size", POE::Filter::Line->new(InputRegexp => '[,;]\s*'), $size, 'a, b;c ,;d; ');
  trickle("digits by $size", POE::Filter::Line->new(InputRegexp => '\d+'), $size, 'a1b22c333d4');
  trickle("blocks by $size", POE::Filter::Block->new(BlockSize => 3), $size, 'abcdefgh');
  trickle("lengths by $size", POE::Filter::Block->new, $size, "3\0abc0\0" . "1\0" . "x2\0" . 'y');
  trickle("stream by $size", POE::Filter::Stream->new, $size, "a\0b\x{ff}");
}

sub netstring_out { my $r = shift; $$r = length($$r) . ':' . $$r . ','; return }
sub netstring_in {
  my $r = shift;
  $$r =~ s/^,//;
  return unless $$r =~ s/^(\d+)://;
  return $1;
}
my $net = POE::Filter::Block->new(LengthCodec => [ \&netstring_out, \&netstring_in ]);
print 'netstrings: ', join(' ', map { shown($_) } @{ $net->put([ 'hello', '', 'a:b,c' ]) }), "\n";
for my $size (1, 4, 100) { trickle("netstrings by $size", $net->clone, $size, '5:hello,0:,5:a:b,c,2:x') }
my $hex = POE::Filter::Block->new(
  LengthCodec => [
    sub { my $r = shift; $$r = sprintf('%02x', length $$r) . reverse $$r; return },
    sub { my $r = shift; return unless length $$r >= 2; my $n = hex substr $$r, 0, 2, ''; return $n },
  ],
);
print 'hex: ', join(' ', map { shown($_) } @{ $hex->put([ 'abc', "\x{e9}\0" ]) }), "\n";
trickle('hex by 3', $hex, 3, '03cba0bhello world02x');

sub told {
  my $error = shift;
  $error =~ s/ at \S+ line \d+\.?\n//;
  return $error ? 'dies' : 'fine';
}
sub limit {
  my ($label, $filter, @pieces) = @_;
  for my $piece (@pieces) {
    my $got = eval { $filter->get([$piece]) };
    print "$label, given ", shown($piece), ': ', $got ? 'got ' . (join(' ', map { shown($_) } @$got) || 'nothing') : told($@), "\n";
  }
}
limit('line of 5', POE::Filter::Line->new(MaxLength => 5), "12345\n", "1234", "5\n12", "3456\n");
limit('line within 5', POE::Filter::Line->new(MaxLength => 5), "ok\n123456\n");
limit('buffer of 8', POE::Filter::Line->new(MaxLength => 5, MaxBuffer => 8), "12\n34\n5", '678', "9\n");
limit('block of 4', POE::Filter::Block->new(MaxLength => 4), "4\0four", "2\0t", 'w');
limit('odd length', POE::Filter::Block->new, 'x');
for my $bad ([ MaxLength => 0 ], [ MaxLength => 'x' ], [ MaxLength => 5, MaxBuffer => 4 ], [ MaxBuffer => -1 ], [ InputLiteral => 'a', InputRegexp => 'b' ], [ Literal => 'a', InputLiteral => 'b' ], [ Literal => 'a', OutputLiteral => 'b' ]) {
  print "Line with @$bad: ", told(eval { POE::Filter::Line->new(@$bad); 1 } ? '' : $@), "\n";
}
for my $bad ([ BlockSize => 0 ], [ BlockSize => 2, LengthCodec => [ sub { }, sub { } ] ], [ LengthCodec => 1 ], [ LengthCodec => [ 1, 2 ] ], [ BlockSize => 5, MaxLength => 4 ], [ BlockSize => 'x' ]) {
  print 'Block with ', join(' ', map { ref || $_ } @$bad), ': ', told(eval { POE::Filter::Block->new(@$bad); 1 } ? '' : $@), "\n";
}

sub blocks { join ' ', map { ref $_ ? '[' . join(',', @$_) . ']' : shown($_) } @{ $_[0] } }
my $pairs = POE::Filter::RecordBlock->new(BlockSize => 2);
print 'pairs: ', blocks($pairs->get([ 1 .. 5 ])), '; pending ', blocks($pairs->get_pending), "\n";
print 'threes: ', $pairs->blocksize, ' to ', $pairs->blocksize(3), ': ', blocks($pairs->get([ 6, 7, 8 ])), '; pending ', blocks($pairs->get_pending || []), "\n";
print 'put: ', blocks($pairs->put([ [ 'a', 'b' ], [ 'c' ] ])), "\n";
print 'checkput: ', $pairs->checkput || 0, ' to ', $pairs->checkput(1), "\n";
print 'put: ', blocks($pairs->put([ [ 'd', 'e' ], [ 'f', 'g' ] ])), '; kept ', blocks($pairs->put_pending || []), "\n";
print 'put: ', blocks($pairs->put([ [ 'h', 'i' ] ])), '; kept ', blocks($pairs->put_pending || []), "\n";
$pairs->get_one_start([ 'v', 'w', 'x', 'y', 'z' ]);
for (1 .. 3) { print 'one: ', blocks($pairs->get_one) || 'nothing', '; pending ', blocks($pairs->get_pending || []), "\n" }
for my $bad ([], [ BlockSize => 0 ], [ BlockSize => 'two' ], [ BlockSize => -1 ]) {
  print "RecordBlock with @$bad: ", told(eval { POE::Filter::RecordBlock->new(@$bad); 1 } ? '' : $@), "\n";
}
print 'block size 0: ', told(eval { $pairs->blocksize(0); 1 } ? '' : $@), ', now ', $pairs->blocksize, "\n";
my $odd = POE::Filter::Grep->new(Code => sub { $_[0] % 2 });
print 'odd: ', blocks($odd->get([ 1 .. 5 ])), ', put ', blocks($odd->put([ 4 .. 7 ])), "\n";
$odd->modify(Put => sub { $_[0] > 5 });
print 'modified: ', blocks($odd->get([ 1 .. 5 ])), ', put ', blocks($odd->put([ 4 .. 7 ])), "\n";
for my $bad ([], [ Get => sub { } ], [ Code => 1 ], [ Put => sub { } ], [ Get => 1, Put => 2 ]) {
  print 'Grep with ', join(' ', map { ref || $_ } @$bad), ': ', told(eval { POE::Filter::Grep->new(@$bad); 1 } ? '' : $@), "\n";
}

sub data { my $x = shift; ref $x eq 'ARRAY' ? '[' . join(',', map { data($_) } @$x) . ']' : ref $x eq 'HASH' ? '{' . join(',', map { "$_=" . data($x->{$_}) } sort keys %$x) . '}' : ref $x ? '\\' . data($$x) : $x // 'undef' }
for my $serializer ('Storable', 'FreezeThaw') {
  for my $compression (0, 9) {
    my @options = (Serializer => $serializer, Compression => $compression);
    my $filter = POE::Filter::Reference->new(@options);
    my $wire = join '', @{ $filter->put([ [ 1, 'a', undef, -3 ], { a => { b => [] } }, \'s', \[1] ]) };
    print "$serializer $compression: ", join(' ', map { data($_) } map { @{ $filter->get([$_]) } } $wire =~ /(.{1,7})/gs), "\n";
    my $mild = POE::Filter::Reference->new(@options, NoFatals => 1);
    my ($first, @others) = @{ $mild->get([ "3\0abc$wire" ]) };
    print '  mild: ', ref $first || 'text', ', then ', scalar @others, " more\n";
    next if $compression;
    my $strict = POE::Filter::Reference->new(@options);
    print '  strict: ', told(eval { $strict->get([ "3\0abc" ]); 1 } ? '' : $@), ', then ', join(' ', map { data($_) } @{ $strict->get([$wire]) }), "\n";
  }
}
print 'as text: ', shown(POE::Filter::Reference->new(Serializer => 'FreezeThaw')->clone->put([ [1] ])->[0]), "\n";
