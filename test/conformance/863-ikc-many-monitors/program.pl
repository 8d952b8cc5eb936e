#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;

pipe(my $port_in, my $port_out) or die "pipe: $!";
my $pid = open my $client, '-|';
die "fork: $!" unless defined $pid;
if (!$pid) { close $port_out; chomp(my $port = <$port_in>); run_client($port); exit 0 }
close $port_in;

# Several sessions monitor the same kernel by its name, its alias, its ID, a specifier and `*`, for everything; some of it is taken back.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server', aliases => ['Nick']);
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      $_[KERNEL]->call(IKC => publish => desk => [qw(note hello close)]);
    },
    hello => sub { my ($kernel, $sender) = @_[KERNEL, SENDER]; 'hello' },
    note => sub { return },
    close => sub { $_[KERNEL]->alias_remove('desk'); $_[KERNEL]->post(IKC => 'shutdown'); return },
  },
);
print {$port_out} "$port\n";
close $port_out;
$SIG{__WARN__} = sub { };
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  POE::Component::IKC::Responder->spawn;
  my %told;
  my $kind = sub { my $name = shift; $name =~ /^(Server|Nick|Client|\*|poe:.*)$/ ? $name : 'ID' };
  my $watch = sub {
    my ($who, $all) = @_;
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set($who);
          my $events = { data => "$who data" };
          $events->{$_} = "on_$_" for qw(register unregister subscribe unsubscribe channel error shutdown);
          $kernel->call(IKC => monitor => $_, { %$events }) for @$all;
        },
        (map {
          my $event = $_;
          ("on_$event" => sub {
            my ($asked, $name, $real, $data, @more) = @_[ARG0 .. $#_];
            $data = defined $data ? $data : 'undef';
            @more = map { ref $_ ? "$_->{session}/" . (defined $_->{state} ? $_->{state} : '') : defined $_ ? $_ : 'undef' } @more;
            pop @more if $event =~ /^(register|channel)$/;
            $more[-1] =~ s/\s+Request.*//s, $more[-1] =~ s/^\d+: // if @more;
            push @{ $told{$who} }, join ' ', $event, $kind->($asked), $kind->($name), defined $real ? $real ? 'real' : 'false' : 'undef', $data, @more;
          });
        } qw(register unregister subscribe unsubscribe channel error shutdown)),
        forget => sub { my ($kernel, $name, $events) = @_[KERNEL, ARG0, ARG1]; $kernel->call(IKC => monitor => $name, $events) },
        leave => sub { $_[KERNEL]->alias_remove($who) },
      },
    );
  };
  my $tell = sub {
    for my $who (sort keys %told) { print "  $who: $_\n" for @{ $told{$who} } }
    %told = ();
  };
  $watch->(a => [ 'Server', '*' ]);
  $watch->(b => [ 'Nick' ]);
  $watch->(c => [ 'poe://Server/any/thing', 'poe://Nick' ]);
  my @steps = (
    [ 'connected' => sub { } ],
    [ 'subscribed' => sub { $_[0]->post(IKC => subscribe => 'poe://Server/desk', 'granted') } ],
    [ 'refused' => sub { $_[0]->post(IKC => post => 'poe://Server/desk/secret', 1) } ],
    [ 'refused by alias' => sub { $_[0]->post(IKC => post => 'poe://Nick/desk/secret', 1) } ],
    [ 'unknown' => sub { $_[0]->post(IKC => post => 'poe://Nobody/desk/secret', 1) } ],
    [ 'a and c forget one name each' => sub { $_[0]->call(a => forget => 'Server', {}); $_[0]->call(c => forget => 'Nick') } ],
    [ 'unsubscribed' => sub { $_[0]->post(IKC => unsubscribe => 'poe://Server/desk') } ],
    [ 'b monitors less' => sub { $_[0]->call(b => forget => 'Nick', { error => 'on_error', data => 'less' }) } ],
    [ 'refused again' => sub { $_[0]->post(IKC => call => 'poe://Nick/nowhere/secret', 1, 'poe:granted') } ],
    [ 'closed' => sub { $_[0]->post(IKC => post => 'poe://Server/desk/close', 1) } ],
    [ 'shutdown' => sub { $_[0]->alias_remove('main'); $_[0]->post($_ => 'leave') for qw(a b c); $_[0]->post(IKC => 'shutdown') } ],
  );
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $session) = @_[KERNEL, SESSION];
        $kernel->alias_set('main');
        POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub { $poe_kernel->post(main => 'step') });
      },
      granted => sub { print "granted: @{ $_[ARG0] }\n" },
      step => sub {
        my ($kernel) = $_[KERNEL];
        my $next = shift @steps or return;
        $next->[1]->($kernel);
        $kernel->delay(tell => 0.15, $next->[0]);
      },
      tell => sub { print "$_[ARG0]\n"; $tell->(); $_[KERNEL]->yield('step') },
    },
  );
  POE::Kernel->run;
  print "at the end\n";
  $tell->();
}
