#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;

# Three kernels in a row. The one at the end is called as the one at the beginning, and the one between them knows both.
sub start {
  my ($run) = @_;
  pipe(my $port_in, my $port_out) or die "pipe: $!";
  my $pid = open my $child, '-|';
  die "fork: $!" unless defined $pid;
  if (!$pid) { close $port_out; chomp(my $port = <$port_in>); $run->($port); exit 0 }
  close $port_in;
  return ($child, $port_out);
}
my ($middle, $to_middle) = start(\&run_middle);
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Top');
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(who close)]);
    },
    who   => sub { print "asked by $_[ARG0]\n"; "the first one, to $_[ARG0]" },
    close => sub { print "closes\n"; $_[KERNEL]->alias_remove('desk'); $_[KERNEL]->post(IKC => 'shutdown'); return },
  },
);
$SIG{__WARN__} = sub { };
print {$to_middle} "$port\n";
close $to_middle;
POE::Kernel->run;
print while <$middle>;

sub run_middle {
  my ($top) = @_;
  my ($leaf, $to_leaf) = start(\&run_leaf);
  my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Middle');
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel) = $_[KERNEL];
        $kernel->alias_set('desk');
        $kernel->call(IKC => publish => desk => [qw(ask tell back close)]);
        $kernel->call(IKC => monitor => '*', { error => 'error', unregister => 'gone' });
      },
      # What is asked for travels with the rsvp, and the answer goes where it says.
      ask => sub {
        my ($kernel, $args) = @_[KERNEL, ARG0];
        my ($what, $rsvp) = @$args;
        print "passes on: $what\n";
        $kernel->post(IKC => call => 'poe://Top/desk/who', $what, { state => 'back', args => $rsvp });
        return;
      },
      back => sub {
        my ($kernel, $answer, $rsvp) = @_[KERNEL, ARG0, ARG1];
        print 'passes back to ', $kernel->call(IKC => post => $rsvp, $answer), ": $answer\n";
        return;
      },
      tell => sub { my ($kernel, $what) = @_[KERNEL, ARG0]; print 'tells ', $kernel->call(IKC => post => 'poe://*/guest/hear', $what), "\n"; return },
      close => sub {
        my ($kernel, $heap, $id) = @_[KERNEL, HEAP, ARG0];
        $heap->{leaf} = $id;
        print 'has Top close: ', $kernel->call(IKC => post => 'poe://Top/desk/close'), "\n";
        return;
      },
      error => sub { my ($op, $text) = @_[ARG4, ARG5]; return if $op =~ /^channel/; $text =~ s/\s+Request.*//; $text =~ s/^\d+/PID/; print "$op: $text\n"; return },
      gone => sub {
        my ($kernel, $heap, $name, $real) = @_[KERNEL, HEAP, ARG1, ARG2];
        return if $heap->{over} or $name ne 'Top';
        $heap->{over} = 1;
        $kernel->delay(left => 0.1);
        return;
      },
      left => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        print 'without the first: ', $kernel->call(IKC => post => 'poe://Top/guest/hear', 'anybody?'), "\n";
        print 'by its ID: ', $kernel->call(IKC => post => "poe://$heap->{leaf}/guest/bye", 'bye'), "\n";
        $kernel->alias_remove('desk');
        $kernel->delay(end => 0.2);
        return;
      },
      end => sub { $_[KERNEL]->post(IKC => 'shutdown'); return },
    },
  );
  $SIG{__WARN__} = sub { };
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $top, name => 'Middle', on_connect => sub {
    print {$to_leaf} "$port\n";
    close $to_leaf;
  });
  POE::Kernel->run;
  print "middle: over\n";
  print "leaf: $_" while <$leaf>;
}

sub run_leaf {
  my ($port) = @_;
  $SIG{__WARN__} = sub { };
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Top', on_connect => sub {
    my $own = POE::Kernel->ID;
    my @steps = (
      # By its name the answer would come to the other kernel of that name.
      [ ask => [ 'one', { kernel => 'Top', session => 'guest', state => 'hear' } ] ],
      [ ask => [ 'two', { kernel => $own, session => 'guest', state => 'hear' } ] ],
      [ tell => 'everybody' ],
      [ close => $own ],
    );
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('guest');
          $kernel->call(IKC => publish => guest => [qw(hear bye)]);
          # The own name means the own kernel, whoever else has it.
          print 'to itself: ', $kernel->call(IKC => post => 'poe://Top/guest/hear', 'myself'), "\n";
          $kernel->yield('step');
        },
        step => sub {
          my ($kernel) = $_[KERNEL];
          my $next = shift @steps or return;
          $kernel->post(IKC => post => "poe://Middle/desk/$next->[0]", $next->[1]);
          $kernel->delay(step => 0.6);
        },
        hear => sub { print "hears: $_[ARG0]\n"; return },
        bye  => sub { print "$_[ARG0]\n"; $_[KERNEL]->alias_remove('guest'); $_[KERNEL]->post(IKC => 'shutdown'); return },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}
