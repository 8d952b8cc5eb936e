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

# What each serializer carries, there and back.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
sub show {
  my ($value) = @_;
  return 'undef' unless defined $value;
  if (!ref $value) { $value =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ge; return "'$value'" }
  my $class = "$value" =~ /^([\w:]+)=/ ? "$1 " : '';
  return "$class\[" . join(', ', map { show($_) } @$value) . ']' if "$value" =~ /ARRAY/;
  return "$class\{" . join(', ', map { show($_) . ' => ' . show($value->{$_}) } sort keys %$value) . '}' if "$value" =~ /HASH/;
  return "$class\\" . show($$value);
}
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('mirror');
      $_[KERNEL]->call(IKC => publish => mirror => [qw(look close)]);
    },
    look => sub { my ($value) = $_[ARG0]; print "got ", show($value), "\n"; $value },
    close => sub { $_[KERNEL]->alias_remove('mirror'); $_[KERNEL]->post(IKC => 'shutdown'); return },
  },
);
print {$port_out} "$port\n";
close $port_out;
$SIG{__WARN__} = sub { };
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  $SIG{__WARN__} = sub { };
  my @values = (
    'text', '', 0, 42, -7, '007', 1.5, "a 'quoted' \"one\"\\", "two\nlines", '$x @y %z', "\xe9",
    [], {}, [ 1, [ 2, { three => 3 } ] ], [ undef, 'x' ], { '' => 1, 'a b' => [ undef ], "it's" => '\\' },
    \'scalar', bless({ name => 'it' }, 'Some::Thing'), bless([ 1 ], 'List'),
  );
  my @ways = (
    [ 'Storable' ], [ 'FreezeThaw' ], [ 'POE::Component::IKC::Freezer' ],
    [ 'FreezeThaw', 'Storable' ], [ 'POE::Component::IKC::Freezer', 'Storable' ],
  );
  POE::Session->create(
    inline_states => {
      _start => sub { $_[KERNEL]->alias_set('me'); POE::Component::IKC::Responder->spawn; $_[KERNEL]->call(IKC => monitor => Server => { unregister => 'way' }); $_[KERNEL]->yield('way') },
      way => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        my $way = shift @ways;
        if (!$way) { $kernel->alias_remove('me'); $kernel->post(IKC => 'shutdown'); return }
        print "-- @$way\n";
        $heap->{values} = [ @values ];
        $heap->{last} = !@ways;
        POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', serializers => $way, on_connect => sub {
          $poe_kernel->post(me => next => $poe_kernel->get_active_session->ID);
        }, on_error => sub { my ($op) = @_; print "error: $op\n" });
      },
      next => sub {
        my ($kernel, $heap, $channel) = @_[KERNEL, HEAP, ARG0];
        $heap->{channel} = $channel;
        $kernel->yield('ask');
      },
      ask => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        if (@{ $heap->{values} }) { $kernel->call(IKC => call => 'poe://Server/mirror/look', shift @{ $heap->{values} }, 'poe:answer') }
        elsif ($heap->{last}) { $kernel->call(IKC => post => 'poe://Server/mirror/close', 1) }
        else { $kernel->call($heap->{channel} => 'shutdown') }
      },
      answer => sub { print show($_[ARG0]), "\n"; $_[KERNEL]->yield('ask') },
    },
  );
  POE::Kernel->run;
  print "over\n";
}
