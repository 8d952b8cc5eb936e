#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
# A login dialogue: a state machine that holds a wheel, against a scripted client.
use POE qw(Wheel::ReadWrite Wheel::SocketFactory Filter::Line);
use POE::NFA ();
BEGIN { no strict "refs"; *$_ = \&{"POE::NFA::$_"} for qw(MACHINE RUNSTATE EVENT) }
use Socket;
my @log;
POE::Session->create(inline_states => {
  _start => sub {
    my ($k, $h) = @_[KERNEL, HEAP];
    $h->{listener} = POE::Wheel::SocketFactory->new(BindAddress => '127.0.0.1', SuccessEvent => 'accepted', FailureEvent => 'failed');
    ($h->{port}) = unpack_sockaddr_in($h->{listener}->getsockname);
    $h->{factory} = POE::Wheel::SocketFactory->new(RemoteAddress => '127.0.0.1', RemotePort => $h->{port}, SuccessEvent => 'connected', FailureEvent => 'failed');
  },
  accepted => sub { my ($h, $socket) = @_[HEAP, ARG0]; delete $h->{listener}; serve($socket) },
  connected => sub {
    my ($h, $socket) = @_[HEAP, ARG0];
    delete $h->{factory};
    $h->{w} = POE::Wheel::ReadWrite->new(Handle => $socket, InputEvent => 'line', ErrorEvent => 'gone');
    $h->{script} = [ 'joe', 'wrong', 'joe', 'secret', 'whoami', 'logout' ];
  },
  line => sub { my ($h, $l) = @_[HEAP, ARG0]; push @log, "< $l"; if ($l =~ /[?>]$/) { my $s = shift @{ $h->{script} }; push @log, "> $s"; $h->{w}->put($s) } },
  gone => sub { my ($h, $op, $errno) = @_[HEAP, ARG0, ARG1]; push @log, "gone $op $errno"; delete $h->{w} },
  failed => sub { print "failed @_[ARG0 .. ARG2]\n" },
  _child => sub { push @log, "_child $_[ARG0]" },
  _stop => sub { push @log, 'client stops' },
});
sub serve {
  my $socket = shift;
  POE::NFA->spawn(
    inline_states => {
      initial => { setup => sub { my ($machine, $run, $socket) = @_[MACHINE, RUNSTATE, ARG0]; $run->{tries} = 0; $run->{w} = POE::Wheel::ReadWrite->new(Handle => $socket, InputEvent => 'line', ErrorEvent => 'gone', FlushedEvent => 'flushed'); $machine->goto_state(login => 'enter') } },
      login => {
        enter => sub { $_[RUNSTATE]{w}->put('name?') },
        line => sub { my ($machine, $run, $l) = @_[MACHINE, RUNSTATE, ARG0]; $run->{name} = $l; $machine->goto_state(password => 'enter') },
        gone => sub { push @log, 'lost at login' },
        flushed => sub { },
      },
      password => {
        enter => sub { $_[RUNSTATE]{w}->put('password?') },
        line => sub {
          my ($machine, $run, $l) = @_[MACHINE, RUNSTATE, ARG0];
          if ($l eq 'secret') { $machine->goto_state(shell => 'enter', 'welcome') }
          elsif (++$run->{tries} < 3) { $run->{w}->put('no'); $machine->goto_state(login => 'enter') }
          else { $machine->goto_state(closing => 'enter') }
        },
        flushed => sub { },
      },
      shell => {
        enter => sub { my ($run, $text) = @_[RUNSTATE, ARG0]; $run->{w}->put($text, 'shell>') },
        line => sub { my ($machine, $run, $l) = @_[MACHINE, RUNSTATE, ARG0]; if ($l eq 'logout') { $machine->goto_state(closing => 'enter') } else { $run->{w}->put("$run->{name} in state $_[POE::NFA::STATE]", 'shell>') } },
        flushed => sub { },
      },
      closing => {
        enter => sub { $_[RUNSTATE]{w}->put('bye') },
        flushed => sub { my ($machine, $run) = @_[MACHINE, RUNSTATE]; push @log, "closing in $_[POE::NFA::STATE] by $_[EVENT]"; delete $run->{w} },
      },
    },
  )->goto_state(initial => 'setup', $socket);
}
POE::Kernel->run;
print "$_\n" for @log;
