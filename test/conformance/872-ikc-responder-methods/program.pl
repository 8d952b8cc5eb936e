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

# The responder as an object: methods in the place of events of the session IKC, and what they return; those that work outside of it.
POE::Component::IKC::Responder->spawn;
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server', aliases => ['Nick']);
sub shown { my ($value) = @_; return !defined $value ? 'undef' : ref $value eq 'ARRAY' ? '[' . join(' ', sort @$value) . ']' : ref $value eq 'HASH' ? '{' . join(', ', map { "$_ => " . shown($value->{$_}) } sort keys %$value) . '}' : ref $value ? ref $value : "'$value'" }
POE::Session->create(
  inline_states => {
    _start => sub {
      $_[KERNEL]->alias_set('desk');
      print 'publish: ', shown($ikc->publish(desk => [qw(note echo list close)])), "\n";
      print 'published: ', shown($ikc->published('desk')), "\n";
      print 'retract: ', shown($ikc->retract(desk => [qw(list)])), "\n";
      print 'published: ', shown($ikc->published('desk')), "\n";
    },
    note => sub { my (@args) = @_[ARG0 .. $#_]; print 'note: ', join(' | ', map { shown($_) } @args), "\n"; return },
    echo => sub { my ($x) = $_[ARG0]; print 'echo: ', shown($x), "\n"; $x },
    close => sub { $_[KERNEL]->alias_remove('desk'); $poe_kernel->post(IKC => 'shutdown'); return },
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
  POE::Component::IKC::Responder->spawn;
  my @steps = (
    [ post => sub { $ikc->post('poe://Server/desk/note', 'one') } ],
    [ 'post a list' => sub { $ikc->post('poe://Server/desk/note', 'one', 'two') } ],
    [ 'post nothing' => sub { $ikc->post('poe://Server/desk/note') } ],
    [ 'post to a hash' => sub { $ikc->post({ kernel => 'Nick', session => 'desk', state => 'note' }, [ 1, 2 ]) } ],
    [ 'post to nobody' => sub { $ikc->post('poe://Nobody/desk/note', 'x') } ],
    [ 'post to all' => sub { $ikc->post('poe://*/desk/note', 'all') } ],
    [ call => sub { $ikc->call('poe://Server/desk/echo', 'called', 'poe:/me/answer') } ],
    [ 'call by hash' => sub { $ikc->call('poe://Server/desk/echo', 'called', { session => 'me', state => 'answer', args => [ 'more' ] }) } ],
    [ 'call for nobody' => sub { $ikc->call('poe://Nobody/desk/echo', 'called', 'poe:/me/answer') } ],
    [ 'default' => sub { $ikc->default('Nick') } ],
    [ 'default to nobody' => sub { $ikc->default('Nobody') } ],
    [ 'publish' => sub { $ikc->publish('me', [qw(answer other)]) } ],
    [ 'published' => sub { $ikc->published('me') } ],
    [ 'retract one' => sub { $ikc->retract('me', ['other']) } ],
    [ 'retract all' => sub { $ikc->retract('me') } ],
    [ 'retract nothing' => sub { $ikc->retract('me') } ],
    [ 'published' => sub { $ikc->published('me') } ],
    [ 'monitor' => sub { $poe_kernel->call(IKC => monitor => 'Server', { unregister => 'gone' }) } ],
    [ 'register_local' => sub { $ikc->register_local('More') } ],
    [ 'close' => sub { $ikc->post('poe://Server/desk/close') } ],
  );
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('me');
          $kernel->call(IKC => monitor => '*', { error => 'error' });
          $kernel->yield('step');
        },
        step => sub {
          my ($kernel) = $_[KERNEL];
          my $next = shift @steps or return;
          my $r = $next->[1]->();
          print "$next->[0]: ", shown($r), "\n";
          $kernel->delay(step => 0.2);
        },
        answer => sub { my (@args) = @_[ARG0 .. $#_]; print '  answer: ', join(' | ', map { shown($_) } @args), "\n"; return },
        error => sub { my ($name, $op, $text) = @_[ARG1, ARG4, ARG5]; return if $op =~ /^channel/; $text =~ s/\s+Request.*//s; $text =~ s/^\d+: //; $text =~ s/ at \S+ line.*//s; print "  error: $name $op $text\n" },
        gone => sub { my ($kernel) = $_[KERNEL]; print "  gone\n"; $kernel->delay('step'); $kernel->alias_remove('me'); $poe_kernel->post(IKC => 'shutdown') },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}
