#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# Names and data of all kinds: events with odd and long names, aliases that look like something else, arguments that change behind the sender's back, IDs of many sessions.

sub v { my $x = shift; !defined $x ? 'undef' : ref $x eq 'ARRAY' ? '[' . join(',', map v($_), @$x) . ']' : ref $x eq 'HASH' ? '{' . join(',', map "$_=" . v($x->{$_}), sort keys %$x) . '}' : ref $x eq 'CODE' ? 'code' : ref $x eq 'SCALAR' ? "\\$$x" : $x }
my $long = 'x' x 3000;
my @odd = ('', ' ', '0', 'two words', "new\nline", 'a.b', '$cash', "quo'te", "\x{e9}t\x{e9}", 'constructor', '__proto__', 'toString', 'hasOwnProperty', '_private', '_start2', '-1', '1e3', $long);
sub shown { my $n = shift; $n =~ s/\n/\\n/; length $n > 50 ? length $n : join '', map { ord > 126 ? sprintf '<%x>', ord : $_ } split //, $n }
my $shared = { list => [ 1, 2 ] };

POE::Session->create(
  inline_states => {
    (map { my $name = $_; $name => sub { print 'event ', shown($_[STATE]), ' (', join(' ', map v($_), @_[ARG0 .. $#_]), ') from ', shown($_[CALLER_STATE]), "\n"; "answer of " . shown($name) } } grep length, @odd[0 .. $#odd]),
    _start => sub {
      my ($k, $s, @args) = @_[KERNEL, SESSION, ARG0 .. $#_];
      print scalar(@args), ' args: ', join(' ', map v($_), @args), "\n";
      $k->yield($_, 'a') for grep length, @odd;
      $k->yield('names');
      print 'call: ', v(scalar $k->call($s, $_, 1)), "\n" for grep { length and $_ ne $long } @odd;
    },
    names => sub {
      my ($k, $s) = @_[KERNEL, SESSION];
      $k->delay($_ => 0.3 + 0.02 * length, 'later') for '0', 'two words', '__proto__';
      $k->delay('constructor' => 5); $k->delay('constructor');
      print 'alias ', shown($_), ': ', $k->alias_set($_) + 0, "\n" for grep length, @odd;
      print 'list: ', join('|', map shown($_), sort $k->alias_list), "\n";
      print 'post to ', shown($_), ': ', v($k->post($_, '0', 'to', shown($_))), "\n" for grep length, @odd;
      print 'unknown: ', v($k->post('valueOf', 'x')), v($k->call('hasOwn', 'x')), "\n";
      $k->alias_remove($_) for grep length, @odd;
      print 'list: ', scalar(my @l = $k->alias_list), "\n";
      $k->yield('data_in');
    },
    data_in => sub {
      my ($k, $s, $heap) = @_[KERNEL, SESSION, HEAP];
      my @mine = (1, 2);
      my $scalar = 'before';
      $k->yield(data => $shared, \@mine, undef, @mine, sub { 1 }, \$scalar, '', 0);
      push @{ $shared->{list} }, 3;
      $shared->{new} = undef;
      $scalar = 'after';
      @mine = (9);
      my $value = 'value';
      $k->call($s, 'changes', $value, $shared->{list});
      print 'after the call: ', v($shared), "\n";
      $k->yield('data');
      $k->yield('data', undef);
      $k->yield('data', undef, undef);
      $k->yield('data', ());
      $k->yield('unknown_one', [ undef ], undef);
      $k->yield('ids');
    },
    data => sub { print scalar(@_) - ARG0, ' given: ', join(' ', map v($_), @_[ARG0 .. $#_]), "\n" },
    changes => sub { push @{ $_[ARG1] }, 'changed'; $_[HEAP]{seen}++ },
    _default => sub { my ($e, $a) = @_[ARG0, ARG1]; print "default $e ", v($a), ' ', scalar(@$a), "\n" if $e !~ /^_/; push @$a, 'more'; scalar @$a },
    ids => sub {
      my ($k, $s) = @_[KERNEL, SESSION];
      my @id;
      my @s = map { POE::Session->create(inline_states => { _start => sub { push @id, $_[SESSION]->ID; $_[KERNEL]->alias_set('member ' . @id) if @id % 100 == 0 }, bye => sub { my $k = $_[KERNEL]; $k->alias_remove($_) for $k->alias_list }, _stop => sub { } }) } 1 .. 300;
      print 'step ', join(',', map { $id[$_] - $id[$_ - 1] } 1, 100, 299), "\n";
      print 'same: ', scalar(grep { $s[$_]->ID == $id[$_] } 0 .. 299), "\n";
      print 'alive: ', join(' ', map { my $i = $k->alias_resolve("member $_"); $i ? $i->ID - $id[0] : 'none' } 1, 100, 200, 300), "\n";
      # an alias that is the ID of another session, and one that is its text
      my $other = $k->alias_resolve('member 100');
      print 'ID as alias: ', $k->alias_set($other->ID) + 0, ', resolves to ', $k->alias_resolve($other->ID) == $other ? 'the session' : 'the alias', "\n";
      print 'text as alias: ', $k->alias_set("$other") + 0, "\n";
      print 'own ID as alias: ', $k->alias_set($s->ID) + 0, "\n";
      print 'kernel ID as alias: ', $k->alias_set($k->ID) + 0, "\n";
      print 'kernel alias: ', v($k->alias_resolve('POE::Kernel')), "\n";
      my @l = $k->alias_list;
      print 'listed: ', scalar(@l), ' ', join(',', sort { $a cmp $b } map { $_ eq $k->ID ? 'kernel' : $_ eq $s->ID ? 'own' : $_ eq $other->ID ? 'other' : 'text' } @l), "\n";
      print 'last ID again? ', POE::Session->create(inline_states => { _start => sub { } })->ID - $id[-1], "\n";
      $k->post("member $_", 'bye') for 100, 200, 300;
      $k->alias_remove($_) for $k->alias_list;
      my $before = $k->ID;
      $k->has_forked;
      print 'kernel ID in the same process: ', $k->ID eq $before ? 'the same' : 'another', "\n";
    },
    _stop => sub { print "stop\n" },
  },
  args => [ 'a', undef, [ 1, [ 2 ] ], { k => 'v' }, '', 0 ],
);
POE::Kernel->run;
