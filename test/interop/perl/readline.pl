# The genuine POE::Wheel::ReadLine, without a terminal: it is given keys and says what the program got of them.
#
# Standard input has one order a line: "H hex" adds a line to the history, "K hex" presses keys. For each K one line of JSON comes
# back: the arguments of the event, or the line and the cursor where none came, and the keymap in use.
use strict;
use warnings;
no warnings 'redefine', 'once';
use JSON::PP;
use POSIX ();
use POE;

open my $orders, '<&', \*STDIN or die;
open my $answers, '>&', \*STDOUT or die;
select((select($answers), $| = 1)[0]);
pipe(my $keyboard, my $nobody) or die;
open STDIN, '<&', $keyboard or die;
open STDOUT, '>', '/dev/null' or die;
open STDERR, '>', '/dev/null' or die;
require POE::Wheel::ReadLine;

my @keys;
*POE::Wheel::ReadLine::ReadKey         = sub { shift @keys };
*POE::Wheel::ReadLine::ReadMode        = sub { };
*POE::Wheel::ReadLine::GetTerminalSize = sub { (80, 25) };

sub answer { print $answers encode_json($_[0]), "\n" }

sub next_order {
  my ($kernel, $heap) = @_;
  my $wheel = $heap->{wheel};
  while (defined(my $order = <$orders>)) {
    my ($kind, $hex) = split ' ', $order;
    my $text = pack 'H*', $hex // '';
    if ($kind eq 'H') { $wheel->add_history($text); next }
    @keys = split //, $text;
    $wheel->get('> ');
    $heap->{got} = undef;
    my @in;
    @in[KERNEL, OBJECT] = ($kernel, $wheel);
    local $SIG{ALRM} = sub { die "hangs\n" };
    alarm 5;
    eval { POE::Wheel::ReadLine::_read_state(@in); 1 } or do { answer({ died => "$@" }); POSIX::_exit(1) };
    alarm 0;
    $kernel->yield('check');
    return;
  }
  POSIX::_exit(0);
}

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      $heap->{wheel} = POE::Wheel::ReadLine->new(InputEvent => 'line');
      $heap->{wheel}->attribs->{completion_function} = sub { qw(alpha alphabet beta gamma gamut) };
      $kernel->alias_set('stay');
      next_order($kernel, $heap);
    },
    line => sub { my ($heap, @args) = @_[HEAP, ARG0 .. $#_]; pop @args; $heap->{got} //= \@args },
    check => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      my $keymap = $heap->{wheel}->option('keymap');
      answer($heap->{got} ? { event => $heap->{got}, keymap => $keymap }
        : { text => $heap->{wheel}[0], cursor => $heap->{wheel}[1], keymap => $keymap });
      next_order($kernel, $heap);
    },
  },
);
POE::Kernel->run;
