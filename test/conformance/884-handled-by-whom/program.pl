#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE;

# Who may say that a signal is handled: parents, children, strangers; for custom, terminal, nonmaskable and DIE signals; and what a handler sees of itself meanwhile.

my (@stopped, $over);
my %told; # of each family by itself, since the order of siblings is that of a hash
sub note { my $name = shift; push @{ $told{ $name =~ /aside|right/ ? 'aside' : 'top' } }, join '', @_ }
sub tree {
  my ($name, $does, @below) = @_;
  POE::Session->create(
    inline_states => {
      _start => sub { my $k = $_[KERNEL]; $k->alias_set($name); $k->sig($_ => 'heard', $name) for @{ $does->{$name}{watch} || [] }; tree($_->[0], $does, @$_[1 .. $#$_]) for @below; "started $name" },
      heard => sub {
        my ($k, $signal, @rest) = @_[KERNEL, ARG0 .. $#_];
        my ($e) = map { my $t = $_->{error_str}; chomp $t; " ($t in $_->{event} for " . join(',', $k->alias_list($_->{dest_session})) . ")" } grep ref eq 'HASH', @rest;
        note $name, "  $name hears $signal", $e || " [" . join(',', map { defined $_ ? $_ : 'undef' } @rest) . "]", ' in ', $k->get_active_event, $k->get_active_session == $_[SESSION] ? '' : ' elsewhere', $_[SENDER] == $k ? '' : ' of a session', "\n";
        my $h = $does->{$name}{$signal};
        $h->(@_) if $h;
        return 1;
      },
      crash => sub { die "crash of $name\n" },
      relay => sub { my ($k, $to, $what) = @_[KERNEL, ARG0, ARG1]; my $r = $k->call($to => $what); note $name, "  $name relayed: ", defined $r ? $r : 'undef', "\n" },
      _child => sub { note $name, "  $name: child $_[ARG0]", ' ', defined $_[ARG2] ? $_[ARG2] : 'undef', "\n" unless $over },
      _parent => sub { note $name, "  $name: new parent ", ($_[ARG1] == $_[KERNEL] ? 'kernel' : ($_[KERNEL]->alias_list($_[ARG1]))[0] || 'nameless'), "\n" },
      _stop => sub { push @stopped, $name; "stopped $name" },
    },
  );
}
sub scene {
  my ($title, $does, $code) = @_;
  print "$title\n";
  @stopped = ();
  $over = 0;
  tree('top', $does, [ 'left', [ 'leaf' ] ]);
  tree('aside', $does, [ 'right' ]);
  POE::Session->create(inline_states => {
    _start => sub { $_[KERNEL]->yield('go') },
    go => sub { $code->($_[KERNEL]); $_[KERNEL]->delay(after => 0.05) },
    after => sub { note 'after', "  after: @{[ grep { defined $_[KERNEL]->alias_resolve($_) } qw(top left leaf right aside) ]}\n"; $_[KERNEL]->delay(over => 0.01) },
    over => sub { $over = 1 }, # the order in which those with nothing but a name end is that of a hash
    _stop => sub { },
  });
  my $ok = eval { POE::Kernel->run; 1 };
  my $e = $@; chomp $e; 
  print map @{ delete $told{$_} || [] }, qw(top aside);
  print $ok ? '  returned' : "  died: $e", "; stopped @{[ sort @stopped ]}\n";
}
my $handled = sub { $_[KERNEL]->sig_handled };
scene('custom for all', { map { $_ => { watch => ['FOO'] } } qw(top left leaf right aside) }, sub { $_[0]->signal($_[0], FOO => 1, undef, 'x') });
scene('custom below left', { map { $_ => { watch => ['FOO'] } } qw(top left leaf right aside) }, sub { $_[0]->signal(left => FOO => 'only') });
scene('TERM handled by leaf', { leaf => { watch => ['TERM'], TERM => $handled } }, sub { $_[0]->signal(left => 'TERM') });
scene('TERM handled by right, for all', { right => { watch => ['TERM'], TERM => $handled } }, sub { $_[0]->signal($_[0], 'TERM') });
scene('INT watched, not handled', { left => { watch => ['INT'] } }, sub { $_[0]->signal(left => 'INT') });
scene('HUP handled in a call', { left => { watch => ['HUP'], HUP => sub { $_[KERNEL]->call(aside => 'heard', 'inner') } }, aside => { inner => $handled } }, sub { $_[0]->signal(left => 'HUP') });
scene('UIDESTROY handled in vain', { map { $_ => { watch => ['UIDESTROY'], UIDESTROY => $handled } } qw(top aside) }, sub { $_[0]->signal(top => 'UIDESTROY') });
scene('UIDESTROY for all', { left => { watch => ['UIDESTROY'], UIDESTROY => $handled } }, sub { $_[0]->signal($_[0], 'UIDESTROY', 'w') });
scene('DIE of leaf, top handles', { top => { watch => ['DIE'], DIE => $handled }, left => { watch => ['DIE'] } }, sub { $_[0]->post(leaf => 'crash') });
scene('DIE of leaf, right handles', { right => { watch => ['DIE'], DIE => $handled } }, sub { $_[0]->post(leaf => 'crash') });
scene('DIE through a call, caller handles', { aside => { watch => ['DIE'], DIE => $handled } }, sub { $_[0]->post(aside => relay => leaf => 'crash') });
scene('DIE through a call, callee handles', { leaf => { watch => ['DIE'], DIE => $handled } }, sub { $_[0]->post(aside => relay => leaf => 'crash') });
scene('QUIT twice', { leaf => { watch => ['QUIT'], QUIT => sub { $_[KERNEL]->sig('QUIT'); $_[KERNEL]->sig_handled } } }, sub { $_[0]->signal(leaf => 'QUIT'); $_[0]->signal(leaf => 'QUIT') });
scene('watched anew in the handler', { leaf => { watch => ['FOO'], FOO => sub { $_[KERNEL]->sig(FOO => 'crash') } } }, sub { $_[0]->signal(leaf => 'FOO'); $_[0]->post(top => 'nothing') });
scene('signal in a signal', { top => { watch => ['FOO', 'BAR'], FOO => sub { $_[KERNEL]->signal(left => 'BAR', 'deep'); note 'top', "  posted\n" } }, leaf => { watch => ['BAR', 'FOO'] } }, sub { $_[0]->signal(top => 'FOO', 'a') });
