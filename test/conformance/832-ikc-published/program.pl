#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Responder;

# Everything within one kernel: messages to an own name are checked as those of others are.
my $ikc = POE::Component::IKC::Responder->spawn;

sub clean { my $t = shift; $t =~ s/\.  Request.*//s; $t =~ s/ at \S+ line.*//s; $t }
sub show {
  my ($what, $value) = @_;
  $value = join ' ', sort grep { !/^(do_you_have|ping|remote_error|published)$/ } @$value if ref $value eq 'ARRAY';
  $value = join '; ', map { my $k = $_; "$k: " . join ',', sort @{ $value->{$k} } } grep { $_ ne 'IKC' } sort keys %$value if ref $value eq 'HASH';
  print "$what: ", defined $value ? $value eq '' ? 'empty' : $value : 'undef', "\n";
}

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $session) = @_[KERNEL, SESSION];
      $kernel->alias_set('one');
      $kernel->alias_set('other');
      show(register_local => $kernel->call(IKC => register_local => [qw(Here AlsoHere)]));
      $kernel->call(IKC => monitor => '*', { error => 'error', data => 'star' });
      $kernel->call(IKC => monitor => 'Here', { error => 'error', data => 'here' });
      show('publish a session' => $kernel->call(IKC => publish => $session, [qw(a b)]));
      show('publish an alias' => $kernel->call(IKC => publish => 'one', ['c']));
      show('publish the sender' => $kernel->call(IKC => publish => undef, ['d']));
      show('publish what is to come' => $kernel->call(IKC => publish => 'ghost', ['boo']));
      show('published of one' => $kernel->call(IKC => published => 'one'));
      show('published of other' => $kernel->call(IKC => published => 'other'));
      show('published of all' => $kernel->call(IKC => 'published'));
      show('retract b' => $kernel->call(IKC => retract => 'one', ['b']));
      show('published of one' => $kernel->call(IKC => published => 'one'));
      show('published of other' => $kernel->call(IKC => published => 'other'));
      show('retract ghost' => $kernel->call(IKC => retract => 'ghost'));
      show('ping' => $kernel->call(IKC => 'ping'));
      $kernel->yield(step => 1);
    },
    step => sub {
      my ($kernel, $session, $n) = @_[KERNEL, SESSION, ARG0];
      my @specs = qw(poe://Here/one/a poe://AlsoHere/other/b poe://Here/one/b poe://Here/ghost/boo poe://Nowhere/one/a poe://Here/one/secret Here/one/c AlsoHere/one/a?extra);
      my $spec = $specs[ $n - 1 ];
      if (!defined $spec) { $kernel->yield('end'); return }
      print "-- $spec\n";
      my $sent = $kernel->call(IKC => post => $spec, $n);
      print "sent to ", defined $sent ? $sent : 'undef', "\n";
      $kernel->delay(step => 0.05, $n + 1);
    },
    end => sub {
      my ($kernel) = @_[KERNEL];
      $kernel->call(IKC => call => 'poe://Here/one/a', 'called', 'poe:answer');
      $kernel->call(IKC => call => 'poe://Here/one/a', 'called', { kernel => 'AlsoHere', session => 'other', state => 'answer', args => 'more' });
      $kernel->call(IKC => call => 'poe://Here/IKC/ping', 'called', 'poe:answer');
      $kernel->delay(over => 0.1);
    },
    over => sub {
      my ($kernel) = @_[KERNEL];
      $kernel->alias_remove($_) for qw(one other);
      $kernel->post(IKC => 'shutdown');
    },
    answer => sub { my ($kernel, @args) = @_[KERNEL, ARG0 .. $#_]; print "answer: ", join(', ', map { ref $_ ? "[@$_]" : defined $_ ? $_ : 'undef' } @args), "\n" },
    (map { my $e = $_; ($e => sub { print "$e got ", join(', ', @_[ARG0 .. $#_]), "\n"; "value of $e" }) } qw(a b c d secret)),
    error => sub { my ($asked, $who, $real, $data, $op, $text) = @_[ARG0 .. ARG5]; print "error for $data: $who $op ", clean($text =~ s/^\d+: //r), "\n" },
  },
);
POE::Kernel->run;
print "run returned\n";
