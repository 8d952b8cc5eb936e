#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE qw(Wheel::ReadWrite Filter::Line Filter::Stream Filter::Block);
use Socket;
sub pair { socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die; ($a, $b) }
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    ($h->{a}, $h->{b}) = pair();
    $h->{w} = POE::Wheel::ReadWrite->new(Handle => $h->{a}, Filter => POE::Filter::Line->new(Literal => "\n"), InputEvent => 'cmd', ErrorEvent => 'end');
    syswrite $h->{b}, "pause\none\nresume-later\ntwo\nrename\nthree\nblock 5\n12345678";
  },
  cmd => sub {
    my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0];
    print "cmd: $l\n";
    if ($l eq 'pause') { $h->{w}->pause_input }
    elsif ($l eq 'resume-later') { $k->delay(resume => 0.2) }
    elsif ($l eq 'rename') { $h->{w}->event(InputEvent => 'renamed') }
    elsif ($l eq 'drop') { delete $h->{w}; $k->yield('dropped') }
  },
  renamed => sub {
    my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0];
    print "renamed: $l\n";
    if ($l =~ /^block (\d+)/) {
      $h->{w}->event(InputEvent => 'block');
      $h->{w}->set_input_filter(POE::Filter::Block->new(BlockSize => $1));
      print "filter set\n";
    }
  },
  resume => sub { my $h = $_[HEAP]; print "resume\n"; $h->{w}->resume_input; syswrite $h->{b}, '90' . "LINE\nx\n" },
  block => sub {
    my ($k, $h, $b) = @_[KERNEL, HEAP, ARG0];
    print "block: $b\n";
    return if $b ne '67890';
    $h->{w}->event(InputEvent => 'cmd');
    $h->{w}->set_filter(POE::Filter::Line->new(Literal => "\n"));
    print "back to lines\n";
    $h->{w}->put('out');
    syswrite $h->{b}, "y\ndrop\nafter drop\nafter drop 2\n";
  },
  dropped => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    print "dropped; the far side sees: ";
    $h->{b}->blocking(0);
    my $n = sysread $h->{b}, my $buf, 100;
    $buf = '' unless defined $n;
    chomp $buf; print "$buf\n";
    close $h->{a};
  },
  end => sub { print "end\n" },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
# two wheels on the two ends, ping-pong with a count, and a wheel made in another session's call
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    my ($a, $b) = pair();
    $h->{w}{a} = POE::Wheel::ReadWrite->new(Handle => $a, InputEvent => 'got', FlushedEvent => 'out', ErrorEvent => 'err');
    $h->{w}{b} = POE::Wheel::ReadWrite->new(Handle => $b, InputEvent => 'got', ErrorEvent => 'err');
    $h->{name}{ $h->{w}{$_}->ID } = $_ for qw(a b);
    $h->{w}{a}->put(1);
  },
  got => sub {
    my ($k, $h, $n, $id) = @_[KERNEL, HEAP, ARG0, ARG1];
    my $me = $h->{name}{$id};
    print "$me got $n\n";
    if ($n ne 'bye' && $n < 4) { $h->{w}{$me}->put($n + 1) }
    else { $h->{w}{$me}->put('bye'); $h->{w}{$me}->shutdown_input; $h->{w}{$me}->event(FlushedEvent => 'last') }
    delete $h->{w}{$me} if $n eq 'bye';
  },
  out => sub { print "a flushed\n" },
  last => sub { my ($h, $id) = @_[HEAP, ARG0]; print "$h->{name}{$id} flushed last\n"; delete $h->{w}{ $h->{name}{$id} } },
  err => sub { my ($h, $op, $e, $t, $id) = @_[HEAP, ARG0 .. ARG3]; print "$h->{name}{$id} error $op $e\n"; delete $h->{w}{ $h->{name}{$id} } },
  _stop => sub { print "stop\n" },
});
POE::Kernel->run;
