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

# One kernel with two servers: which of them is the default, under all their names, while they come and go and come back.
my ($first, $to_first) = start(sub { run_server('First', [qw(Uno One)], @_) });
my ($second, $to_second) = start(sub { run_server('Second', ['Two'], @_) });
$SIG{__WARN__} = sub { };
POE::Component::IKC::Responder->spawn;
sub shown { my ($value) = @_; return !defined $value ? 'undef' : ref $value ? ref $value : "'$value'" }
my (%port, %id);
my @steps = (
  [ 'nobody, since the default has gone' => sub { default($_[0], 'First'); try($_[0], 'poe:/log/note', { session => 'log', state => 'note' }) } ],
  [ 'the first one' => sub { connect_to('First') } ],
  [ 'is the default' => sub { try($_[0], 'poe:/log/note', 'poe://First/log/note', 'poe://One/log/note', 'poe://Two/log/note', { session => 'log', state => 'note' }, 'poe:///log/note', '/log/note') } ],
  [ 'the second one' => sub { connect_to('Second') } ],
  [ 'the default stays' => sub { try($_[0], 'poe:/log/note', 'Two/log/note', 'poe://*/log/note') } ],
  [ 'another default' => sub { default($_[0], 'Two'); try($_[0], 'poe:/log/note', { session => 'log', state => 'note' }) } ],
  [ 'by ID' => sub { default($_[0], $id{First}); try($_[0], 'poe:/log/note', "poe://$id{Second}/log/note") } ],
  [ 'one that is unknown' => sub { default($_[0], 'Nobody'); default($_[0], undef); default($_[0], ''); default($_[0], '*'); try($_[0], 'poe:/log/note') } ],
  [ 'myself' => sub { default($_[0], 'Own'); try($_[0], 'poe:/log/note') } ],
  [ 'the second one again' => sub { default($_[0], 'Second'); try($_[0], 'poe:/log/note') } ],
  [ 'a call by default' => sub { $_[0]->call(IKC => call => 'poe:/log/who', 1, 'poe:answer') } ],
  [ 'it closes' => sub { try($_[0], 'poe:/log/close') } ],
  [ 'no default' => sub { try($_[0], 'poe:/log/note', 'poe://Second/log/note', 'poe://Uno/log/note', 'poe://*/log/note') } ],
  [ 'the first one closes' => sub { try($_[0], 'poe://Uno/log/close') } ],
  [ 'nobody is left' => sub { try($_[0], 'poe:/log/note', 'poe://First/log/note', 'poe://*/log/note', 'poe://Own/desk/note') } ],
);
sub connect_to { my $name = shift; POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port{$name}, name => 'Own', on_connect => sub { print "  connected to $name\n"; $poe_kernel->post(desk => 'hello', $name) }) }
sub default { my ($kernel, $name) = @_; print '  default ', ($name && $name =~ /-/ ? 'ID' : shown($name)), ': ', shown($kernel->call(IKC => default => $name)), "\n" }
sub try {
  my ($kernel, @specs) = @_;
  for my $spec (@specs) {
    my $r = $kernel->call(IKC => post => $spec, ref $spec ? 'by hash' : $spec =~ /-/ ? 'by ID' : $spec);
    print '  ', (ref $spec ? 'a hash' : $spec =~ /-/ ? 'by ID' : $spec), ' went to ', shown($r), "\n";
  }
}
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel) = $_[KERNEL];
      $kernel->alias_set('desk');
      $kernel->call(IKC => publish => desk => [qw(note is_at noted)]);
      $kernel->call(IKC => monitor => '*', { error => 'error', unregister => 'gone' });
      # Each server is a client of this program until it has told its port.
      my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Own');
      for ($to_first, $to_second) { print {$_} "$port\n"; close $_ }
    },
    is_at => sub {
      my ($kernel, $args) = @_[KERNEL, ARG0];
      my ($name, $at) = @$args;
      $port{$name} = $at;
      $kernel->call(IKC => default => "Teller$name");
      $kernel->delay(step => 0.3) if keys %port == 2;
      return;
    },
    hello => sub { my ($kernel, $name) = @_[KERNEL, ARG0]; $kernel->call(IKC => call => "poe://$name/log/id", 1, 'poe:has_id'); return },
    has_id => sub { my ($name, $id) = @{ $_[ARG0] }; $id{$name} = $id; return },
    step => sub {
      my ($kernel) = $_[KERNEL];
      my $next = shift @steps;
      if (!$next) { $kernel->alias_remove('desk'); $kernel->post(IKC => 'shutdown'); return }
      print "$next->[0]\n";
      $next->[1]->($kernel);
      $kernel->delay(step => 0.25);
    },
    note => sub { print "  noted here: $_[ARG0]\n"; return },
    noted => sub { my ($who, $what) = @{ $_[ARG0] }; print "    $who notes $what\n"; return },
    granted => sub { print "  granted: @{ $_[ARG0] }\n"; return },
    answer => sub { print "  answer: $_[ARG0]\n"; return },
    error => sub { my ($name, $op, $text) = @_[ARG1, ARG4, ARG5]; return if $op =~ /^channel/; $text =~ s/\s+Request.*//s; $text =~ s/^\d+: //; print "  error: $name $op $text\n"; return },
    gone => sub { my ($name, $real) = @_[ARG1, ARG2]; print "  gone: $name\n" if $name =~ /^(First|Second|One|Uno|Two)$/; return },
  },
);
POE::Kernel->run;
print "over\n";
print "First: $_" while <$first>;
print "Second: $_" while <$second>;

sub run_server {
  my ($name, $aliases, $to) = @_;
  $SIG{__WARN__} = sub { };
  my $port;
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        $kernel->alias_set('log');
        POE::Component::IKC::Responder->spawn;
        $kernel->call(IKC => publish => log => [qw(note who id close)]);
        $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => $name, aliases => $aliases);
        POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $to, name => "Teller$name", on_connect => sub {
          my $channel = $poe_kernel->get_active_session->ID;
          $poe_kernel->call(IKC => post => 'poe://Own/desk/is_at', [ $name, $port ]);
          $poe_kernel->post(log => told => $channel);
        });
      },
      told => sub { my ($kernel, $channel) = @_[KERNEL, ARG0]; $kernel->delay_set(untell => 0.1, $channel) },
      untell => sub { $_[KERNEL]->post($_[ARG0], 'shutdown') },
      note => sub { my ($kernel, $what) = @_[KERNEL, ARG0]; print "notes $what\n"; return },
      who => sub { "I am $name" },
      id => sub { [ $name, $_[KERNEL]->ID ] },
      close => sub { print "closes\n"; $_[KERNEL]->alias_remove('log'); $_[KERNEL]->post(IKC => 'shutdown'); return },
    },
  );
  POE::Kernel->run;
  print "over\n";
}
