# A genuine POE client that works through steps:
#
#     perl client.pl (--port N | --unix PATH) [--name N] [--aliases A,B] [--protocol IKC0] [--serializers Storable] [--patience 1]
#
# A step is Perl code, run in the session `me`, which has published `got` and `answer`. Its kind says what its result is:
#
#     now       the value of the code
#     answer    the next value that comes as the answer to ask()
#     got       the arguments of the next event posted to me
#     error     the next [operation, text, kernel] that the monitor of errors is told
#     granted   the next list that subscribe() hands back
#     seen      all that the monitors were told so far, forgotten then
#
# What does not come within a second, or as many as --patience says, is the text `(nothing)`.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Steps qw(steps result options);
use POE;
use POE::Component::IKC::Client;
use POE::Component::IKC::Responder;

my %o = options(name => 'Tester', protocol => 'IKC0', patience => 1);
my @steps = steps('main');
my (%queue, $waiting, @seen);

sub ask { my ($spec, $value) = @_; $poe_kernel->call(IKC => call => $spec, $value, 'poe:answered') }
sub post { my ($spec, $value) = @_; $poe_kernel->call(IKC => post => $spec, $value) }
sub to { my ($session, $event, @args) = @_; $poe_kernel->post($session, $event, @args) }
sub ikc { my (@args) = @_; $poe_kernel->call(IKC => @args) }
sub subscribe { my (@specs) = @_; $poe_kernel->call(IKC => subscribe => \@specs, 'granted') }
sub known { my ($alias) = @_; $poe_kernel->alias_resolve($alias) ? 1 : 0 }
sub raw { my ($message) = @_; $poe_kernel->call(IKC => raw_message => $message, $poe_kernel->get_active_session) }
sub id { $poe_kernel->ID }

POE::Component::IKC::Responder->spawn;
POE::Session->create(inline_states => {
    _start => sub {
        my ($kernel) = $_[KERNEL];
        $kernel->alias_set('me');
        $kernel->call(IKC => publish => me => [qw(got answer double)]);
        $kernel->call(IKC => monitor => '*' => { map { ($_ => "on_$_") } qw(register unregister channel subscribe unsubscribe error) });
    },
    begin => sub { $_[KERNEL]->yield('next') },
    next => sub {
        my ($kernel) = $_[KERNEL];
        my $step = shift @steps;
        if (!$step) { $kernel->alias_remove('me'); $kernel->post(IKC => 'shutdown'); return }
        my ($label, $kind, $code) = @$step;
        my $value = $code->();
        if ($kind eq 'now' or $kind eq 'seen') {
            result($label, $kind eq 'now' ? $value : [ splice @seen ]);
            $kernel->yield('next');
            return;
        }
        $waiting = [ $label, $kind ];
        $kernel->delay(late => $o{patience});
        $kernel->yield('look');
    },
    look => sub {
        my ($kernel) = $_[KERNEL];
        return unless $waiting and @{ $queue{ $waiting->[1] } || [] };
        result($waiting->[0], shift @{ $queue{ $waiting->[1] } });
        $waiting = undef;
        $kernel->delay('late');
        $kernel->yield('next');
    },
    late => sub { result($waiting->[0], '(nothing)'); $waiting = undef; $_[KERNEL]->yield('next') },
    answered => sub { push @{ $queue{answer} }, $_[ARG0]; $_[KERNEL]->yield('look') },
    granted => sub { push @{ $queue{granted} }, $_[ARG0]; $_[KERNEL]->yield('look') },
    (map { my $event = $_; ($event => sub { push @{ $queue{got} }, [ $event, @_[ARG0 .. $#_] ]; $_[KERNEL]->yield('look') }) } qw(got answer)),
    double => sub { 2 * $_[ARG0] },
    (map {
        my $event = $_;
        ("on_$event" => sub {
            my ($kernel, $name, $who, $real, $data, @more) = @_[KERNEL, ARG0 .. $#_];
            push @seen, [ $event, $who, $real ? 1 : 0, $event eq 'channel' ? $more[0] : $event eq 'error' ? @more : () ];
            if ($event eq 'error') { push @{ $queue{error} }, [ @more, $who ]; $kernel->yield('look') }
        });
    } qw(register unregister channel subscribe unsubscribe error)),
    _child => sub { },
});

POE::Component::IKC::Client->spawn(
    ($o{unix} ? (unix => $o{unix}) : (ip => '127.0.0.1', port => $o{port})),
    name => $o{name},
    ($o{aliases} ? (aliases => [ split /,/, $o{aliases} ]) : ()),
    ($o{serializers} ? (serializers => [ split /,/, $o{serializers} ]) : ()),
    protocol => $o{protocol},
    on_connect => sub { $poe_kernel->post(me => 'begin') },
    on_error => sub { result(connected => { error => "@_" }); exit 0 },
);
$poe_kernel->run;
