#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
# A job server: clients submit shell jobs over TCP, at most two run at once, output comes back line by line, and a watcher follows the log file.
use POE qw(Component::Server::TCP Component::Client::TCP Wheel::Run Wheel::FollowTail Filter::Line);
use Socket;
use File::Temp 'tempdir';
my $dir = tempdir(CLEANUP => 1);
my $logfile = "$dir/jobs.log";
my ($port, @trace);
POE::Session->create(
  inline_states => {
    _start => sub { my ($k, $h) = @_[KERNEL, HEAP]; $k->alias_set('queue'); @$h{qw(waiting running max next)} = ([], {}, 2, 1) },
    submit => sub { my ($k, $h, $client, $cmd) = @_[KERNEL, HEAP, ARG0, ARG1]; my $n = $h->{next}++; push @{ $h->{waiting} }, [ $n, $client, $cmd ]; $k->yield('schedule'); return $n },
    schedule => sub {
      my ($k, $h) = @_[KERNEL, HEAP];
      while (@{ $h->{waiting} } && keys %{ $h->{running} } < $h->{max}) {
        my ($n, $client, $cmd) = @{ shift @{ $h->{waiting} } };
        my $w = POE::Wheel::Run->new(Program => [ 'sh', '-c', $cmd ], StdoutEvent => 'out', StderrEvent => 'err', CloseEvent => 'closed', ErrorEvent => 'ignore');
        $h->{running}{ $w->ID } = { n => $n, client => $client, wheel => $w };
        $h->{most} = keys %{ $h->{running} } if keys %{ $h->{running} } > ($h->{most} || 0);
        $k->sig_child($w->PID, 'ended', $w->ID);
        write_log("start $n");
      }
    },
    out => sub { my ($k, $h, $l, $id) = @_[KERNEL, HEAP, ARG0, ARG1]; my $j = $h->{running}{$id}; $k->post($j->{client}, answer => "$j->{n}: $l") },
    err => sub { my ($k, $h, $l, $id) = @_[KERNEL, HEAP, ARG0, ARG1]; my $j = $h->{running}{$id}; $k->post($j->{client}, answer => "$j->{n}! $l") },
    ignore => sub { },
    closed => sub { my ($k, $h, $id) = @_[KERNEL, HEAP, ARG0]; $h->{running}{$id}{closed} = 1; $k->yield(finish => $id) },
    ended => sub { my ($k, $h, $pid, $status, $id) = @_[KERNEL, HEAP, ARG1, ARG2, ARG3]; $h->{running}{$id}{status} = $status >> 8; $k->yield(finish => $id) },
    finish => sub {
      my ($k, $h, $id) = @_[KERNEL, HEAP, ARG0];
      my $j = $h->{running}{$id} or return;
      return unless $j->{closed} && defined $j->{status};
      delete $h->{running}{$id};
      write_log("end $j->{n} $j->{status}");
      $k->post($j->{client}, answer => "$j->{n}. exit $j->{status}");
      $k->yield('schedule');
    },
    quit => sub { my ($k, $h) = @_[KERNEL, HEAP]; push @trace, "most at once: $h->{most}"; $k->alias_remove('queue') },
  },
);
sub write_log { open my $f, '>>', $logfile or die; print $f "$_[0]\n"; close $f }
POE::Component::Server::TCP->new(
  Alias => 'jobs', Address => '127.0.0.1', Port => 0,
  Started => sub { ($port) = unpack_sockaddr_in($_[HEAP]{listener}->getsockname) },
  ClientConnected => sub { $_[HEAP]{open} = 0 },
  ClientInput => sub { my ($k, $h, $s, $l) = @_[KERNEL, HEAP, SESSION, ARG0]; if ($l =~ /^run (.*)/) { my $n = $k->call(queue => submit => $s->ID, $1); $h->{open}++; $h->{client}->put("$n accepted") } else { $h->{client}->put("what is '$l'?") } },
  ClientError => sub { },
  InlineStates => { answer => sub { my ($h, $text) = @_[HEAP, ARG0]; $h->{client}->put($text) if $h->{client} } },
);
write_log('log begins');
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->alias_set('watcher'); $_[HEAP]{tail} = POE::Wheel::FollowTail->new(Filename => $logfile, InputEvent => 'line', PollInterval => 0.05, Seek => 0) },
  line => sub { my ($h, $l) = @_[HEAP, ARG0]; $h->{count}{ (split ' ', $l)[0] }++ },
  quit => sub { my ($k, $h) = @_[KERNEL, HEAP]; $k->alias_remove('watcher'); push @trace, 'log: ' . join ', ', map { "$_ $h->{count}{$_}" } sort keys %{ $h->{count} }; delete $h->{tail} },
});
my $clients = 2;
for my $name (qw(anna bert)) {
  POE::Component::Client::TCP->new(
    RemoteAddress => '127.0.0.1', RemotePort => $port,
    Connected => sub { my $h = $_[HEAP]; $h->{done} = 0; $h->{server}->put('run echo hello from a job; sleep 0.1', 'run echo trouble >&2; sleep 0.1; exit 3', 'run sleep 0.1; seq 3', 'dance') },
    ServerInput => sub {
      my ($k, $h, $l) = @_[KERNEL, HEAP, ARG0];
      (my $shown = $l) =~ s/^\d+/N/;
      push @trace, "$name $shown";
      $k->yield('shutdown') if $l =~ /exit/ && ++$h->{done} == 3;
    },
    Disconnected => sub { my $k = $_[KERNEL]; return if --$clients; $k->post(jobs => 'shutdown'); $k->post('ender' => 'go') },
    ServerError => sub { },
  );
}
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->alias_set('ender') },
  go => sub { $_[KERNEL]->delay(now => 0.3) },
  now => sub { my $k = $_[KERNEL]; $k->post($_ => 'quit') for qw(queue watcher); $k->alias_remove('ender') },
});
POE::Kernel->run;
print "$_\n" for sort @trace;
