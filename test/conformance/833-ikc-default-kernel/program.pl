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

my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => 'Server', aliases => [qw(First Second)]);
POE::Session->create(
  inline_states => {
    _start => sub {
      my $kernel = $_[KERNEL];
      $kernel->alias_set('log');
      $kernel->call(IKC => publish => log => [qw(note close)]);
    },
    note => sub { my $what = $_[ARG0]; print "note: ", ref $what eq 'HASH' ? join ',', map { "$_=$what->{$_}" } sort keys %$what : ref $what ? "[@$what]" : defined $what ? $what : 'undef', "\n" },
    close => sub { $_[KERNEL]->alias_remove('log'); $_[KERNEL]->post(IKC => 'shutdown') },
  },
);
print {$port_out} "$port\n";
close $port_out;
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => 'Client', on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel, $session) = @_[KERNEL, SESSION];
          $kernel->alias_set('me');
          $kernel->call(IKC => monitor => '*', { error => 'error' });
          my $post = sub { my ($spec, $value) = @_; my $r = $kernel->call(IKC => post => $spec, $value); print ref $spec ? 'hash' : $spec, ' returned ', defined $r ? $r : 'undef', "\n" };
          $post->('poe://Server/log/note', 'by name');
          $post->('poe://First/log/note', 'by alias');
          $post->('Second/log/note', 'short');
          $post->({ kernel => 'Server', session => 'log', state => 'note' }, 'by hash');
          $post->({ kernel => 'Server', session => 'log', state => 'note' }, { a => 1, b => 2 });
          $post->('poe://Server/log/note', [1, 2, 3]);
          $post->('poe://Server/log/note');
          $post->('poe://Nobody/log/note', 'lost');
          $post->('poe://*/log/note', 'to all');
          $kernel->call(IKC => default => 'Second');
          $post->('poe:/log/note', 'to the default');
          $post->({ session => 'log', state => 'note' }, 'to the default, by hash');
          $post->('poe://Server/log', 'no state');
          $kernel->call(IKC => post2 => 'poe://Server/log/note', $session, 'post2');
          $kernel->call(IKC => raw_message => { event => 'poe://Server/log/note', params => 'raw' }, $session);
          $kernel->call(IKC => post => 'poe://Server/log/note?ignored', 'with arguments');
          $kernel->delay(leave => 0.2);
        },
        error => sub { my ($who, $op, $text) = @_[ARG1, ARG4, ARG5]; $text =~ s/^\d+: //; $text =~ s/\s+at \S+ line.*//s; print "error: $who $op $text\n" },
        leave => sub {
          my ($kernel) = @_[KERNEL];
          $kernel->post(IKC => post => 'poe://Server/log/close', 1);
          $kernel->call(IKC => monitor => '*', { unregister => 'gone' });
        },
        gone => sub {
          my ($kernel, $name, $real) = @_[KERNEL, ARG1, ARG2];
          return unless $real;
          my $r = $kernel->call(IKC => post => 'poe://Server/log/note', 'too late');
          print "after the end: ", defined $r ? $r : 'undef', "\n";
          $kernel->alias_remove('me');
          $kernel->post(IKC => 'shutdown');
        },
      },
    );
  });
  POE::Kernel->run;
  print "client run returned\n";
}
