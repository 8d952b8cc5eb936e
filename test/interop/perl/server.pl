# A genuine server that fulfils the Interop contract: perl server.pl [--unix PATH | --port PORT] [--protocol IKC0]
#
# It serves until SIGTERM, or until the client program says that it is done; then it prints, as JSON, what that client has
# reported, and what came back of what it was asked meanwhile.

use strict;
use warnings;

# With POE's own default a handler that dies ends the process.
BEGIN { $ENV{POE_CATCH_EXCEPTIONS} = 0 }
use FindBin;
use lib $FindBin::Bin;
use B ();
use Scalar::Util qw(blessed reftype);
use Steps qw(result options);
use POE;
use POE::Component::IKC::Server;
use POE::Component::IKC::Responder;

my %o = options(protocol => 'IKC0');
my ($count, @multi, @asked, @seen, @reported, @played) = (0);

sub kind {
    my ($value) = @_;
    return 'undef' unless defined $value;
    if (ref $value) {
        my $type = reftype $value;
        return { ARRAY => 'array', HASH => 'hash', CODE => 'code', REGEXP => 'regexp' }->{$type} || 'ref';
    }
    return 'vstring' if reftype(\$value) eq 'VSTRING';
    my $flags = B::svref_2object(\$value)->FLAGS;
    return utf8::is_utf8($value) ? 'text' : 'bytes' if $flags & B::SVf_POK();
    return $flags & B::SVf_IOK() ? 'int' : 'num';
}

sub type { my ($value) = @_; return defined blessed $value ? 'blessed:' . blessed($value) . ':' . kind($value) : kind($value) }

my @published = qw(echo add list nothing fail type sink count reset relay reply_sender multi last_multi slow blob
    ask_client asked seen forget report done);

POE::Component::IKC::Responder->spawn;
POE::Session->create(inline_states => {
    _start => sub {
        my ($kernel) = $_[KERNEL];
        $kernel->alias_set('interop');
        $kernel->call(IKC => publish => interop => \@published);
        $kernel->call(IKC => monitor => '*' => {
            (map { ($_ => "on_$_") } qw(register unregister channel error)), shutdown => 'leave',
        });
        $kernel->sig(TERM => 'terminate');
    },
    leave => sub { $_[KERNEL]->alias_remove('interop') },
    terminate => sub { $_[KERNEL]->sig_handled; $_[KERNEL]->post(IKC => 'shutdown') },

    echo => sub { $_[ARG0] },
    add => sub { $_[ARG0][0] + $_[ARG0][1] },
    list => sub { wantarray ? (1 .. $_[ARG0]) : $_[ARG0] },
    nothing => sub { undef },
    fail => sub { die "$_[ARG0]\n" },
    type => sub { type($_[ARG0]) },
    sink => sub { $count++; return },
    count => sub { $count },
    reset => sub { $count = 0; @multi = @asked = (); 1 },
    relay => sub { my ($spec, $value) = @{ $_[ARG0] }; $_[KERNEL]->call(IKC => post => $spec, $value) },
    reply_sender => sub { $_[KERNEL]->post($_[SENDER], answer => $_[ARG0]); return },
    multi => sub { @multi = @_[ARG0 .. $#_]; return },
    last_multi => sub { [@multi] },
    slow => sub { my ($what, $rsvp) = @{ $_[ARG0] }; $_[KERNEL]->delay_set(slow_done => $what->[0] / 1000, $rsvp, $what->[1]); return },
    slow_done => sub { $_[KERNEL]->post(IKC => post => $_[ARG0], $_[ARG1]) },
    blob => sub { 'x' x $_[ARG0] },
    ask_client => sub { my ($spec, $value) = @{ $_[ARG0] }; $_[KERNEL]->post(IKC => call => $spec, $value, 'poe:client_answer'); 1 },
    client_answer => sub { push @asked, $_[ARG0]; return },
    asked => sub { [@asked] },
    seen => sub { [@seen] },
    forget => sub { @seen = (); 1 },
    report => sub { push @reported, $_[ARG0]; return },
    done => sub {
        result(reported => \@reported);
        result(played => \@played);
        result(errors => [ grep { $_->[0] eq 'error' and $_->[3] =~ /^remote/ } @seen ]);
        $_[KERNEL]->delay(over => 0.1);
        return;
    },
    over => sub { result(seen => \@seen); $_[KERNEL]->post(IKC => 'shutdown') },

    on_register => sub {
        my ($kernel, $who, $real) = @_[KERNEL, ARG1, ARG2];
        push @seen, [ 'register', $who, $real ? 1 : 0 ];
        $kernel->yield('play') if $who eq 'InteropClient';
    },
    play => sub {
        my ($kernel) = $_[KERNEL];
        my $me = 'poe://InteropClient/me';
        $kernel->post(IKC => call => "$me/double", 21, 'poe:play_answer');
        $kernel->post(IKC => call => 'poe://ClientAlias/me/double', 4, 'poe:play_answer');
        $kernel->post(IKC => post => "$me/note", $_) for qw(one two three);
        $kernel->post(IKC => post => "$me/hidden", 'x');
        $kernel->post(IKC => post => 'poe://InteropClient/nowhere/x', 'x');
        $kernel->post(IKC => post => "$me/fail", 'boom');
        $kernel->post(IKC => call => "$me/noted", undef, 'poe:play_answer');
        $kernel->post(IKC => post => "$me/finish", 'the end');
    },
    play_answer => sub { push @played, $_[ARG0]; return },
    on_unregister => sub { push @seen, [ 'unregister', $_[ARG1], $_[ARG2] ? 1 : 0 ] },
    on_channel => sub { push @seen, [ 'channel', $_[ARG1], $_[ARG2] ? 1 : 0, $_[ARG4] ] },
    on_error => sub { push @seen, [ 'error', $_[ARG1], $_[ARG2] ? 1 : 0, @_[ARG4, ARG5] ] },
    _child => sub { },
});

POE::Session->create(inline_states => {
    _start => sub {
        my ($kernel) = $_[KERNEL];
        $kernel->alias_set('private');
        $kernel->call(IKC => publish => private => ['ok']);
        $kernel->call(IKC => publish => ghost => ['boo']);
        $kernel->call(IKC => monitor => '*' => { shutdown => 'leave' });
    },
    leave => sub { $_[KERNEL]->alias_remove('private') },
    ok => sub { 'fine' },
    secret => sub { 'must not be reached' },
});

my $port = POE::Component::IKC::Server->spawn(
    ($o{unix} ? (unix => $o{unix}) : (ip => '127.0.0.1', port => $o{port} || 0)),
    name => 'Interop',
    aliases => ['InteropAlias'],
    protocol => $o{protocol},
);
print '# listening ', $o{unix} || '127.0.0.1:' . ($o{port} || $port), "\n";
$poe_kernel->run;
