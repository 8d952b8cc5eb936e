#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(
  Wheel::ReadWrite Driver::SysRW
  Filter::Line Filter::Stream Filter::Block Filter::Map Filter::Stackable Filter::Reference
);
use Socket;
sub lines { POE::Filter::Line->new(Literal => "\n") }
sub show { my $text = shift; $text =~ s/\n/\\n/g; $text }
my %marks = (HighMark => 10, LowMark => 4, HighEvent => 'high', LowEvent => 'low');
my @cases = (
  [ 'the same filter again', "x\ny\nz\nq", [ Filter => lines() ],
    in => sub { my ($h, $w, $r) = @_; $w->set_filter($w->get_input_filter) if $r eq 'x' && !$h->{n}++ } ],
  [ 'a clone for each record', "x\ny\nz\nq", [ Filter => lines() ],
    in => sub { $_[1]->set_input_filter($_[1]->get_input_filter->clone) } ],
  [ 'to a stream and back at once', "x\nabc\nrest", [ Filter => lines() ],
    in => sub { my ($h, $w, $r) = @_; $w->set_filter($_) for $r eq 'x' ? (POE::Filter::Stream->new, lines()) : () } ],
  [ 'put when all is written', '', [ Filter => lines() ],
    start => sub { my ($h, $w) = @_; $h->{n} = 0; print $w->put('first', 'second'), ' ', $w->get_driver_out_messages, ' ', $w->get_driver_out_octets, "\n" },
    flushed => sub { my ($h, $w) = @_; print 'put ', $w->put("n$h->{n}"), "\n" if $h->{n}++ < 3 } ],
  [ 'nothing to put', '', [ Filter => POE::Filter::Stream->new, AutoFlush => 1 ],
    start => sub { print $_[1]->put(''), $_[1]->put(), ' ', $_[1]->get_driver_out_messages, "\n" } ],
  [ 'input shut down on the way', "hello\nworld\n", [ Filter => lines() ],
    in => sub { my ($h, $w) = @_; $w->shutdown_input; print 'pause ', $w->pause_input, ' resume ', $w->resume_input, "\n"; $w->put('still') } ],
  [ 'marks, and more at the low one', '', [ Filter => POE::Filter::Stream->new, %marks ],
    start => sub { print join(' ', map { $_[1]->put($_) } qw(12345 67890 x)), "\n" },
    low => sub { my ($h, $w) = @_; print 'put ', $w->put('again and again'), "\n" unless $h->{n}++ } ],
  [ 'marks that are moved', '', [ Filter => POE::Filter::Stream->new, %marks ],
    start => sub {
      my ($h, $w) = @_;
      $w->set_high_mark(100);
      $w->set_low_mark(50);
      print join(' ', map { $w->put($_) } qw(12345 67890), 'x' x 100), "\n";
      $w->set_low_mark(2);
    } ],
  [ 'two records of one, and another filter between them', "a\nb\n",
    [ Filter => POE::Filter::Stackable->new(Filters => [ lines(), POE::Filter::Map->new(Get => sub { ($_[0], uc $_[0]) }, Put => sub { (lc $_[0], 'x') }) ]) ],
    in => sub { my ($h, $w, $r) = @_; $w->put($r); $w->set_filter(lines()) if $r eq 'A' && !$h->{n}++ } ],
  [ 'one filter in, others out', 'abcde', [ InputFilter => POE::Filter::Block->new(BlockSize => 2), OutputFilter => POE::Filter::Reference->new ],
    in => sub { my ($h, $w, $r) = @_; $w->set_output_filter(lines()); $w->put("<$r>") } ],
  [ 'one filter for both, within a record', "abcd\n", [ InputFilter => POE::Filter::Block->new(BlockSize => 2), OutputFilter => lines() ],
    in => sub { my ($h, $w, $r) = @_; $w->set_filter(POE::Filter::Line->new(InputLiteral => "\n", OutputLiteral => '!')) if $r eq 'ab'; $w->put("<$r>") } ],
  [ 'three octets at a time', "abcdef\ng\nhi\n", [ Filter => lines(), Driver => POE::Driver::SysRW->new(BlockSize => 3) ],
    in => sub { $_[1]->put($_[2]) } ],
);
sub run_case {
  my ($name, $sent, $options, %on) = @{ +shift };
  POE::Session->create(inline_states => {
    _start => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      print "== $name\n";
      socketpair($h->{a}, $h->{b}, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
      $h->{w} = POE::Wheel::ReadWrite->new(Handle => $h->{a}, InputEvent => 'in', FlushedEvent => 'flushed', @$options);
      $on{start}->($h, $h->{w}) if $on{start};
      syswrite $h->{b}, $sent;
      $k->delay(done => 0.2);
    },
    in => sub { my ($h, $r) = @_[HEAP, ARG0]; print 'in ', show($r), "\n"; $on{in}->($h, $h->{w}, $r) },
    flushed => sub { print "flushed\n"; $on{flushed}->($_[HEAP], $_[HEAP]{w}) if $on{flushed} },
    high => sub { print "high\n" },
    low => sub { print "low\n"; $on{low}->($_[HEAP], $_[HEAP]{w}) if $on{low} },
    done => sub {
      my $h = $_[HEAP];
      print 'held ', show(join '', @{ $h->{w}->get_input_filter->get_pending || [] }), "\n";
      delete $h->{w};
      $h->{b}->blocking(0);
      sysread $h->{b}, my $written, 1000;
      print 'written ', show($written), "\n";
      run_case(shift @cases) if @cases;
    },
  });
}
run_case(shift @cases);
POE::Kernel->run;
