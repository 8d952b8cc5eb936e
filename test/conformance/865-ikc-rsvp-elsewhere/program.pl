#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;

sub start {
  my ($run) = @_;
  pipe(my $port_in, my $port_out) or die "pipe: $!";
  my $pid = open my $child, '-|';
  die "fork: $!" unless defined $pid;
  if (!$pid) { close $port_out; chomp(my $port = <$port_in>); $run->($port); exit 0 }
  close $port_in;
  return ($child, $port_out);
}

# The answer goes to somebody else: an rsvp that names another kernel, or another rsvp of the one in between.
my ($ann, $to_ann) = start(\&run_ann);
my ($bob, $to_bob) = start(\&run_bob);
$SIG{__WARN__} = sub { };
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Hub');
sub clean { my $text = shift; $text =~ s/^\d+: //; $text =~ s/\s+Request.*//s; $text =~ s/ at \S+ line.*//s; $text }
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel) = $_[KERNEL];
      $kernel->alias_set('desk');
      $kernel->call(IKC => publish => desk => [qw(enter double relay again close take)]);
      $kernel->call(IKC => monitor => '*', { error => 'error', unregister => 'gone' });
    },
    enter => sub { my ($kernel, $heap, $name) = @_[KERNEL, HEAP, ARG0]; $heap->{here}{$name}++; $kernel->post(IKC => post => 'poe://Ann/guest/begin') if keys %{ $heap->{here} } == 2; return },
    double => sub { print "double $_[ARG0]\n"; 2 * $_[ARG0] },
    take => sub { print "hub takes $_[ARG0]\n"; return },
    # Asks the next kernel, which answers to whoever asked first.
    relay => sub { my ($kernel, $args) = @_[KERNEL, ARG0]; print 'relays to ', $kernel->call(IKC => call => $args->[0], $args->[1], $args->[2]), "\n"; return },
    error => sub { my ($name, $op, $text) = @_[ARG1, ARG4, ARG5]; print "error: $name $op ", clean($text), "\n" unless $op =~ /^channel/ },
    close => sub { $_[KERNEL]->post(IKC => post => "poe://$_/guest/bye") for qw(Bob Ann); return },
    gone => sub {
      my ($kernel, $heap, $name, $real) = @_[KERNEL, HEAP, ARG1, ARG2];
      return if $real or !delete $heap->{here}{$name} or keys %{ $heap->{here} };
      $kernel->alias_remove('desk');
      $kernel->post(IKC => 'shutdown');
    },
  },
);
print {$to_ann} "$port\n";
print {$to_bob} "$port\n";
close $_ for $to_ann, $to_bob;
POE::Kernel->run;
print "Ann: $_" while <$ann>;
print "Bob: $_" while <$bob>;

sub guest {
  my ($name, $port, $steps) = @_;
  $SIG{__WARN__} = sub { };
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => $name, on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('guest');
          $kernel->call(IKC => publish => guest => [qw(begin take triple bye)]);
          $kernel->call(IKC => monitor => '*', { error => 'error' });
          $kernel->post(IKC => post => 'poe://Hub/desk/enter', $name);
        },
        begin => sub { $_[KERNEL]->yield('step') },
        step => sub {
          my ($kernel) = $_[KERNEL];
          my $next = shift @$steps or return;
          print "-- $next->[0]\n";
          $next->[1]->($kernel);
          $kernel->delay(step => 0.2);
        },
        (map { my $event = $_; ($event => sub { my (@args) = @_[ARG0 .. $#_]; print "$event: ", join(' | ', map { defined $_ ? $_ : 'undef' } @args), "\n"; return }) } qw(take hidden answer)),
        triple => sub { print "triple $_[ARG0]\n"; 3 * $_[ARG0] },
        error => sub { my ($who, $op, $text) = @_[ARG1, ARG4, ARG5]; print "error: $who $op ", clean($text), "\n" unless $op =~ /^channel/ },
        bye => sub { $_[KERNEL]->alias_remove('guest'); $_[KERNEL]->post(IKC => 'shutdown'); return },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}

sub run_bob { guest('Bob', $_[0], []) }
sub run_ann {
  my $call = sub { my ($spec, $value, $rsvp) = @_; sub { my $r = $_[0]->call(IKC => call => $spec, $value, $rsvp); print 'sent to ', defined $r ? $r : 'undef', "\n" } };
  my $hash = sub { my ($kernel, $state, @args) = @_; return { kernel => $kernel, session => 'guest', state => $state, @args ? (args => @args) : () } };
  guest('Ann', $_[0], [
    [ 'to the published event of another kernel' => $call->('poe://Hub/desk/double', 1, 'poe://Bob/guest/take') ],
    [ 'by a hash with arguments' => $call->('poe://Hub/desk/double', 2, $hash->('Bob', 'take', 'kept')) ],
    [ 'to what that has not published' => $call->('poe://Hub/desk/double', 3, 'poe://Bob/guest/hidden') ],
    [ 'to an event of the one that is asked' => $call->('poe://Hub/desk/double', 4, 'poe://Hub/desk/take') ],
    [ 'to what is not published there' => $call->('poe://Hub/desk/double', 5, 'poe://Hub/desk/gone') ],
    [ 'to everybody' => $call->('poe://Hub/desk/double', 6, 'poe://*/guest/take') ],
    [ 'through the hub, back to me' => $call->('poe://Hub/desk/relay', [ 'poe://Bob/guest/triple', 7, $hash->('Ann', 'take') ], 'poe:answer') ],
    [ 'through the hub, to the hub' => $call->('poe://Hub/desk/relay', [ 'poe://Bob/guest/triple', 8, 'poe://Hub/desk/take' ], 'poe:answer') ],
    [ 'through the hub, to him who is asked' => $call->('poe://Hub/desk/relay', [ 'poe://Bob/guest/triple', 9, 'poe://Bob/guest/take' ], 'poe:answer') ],
    [ 'through the hub, to what I have not published' => $call->('poe://Hub/desk/relay', [ 'poe://Bob/guest/triple', 10, $hash->('Ann', 'hidden') ], 'poe:answer') ],
    [ 'through the hub, to me, who am asked as well' => $call->('poe://Hub/desk/relay', [ 'poe://Ann/guest/triple', 11, $hash->('Ann', 'take', 'again') ], 'poe:answer') ],
    [ 'everybody is asked' => $call->('poe://Hub/desk/relay', [ 'poe://*/guest/triple', 12, 'poe://Hub/desk/take' ], 'poe:answer') ],
    [ 'somebody unknown is asked' => $call->('poe://Hub/desk/relay', [ 'poe://Cid/guest/triple', 13, 'poe://Hub/desk/take' ], 'poe:answer') ],
    [ 'the answer is a call of its own' => $call->('poe://Hub/desk/double', 14, 'poe://Hub/desk/double') ],
    [ 'my own kernel, and the answer to Bob' => sub { $_[0]->call(IKC => call => 'poe://Ann/guest/triple', 15, 'poe://Bob/guest/take'); $_[0]->call(IKC => call => 'poe://Ann/guest/triple', 16, 'poe://Hub/desk/take') } ],
    [ 'over' => sub { $_[0]->post(IKC => post => 'poe://Hub/desk/close') } ],
  ]);
}
