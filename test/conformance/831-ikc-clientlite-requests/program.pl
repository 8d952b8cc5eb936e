#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::ClientLite;
use POE::Component::IKC::Responder;

pipe(my $port_in, my $port_out) or die "pipe: $!";
my $pid = open my $client, '-|';
die "fork: $!" unless defined $pid;
if (!$pid) { close $port_out; chomp(my $port = <$port_in>); run_client($port); exit 0 }
close $port_in;

my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Shop');
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('till');
      $kernel->call(IKC => publish => till => [qw(price basket later twice who fail count close)]);
      $kernel->post(IKC => monitor => '*', { register => 'came', unregister => 'went' });
    },
    price  => sub { my %of = (tea => 3, cake => 4); $of{ $_[ARG0] } },
    basket => sub { my ($kernel, $what) = @_[KERNEL, ARG0]; return map { "$_ of " . join ',', @$what } 1 .. @$what },
    # post_respond hands over [ data, rsvp ].
    later    => sub { my ($kernel, $args) = @_[KERNEL, ARG0]; $kernel->delay_set(is_later => 0.05, @$args); return },
    is_later => sub { my ($kernel, $what, $rsvp) = @_[KERNEL, ARG0, ARG1]; $kernel->post(IKC => post => $rsvp, "later: $what") },
    twice    => sub { my ($kernel, $sender, $what) = @_[KERNEL, SENDER, ARG0]; $kernel->post($sender, 'done', $what, $what); return },
    count    => sub { my $heap = $_[HEAP]; ++$heap->{count} },
    went     => sub { my ($heap, $name, $real) = @_[HEAP, ARG1, ARG2]; $heap->{went}{$name}++ if $real },
    came     => sub { my ($heap, $name, $real) = @_[HEAP, ARG1, ARG2]; $heap->{came}{$name}++ if $real },
    who      => sub { my $heap = $_[HEAP]; join ' ', map { "$_ came $heap->{came}{$_}" } sort keys %{ $heap->{came} } },
    close    => sub { my ($kernel, $heap) = @_[KERNEL, HEAP]; $kernel->alias_remove('till'); $kernel->delay(over => 0.3) },
    over     => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      print "went: ", join(' ', map { "$_ $heap->{went}{$_}" } sort keys %{ $heap->{went} }), "\n";
      $kernel->post(IKC => 'shutdown');
    },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  my $shop = POE::Component::IKC::ClientLite->spawn(ip => '127.0.0.1', port => $port, name => 'Buyer', timeout => 5) or die;
  print "I am ", $shop->name, "\n";
  print "tea: ", $shop->call('till/price', 'tea'), "\n";
  print "cake, by the whole specifier: ", $shop->call('poe://Shop/till/price', 'cake'), "\n";
  print "in a list: ", join(' | ', $shop->call('till/basket', [qw(tea cake)])), "\n";
  print "post returns ", $shop->post('till/count', 1), "\n";
  print "and then the count is ", $shop->call('till/count'), "\n";
  print $shop->post_respond('till/later', 'parcel'), "\n";
  $shop->post('till/twice', 'two');
  my @came = $shop->responded('done');
  print "responded: @came\n";
  print "hash: ", $shop->call({ kernel => 'Shop', session => 'till', state => 'price' }, 'tea'), "\n";
  print $shop->call('till/who'), "\n";
  my $second = POE::Component::IKC::ClientLite->spawn(ip => '127.0.0.1', port => $port, name => 'Second', timeout => 5, serialiser => 'FreezeThaw', protocol => 'IKC');
  print "another serialiser and handshake: ", $second->call('till/price', 'tea'), ", ping ", $second->ping ? 'pong' : 'none', "\n";
  $second->disconnect;
  my $none = POE::Component::IKC::ClientLite->spawn(ip => '127.0.0.1', port => 1, name => 'None', connect_timeout => 1);
  print "nobody listens: ", defined $none ? 'a client' : 'undef', ", an error: ", $POE::Component::IKC::ClientLite::error ? 'yes' : 'no', "\n";
  $shop->post('till/close');
  $shop->disconnect;
}
