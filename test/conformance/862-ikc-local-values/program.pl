#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;
use POE::Component::IKC::Responder;

# To the own kernel: names of its own that are added while it runs, whether values are copied, and what false values do.
$SIG{__WARN__} = sub { };
my $ikc = POE::Component::IKC::Responder->spawn;
my $own = $poe_kernel->ID;
my $kept = [ 1, 2 ];
sub shown { my ($value) = @_; return !defined $value ? 'undef' : ref $value eq 'ARRAY' ? "[@$value]" : ref $value eq 'CODE' ? 'code' : ref $value ? 'a ' . ref $value : "'$value'" }
my @steps = (
  [ 'without a name' => sub { sent($_[0]->call(IKC => post => 'poe://Own/desk/note', 1)); sent($_[0]->call(IKC => post => "poe://$own/desk/note", 2)) } ],
  [ 'one more name' => sub { print shown($_[0]->call(IKC => register_local => 'Own')), "\n"; sent($_[0]->call(IKC => post => 'poe://Own/desk/note', 4)) } ],
  [ 'two more names' => sub { print shown($_[0]->call(IKC => register_local => [qw(Two Three)])), "\n"; sent($_[0]->call(IKC => post => "poe://$_/desk/note", $_)) for qw(Own Two Three) } ],
  [ 'the same name anew' => sub { print shown($_[0]->call(IKC => register_local => 'Two')), "\n"; sent($_[0]->call(IKC => post => 'poe://Two/desk/note', 5)) } ],
  [ 'everybody' => sub { sent($_[0]->call(IKC => post => 'poe://*/desk/note', 6)) } ],
  [ 'an array' => sub { sent($_[0]->call(IKC => post => 'poe://Own/desk/change', $kept)); print "kept: ", shown($kept), "\n" } ],
  [ 'false values' => sub { sent($_[0]->call(IKC => post => 'poe://Own/desk/note', $_)) for 0, '', '0', undef, [], '00' } ],
  [ 'nothing' => sub { sent($_[0]->call(IKC => post => 'poe://Own/desk/note')) } ],
  [ 'false answers' => sub { $_[0]->call(IKC => call => 'poe://Own/desk/same', $_, 'poe:answer') for 0, '', '0', undef, [] } ],
  [ 'false arguments of rsvp' => sub { $_[0]->call(IKC => call => 'poe://Own/desk/same', 'x', { state => 'answer', args => $_ }) for 0, '', undef, [], [0], [undef], { a => 1 } } ],
  [ 'no rsvp' => sub { sent($_[0]->call(IKC => call => 'poe://Own/desk/same', 'x', $_)) for undef, '', 0 } ],
  [ 'an rsvp that is none' => sub { sent($_[0]->call(IKC => call => 'poe://Own/desk/same', 'x', $_)) for 'answer', 'poe://', 'desk/answer', 'poe:desk/answer', 'poe:/desk', {}, { session => 'desk' }, { state => 'answer' } } ],
  [ 'a session by its number' => sub { my $id = $_[0]->alias_resolve('desk')->ID; sent($_[0]->call(IKC => post => "poe://Own/$id/note", 'number')); sent($_[0]->call(IKC => post => { kernel => 'Own', session => $id, state => 'note' }, 'number')) } ],
  [ 'an event named 0' => sub { $_[0]->call(IKC => publish => desk => ['0']); sent($_[0]->call(IKC => post => 'poe://Own/desk/0', 'zero')); sent($_[0]->call(IKC => post => { kernel => 'Own', session => 'desk', state => '0' }, 'zero')) } ],
  [ 'a session named 0' => sub { sent($_[0]->call(IKC => post => 'poe://Own/0/note', 'zero')); sent($_[0]->call(IKC => post => { kernel => 'Own', session => '0', state => 'note' }, 'zero')) } ],
);
sub sent { print "  sent: ", shown($_[0]), "\n" }
POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel) = $_[KERNEL];
      $kernel->alias_set($_) for 'desk', 'more';
      $kernel->call(IKC => publish => desk => [qw(note change same)]);
      $kernel->call(IKC => monitor => '*', { error => 'error', register => 'came', unregister => 'went' });
      $kernel->yield('step');
    },
    step => sub {
      my ($kernel) = $_[KERNEL];
      my $next = shift @steps;
      if (!$next) { $kernel->alias_remove($_) for 'desk', 'more'; $kernel->post(IKC => 'shutdown'); return }
      print "$next->[0]\n";
      $next->[1]->($kernel);
      $kernel->delay(step => 0.05);
    },
    note => sub { my (@args) = @_[ARG0 .. $#_]; print "  note: ", join(' | ', map { shown($_) } @args), "\n"; return },
    0 => sub { my (@args) = @_[ARG0 .. $#_]; print "  0: ", join(' | ', map { shown($_) } @args), "\n"; return },
    change => sub { push @{ $_[ARG0] }, 3; print "  changed to ", shown($_[ARG0]), ", is kept: ", ($_[ARG0] == $kept ? 'yes' : 'no'), "\n"; return },
    same => sub { print "  same: ", shown($_[ARG0]), ' in ', (wantarray ? 'list' : defined wantarray ? 'scalar' : 'void'), " context\n"; $_[ARG0] },
    answer => sub { my (@args) = @_[ARG0 .. $#_]; print "  answer: ", join(' | ', map { shown($_) } @args), "\n" },
    error => sub { my ($name, $op, $text) = @_[ARG1, ARG4, ARG5]; $text =~ s/\s+Request.*//s; $text =~ s{ at \S+ line.*}{}s; $text =~ s{^\d+: }{}; $text =~ s{\Q$own}{ID}; $name = 'ID' if $name eq $own; print "  error: $name $op $text\n" },
    came => sub { my ($name, $real) = @_[ARG1, ARG2]; print "  came: ", ($name eq $own ? 'ID' : $name), ' ', $real ? 'real' : 'alias', "\n" },
    went => sub { my ($name, $real) = @_[ARG1, ARG2]; print "  went: ", ($name eq $own ? 'ID' : $name), ' ', $real ? 'real' : 'alias', "\n" },
  },
);
POE::Kernel->run;
print "over\n";
