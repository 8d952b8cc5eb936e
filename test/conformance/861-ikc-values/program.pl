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

# Values of every kind, there and back: each side says what it was given.
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server');
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
POE::Kernel->run;
print "client: $_" while <$client>;

sub show {
  my ($value, $depth) = @_;
  $depth ||= 0;
  return 'deeper' if $depth > 6;
  return 'undef' unless defined $value;
  if (!ref $value) {
    return 'text of ' . length $value if length $value > 60;
    $value =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ge;
    return "'$value'";
  }
  my $text = "$value";
  my $class = $text =~ /^(\w+(?:::\w+)*)=/ ? "$1 " : '';
  return $class . '[' . join(', ', map { show($_, $depth + 1) } @$value) . ']' if $text =~ /ARRAY/;
  return $class . '{' . join(', ', map { show($_) . " => " . show($value->{$_}, $depth + 1) } sort keys %$value) . '}' if $text =~ /HASH/;
  return $class . '\\' . show($$value, $depth + 1);
}

sub run_client {
  my $port = shift;
  my $shared = [ 'shared' ];
  my $circle = { name => 'circle' };
  $circle->{self} = $circle;
  my $ref = \'inner';
  my @values = (
    undef, '', 0, '0', 1, -1, '007', '1e3', 2147483647, 2147483648, -2147483649, 9007199254740991, 1.5, -0.25, 1e100, 0.1, ' 5',
    "two\nlines", "nul\0inside", "\xe9\xff", "\x{20ac} and \x{1f600}", 'x' x 70_000, "\x{263a}" x 300,
    [], {}, [[]], [undef], [ undef, undef, 0 ], { '' => 'empty key' }, { 0 => 'zero', "\x{e9}" => 'latin', "\x{20ac}" => 'euro' },
    [ 1, [ 2, [ 3, { four => [ 5 ] } ] ] ], { a => undef, b => [], c => {} },
    \'scalar', \undef, \$ref, [ \1, \'x' ],
    bless({ name => 'it' }, 'Some::Thing'), bless([ 1, 2 ], 'List'), bless(\(my $s = 'in'), 'Scalar'), [ map { bless { n => $_ }, 'Same' } 1 .. 3 ],
    { __proto__ => 'x', constructor => 'y', toString => 'z', length => 3 },
    [ map { { id => $_, tags => [ "t$_" ] } } 1 .. 3 ],
    [ $shared, $shared ], $circle,
  );
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub { $_[KERNEL]->alias_set('me'); $_[KERNEL]->yield('next') },
        next => sub {
          my ($kernel) = $_[KERNEL];
          if (!@values) { $kernel->post(IKC => post => 'poe://Server/mirror/close', 1); $kernel->alias_remove('me'); return }
          # An answer of undef is none.
          $kernel->post(IKC => call => 'poe://Server/mirror/look', $values[0], 'poe:answer');
          $kernel->yield('answer', undef) unless defined shift @values;
        },
        answer => sub {
          my ($kernel, $value) = @_[KERNEL, ARG0];
          print show($value), "\n";
          print "  one and the same\n" if ref $value eq 'ARRAY' and @$value == 2 and ref $value->[0] and $value->[0] == $value->[1];
          print "  a circle\n" if ref $value eq 'HASH' and ref $value->{self} and $value->{self} == $value;
          $kernel->yield('next');
        },
      },
    );
  });
  POE::Kernel->run;
}
