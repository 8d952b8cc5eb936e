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

# Names that Perl holds as characters: in hashes, in texts, as values; of kernels, sessions and events. They mean what the same names in octets mean.
sub up { my $text = shift; utf8::upgrade($text); return $text }
sub short { my $text = shift; $text =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ge; return $text }
my $port = POE::Component::IKC::Server->spawn(ip => '127.0.0.1', port => 0, name => up('Server'), aliases => [ up('Nick') ]);
my @names = ('desk', "caf\xe9", "\x{20ac}uro");
for my $name (@names) {
  POE::Session->create(
    inline_states => {
      _start => sub {
        $_[KERNEL]->alias_set($name);
        $_[KERNEL]->call(IKC => publish => $name => [ 'echo', "gr\xfc\xdf", "\x{2713}", 'tell', 'close' ]);
        $_[KERNEL]->call(IKC => monitor => '*', { shutdown => 'leave' });
      },
      leave => sub { $_[KERNEL]->alias_remove($name) },
      echo => sub { my ($x) = $_[ARG0]; print short("$name: $x"), "\n"; $x },
      "gr\xfc\xdf" => sub { "greets $_[ARG0]" },
      "\x{2713}" => sub { "ticks $_[ARG0]" },
      tell => sub { my ($kernel, $to) = @_[KERNEL, ARG0]; 'told ' . $kernel->call(IKC => post => $to, 'by the server') },
      close => sub { $_[KERNEL]->post(IKC => 'shutdown'); return },
    },
  );
}
print {$port_out} "$port\n";
close $port_out;
$SIG{__WARN__} = sub { };
POE::Kernel->run;
print "client: $_" while <$client>;

sub run_client {
  my $port = shift;
  $SIG{__WARN__} = sub { };
  my @todo;
  for my $how (\&up, sub { $_[0] }) {
    push @todo, map { { kernel => $how->($_), session => $how->('desk'), state => $how->('echo') } } 'Server', 'Nick', 'Nobody';
    push @todo, { kernel => $how->('Server'), session => $how->("caf\xe9"), state => $how->('echo') };
    push @todo, { kernel => $how->('Server'), session => $how->('desk'), state => $how->("gr\xfc\xdf") };
    push @todo, map { $how->($_) } 'poe://Server/desk/echo', 'Nick/desk/echo';
  }
  push @todo, { kernel => 'Server', session => "\x{20ac}uro", state => 'echo' }, { kernel => 'Server', session => 'desk', state => "\x{2713}" };
  # Where the server is to post to, by names in characters.
  push @todo, map { [ $_ ] } { kernel => up('Client'), session => up('me'), state => up('hear') }, up('poe://Client/me/hear'), { kernel => up('Alias'), session => 'me', state => 'hear' };
  POE::Component::IKC::Client->spawn(ip => '127.0.0.1', port => $port, name => up('Client'), aliases => [ up('Alias') ], on_connect => sub {
    POE::Session->create(
      inline_states => {
        _start => sub {
          my ($kernel) = $_[KERNEL];
          $kernel->alias_set('me');
          $kernel->call(IKC => publish => up('me') => [ up('hear') ]);
          $kernel->call(IKC => monitor => up('Server'), { error => 'error' });
          $kernel->call(IKC => monitor => '*', { error => 'error' });
          print 'default: ', $kernel->call(IKC => default => up('Nick')), "\n";
          $kernel->yield('step');
        },
        step => sub {
          my ($kernel, $heap) = @_[KERNEL, HEAP];
          my $next = shift @todo;
          if (!defined $next) { $kernel->post(IKC => post => 'poe://Server/desk/close'); $kernel->alias_remove('me'); return }
          my ($to, $value) = ref $next eq 'ARRAY' ? ('poe://Server/desk/tell', $next->[0]) : ($next, up("x\xe9"));
          print short(ref $to ? join '/', @$to{qw(kernel session state)} : $to), "\n";
          $kernel->call(IKC => call => $to, $value, { session => up('me'), state => up('answer') });
        },
        answer => sub { print '  ', short($_[ARG0]), "\n"; $_[KERNEL]->delay(step => 0.05); return },
        hear => sub { print "  hears: $_[ARG0]\n"; return },
        error => sub {
          my ($kernel, $name, $op, $text) = @_[KERNEL, ARG1, ARG4, ARG5];
          return if $op =~ /^channel/;
          $text =~ s/\s+Request.*//s;
          $text =~ s/^\d+: //;
          print '  error: ', short("$name $op $text"), "\n";
          $kernel->delay(step => 0.05);
        },
      },
    );
  });
  POE::Kernel->run;
  print "over\n";
}
