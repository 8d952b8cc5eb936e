#!/usr/bin/perl
# Runs random programs on the real POE: one program a line on standard input, as JSON (program.ts says what it holds), one
# line of JSON on standard output for each: the array of the lines of its trace. interpret.ts does the same on ours.
#
# Each program gets a process of its own, forked after POE is loaded. Time is simulated: the clock stands still but for a
# tick at each reading, and jumps to the next event when POE would wait. Where POE leaves an order to chance (siblings, which
# it keeps in a hash), the order of arrival is taken, so that traces can be compared.
use strict;
use warnings;

use Errno ();
use IO::Handle;
use JSON::PP ();
use POSIX ();
use POE;

# The longest trace, in lines; what comes after that is left out on both sides.
use constant MOST_LINES => 3000;
# The seconds between two slots of time: every timer has a slot for itself.
use constant { SLOT => 1, TICK => 0.0000015, EPOCH => 1_000_000_000 };

# --- simulated time

my $base  = POE::Kernel::monotime() + 1;
my $clock = $base;

sub slot_now   { return POSIX::floor(($clock - $base) / SLOT + 0.25) }
sub slot_time  { return $base + $_[0] * SLOT }
sub slot_of    { return POSIX::floor(($_[0] - EPOCH - $base) / SLOT + 0.5) }

{
    no warnings 'redefine';
    *POE::Kernel::monotime  = sub () { $clock += TICK; return $clock };
    *POE::Kernel::walltime  = sub () { $clock += TICK; return $clock + EPOCH };
    *POE::Kernel::wall2mono = sub { return $_[0] - EPOCH };
    *POE::Kernel::mono2wall = sub { return $_[0] + EPOCH };

    # The first thing in each turn of POE's loop: here time passes until the next event.
    my $test_if_idle = \&POE::Kernel::_test_if_kernel_is_idle;
    *POE::Kernel::_test_if_kernel_is_idle = sub {
        $test_if_idle->(@_);
        my $next = $poe_kernel->get_next_event_time();
        # POE keeps an exception of a _stop until the next event, be that in an hour. Here it takes effect now.
        if (defined $POE::Kernel::kr_exception and $clock < ($next // $clock + 1)) {
            POE::Kernel->stop();
            $test_if_idle->(@_);
            $next = $poe_kernel->get_next_event_time();
        }
        if (!defined $next) {
            stuck();
            $next = $poe_kernel->get_next_event_time();
        }
        $clock = $next if $next > $clock;
    };

    # Children in the order in which they came to their parents.
    my %arrival;
    my $arrivals = 0;
    my $allocate = \&POE::Kernel::_data_ses_allocate;
    *POE::Kernel::_data_ses_allocate = sub {
        my ($self, $session, $id, $parent) = @_;
        $arrival{$id} = ++$arrivals;
        $allocate->($self, $session, $id, $parent);
    };
    my $move = \&POE::Kernel::_data_ses_move_child;
    *POE::Kernel::_data_ses_move_child = sub {
        my ($self, $id, $parent) = @_;
        $arrival{$id} = ++$arrivals;
        $move->($self, $id, $parent);
    };
    my $children = \&POE::Kernel::_data_ses_get_children;
    *POE::Kernel::_data_ses_get_children = sub {
        my @children = sort { $arrival{ $a->ID } <=> $arrival{ $b->ID } } $children->(@_);
        return @children;
    };
}

# --- where POE fails (docs/porting.md)

{
    no warnings 'redefine';

    # POE cannot stop the kernel's own session while that has children, born in a _stop just now. Here it lives on with them.
    my $stop = \&POE::Kernel::_data_ses_stop;
    *POE::Kernel::_data_ses_stop = sub {
        my ($self, $id) = @_;
        return if $id eq $self->ID and my @children = $self->_data_ses_get_children($id);
        return $stop->(@_);
    };

    # The ZOMBIE that POE queues behind an IDLE can meet nobody but such children if nobody handled the IDLE; and if a handler
    # has taken a tagged reference, which is a reason not to be idle, POE forgets about it. Here there is none in both cases.
    my $idle_under_way;
    my $reset = \&POE::Kernel::_data_sig_reset_handled;
    *POE::Kernel::_data_sig_reset_handled = sub {
        my ($self, $signal) = @_;
        $idle_under_way = $signal eq 'IDLE';
        return $reset->(@_);
    };
    my $free_terminated = \&POE::Kernel::_data_sig_free_terminated_sessions;
    *POE::Kernel::_data_sig_free_terminated_sessions = sub {
        my ($self) = @_;
        my ($handled) = $self->_data_sig_handled_status();
        remove_zombie($self) if $idle_under_way and !$handled || $self->_data_extref_count();
        return $free_terminated->(@_);
    };
}

sub remove_zombie {
    my ($kernel) = @_;
    my $is_zombie = sub { $_[0][POE::Kernel::EV_NAME] eq '_signal' and $_[0][POE::Kernel::EV_ARGS][0] eq 'ZOMBIE' };
    for my $item ($kernel->[POE::Kernel::KR_QUEUE]->remove_items($is_zombie)) {
        my (undef, undef, $event) = @$item;
        $kernel->_data_ev_refcount_dec(@$event[ POE::Kernel::EV_SOURCE, POE::Kernel::EV_SESSION ]);
    }
    return;
}

# --- exceptions

# When several exceptions end a run, POE forgets all but the last. Ours keeps the first, and so it is here.
{
    package FirstException;
    sub TIESCALAR { return bless \my $first, shift }
    sub FETCH     { return ${ $_[0] } }

    sub STORE {
        my ($first, $error) = @_;
        # What a DIE handler throws comes second to what it was told of; POE puts it so itself.
        $$first = $error if !defined $$first or !defined $error or $error =~ /Additional error thrown/;
        return;
    }
}
tie $POE::Kernel::kr_exception, 'FirstException';

# --- the program under way

our $depth      = 0;
our $life_cycle = 0;    # whether a handler of _stop, _child or _parent is under way
my ($program, $handlers, $released, @trace, $out);
my (@sessions, %label, $started, @timers, %used_slots, @postbacks, %held, %under_way);

sub say_line {
    my ($text) = @_;
    push @trace, ('  ' x $depth) . $text if @trace < MOST_LINES;
    return;
}

sub finish {
    print {$out} JSON::PP->new->canonical->encode(\@trace), "\n";
    close $out;
    POSIX::_exit(0);
}

# Nothing can happen any more, but something is held: give back once what the program holds, then give up.
sub stuck {
    if ($released++) {
        say_line('stuck');
        finish();
    }
    say_line('waits for ever');
    $clock = slot_time(slot_now() + 5000);
    for my $session (@sessions) {
        next unless defined $session and defined $poe_kernel->ID_session_to_id($session);
        $poe_kernel->post($session, 'release');
        return;
    }
    finish();
}

sub release_all {
    for my $n (0 .. $#postbacks) {
        undef $postbacks[$n];
    }
    for my $key (sort keys %held) {
        my ($n, $tag) = split / /, $key;
        $poe_kernel->refcount_decrement($sessions[$n]->ID, $tag) for 1 .. delete $held{$key};
    }
    return;
}

# --- showing

my %errno_name = map { Errno->can($_)->() => $_ } qw(ESRCH EPERM EEXIST EINVAL ENOSYS);

sub errno_name { return $_[0] == 0 ? '0' : $errno_name{ $_[0] + 0 } // 'E' . ($_[0] + 0) }

sub label_of_id {
    my ($id) = @_;
    return 'kernel' if $id eq $poe_kernel->ID;
    return $label{$id} // 'unknown';
}

sub show_session {
    my ($session) = @_;
    return defined $session ? label_of_id($session->ID) : 'undef';
}

sub show {
    my ($value) = @_;
    return 'undef' unless defined $value;
    if (ref $value) {
        return 'kernel' if ref $value eq 'POE::Kernel';
        return 'session ' . show_session($value) if ref $value eq 'POE::Session';
        return '[' . join(', ', map { show($_) } @$value) . ']' if ref $value eq 'ARRAY';
        return show_die($value) if ref $value eq 'HASH';
        return ref $value;
    }
    return 'text of kernel' if $value =~ /^POE::Kernel=/;
    if ($value =~ /^POE::Session=/) {
        for my $session (@sessions) {
            return 'text of ' . show_session($session) if defined $session and "$session" eq $value;
        }
    }
    return error_text($value);
}

sub show_die {
    my ($details) = @_;
    return sprintf '{%s in %s of %s, from %s in %s}', error_text($details->{error_str}), $details->{event},
        show_session($details->{dest_session}), show_session($details->{source_session}),
        $details->{from_state} // 'undef';
}

# The first line of an error.
sub error_text {
    my ($error) = @_;
    return defined $error ? $error =~ s/\n.*//sr : 'undef';
}

sub show_args { return '(' . join(', ', map { show($_) } @_) . ')' }

sub show_time {
    my ($time) = @_;
    return !defined $time ? 'undef' : $time < EPOCH ? 'seconds' : 'slot ' . slot_of($time);
}

# --- addresses and values of the program

sub target {
    my ($target) = @_;
    my $by = $target->{by};
    return $poe_kernel if $by eq 'kernel';
    return $target->{name} if $by eq 'alias';
    my $session = $by eq 'nobody' ? undef : $sessions[ $target->{n} ];
    return 'nobody' unless defined $session;
    return $by eq 'id' ? $session->ID : $by eq 'text' ? "$session" : $session;
}

sub id_target {
    my ($target) = @_;
    my $session = target($target);
    return ref $session ? $session->ID : 99_999;
}

sub show_target {
    my ($target) = @_;
    return "$target->{by}" . ($target->{by} eq 'alias' ? " $target->{name}" : exists $target->{n} ? " s$target->{n}" : '');
}

sub value {
    my ($value) = @_;
    return ref $value ? target($value) : $value;
}

sub values_of { return map { value($_) } @{ $_[0] } }

# --- handlers

sub make_handler {
    my ($n, $body) = @_;
    return sub { return handle($n, $body, @_) };
}

# Methods for object states: looked up by name, they find the body in their object.
for my $event (qw(_start _stop _child _parent _default e1 e2 e3 e4 e5)) {
    no strict 'refs';
    *{"FuzzObject::$event"} = sub { return handle($_[OBJECT]{n}, $_[OBJECT]{bodies}{$event}, @_) };
}

sub handle {
    my ($n, $body, @context) = @_;
    my $wanted = wantarray;
    my ($object, $session, $event, $sender, $from) = @context[ OBJECT, SESSION, STATE, SENDER, CALLER_STATE ];
    my @args = @context[ ARG0 .. $#context ];
    if ($event eq '_start') {
        $sessions[$n] = $session;
        $label{ $session->ID } = "s$n";
    }
    my $line = sprintf '%s %s from %s in %s %s for %s', show_session($session), $event, show_session($sender),
        $from // 'undef', show_args(@args), defined $wanted ? $wanted ? 'list' : 'scalar' : 'void';
    say_line(defined $object ? "$line as object" : $line);
    return if ++$handlers > $program->{limits}{handlers};

    local $depth = $depth + 1;
    my $sent = $event eq '_default' ? $args[0] : $event;
    local $life_cycle = $life_cycle || $sent =~ /^_(?:stop|child|parent)$/;
    my $returned = run_steps($program->{bodies}[$body], $session, $sender);
    return unless defined $returned;
    return value($returned->{value}) if $returned->{kind} eq 'value';
    return if $returned->{kind} eq 'none';
    my @list = values_of($returned->{values});
    return @list[ 0 .. $#list ];
}

# Runs the steps of a body until a return; returns that step.
sub run_steps {
    my ($steps, $session, $sender) = @_;
    for my $step (@$steps) {
        return $step if $step->{op} eq 'return';
        if (defined $session and !defined $poe_kernel->ID_session_to_id($session)) {
            say_line('gone');
            return;
        }
        main->can("op_$step->{op}")->($step, $session, $sender);
    }
    return;
}

# --- operations

sub op_die {
    my ($step) = @_;
    say_line("die $step->{text}");
    die "$step->{text}\n";
}

sub op_create {
    my ($step, $creator) = @_;
    return say_line('create: enough') if $started >= $program->{limits}{sessions} and defined $creator;
    my $n        = $started++;
    my $template = $program->{templates}[ $step->{template} ];
    my $object   = bless { n => $n, bodies => $template->{object} }, 'FuzzObject';
    my $inline   = $template->{inline};
    my @args     = values_of($step->{args});
    say_line("create s$n");
    my $session = POE::Session->create(
        inline_states => {
            (map { $_ => make_handler($n, $inline->{$_}) } keys %$inline),
            release => sub { say_line("s$n release"); release_all(); return },
        },
        object_states => [ $object => [ keys %{ $template->{object} } ] ],
        args          => \@args,
        options       => { %{ $template->{options} // {} } },
    );
    say_line('create = ' . show($session));
    return;
}

sub op_yield {
    my ($step) = @_;
    my $result = $poe_kernel->yield($step->{event}, values_of($step->{args}));
    say_line("yield $step->{event} = " . show($result));
    return;
}

sub op_post {
    my ($step) = @_;
    my $result = $poe_kernel->post(target($step->{to}), $step->{event}, values_of($step->{args}));
    my $errno = $!;
    say_line('post ' . show_target($step->{to}) . " $step->{event} = " . with_errno($result, $errno));
    return;
}

sub with_errno {
    my ($result, $errno) = @_;
    return defined $result ? show($result) : 'undef ' . errno_name($errno);
}

# Calls what is given in the context that the step asks for; shows the value and the errno.
sub in_context {
    my ($what, $step, $errno_counts, $code) = @_;
    say_line($what);
    my $context = $step->{context};
    my $value;
    my $errno = 0;
    my $act = sub {
        if ($context eq 'list') {
            my @list = $code->();
            $errno = $! + 0;
            $value = show_args(@list);
        }
        elsif ($context eq 'scalar') {
            my $scalar = $code->();
            $errno = $! + 0;
            $value = show($scalar);
        }
        else {
            $code->();
            $errno = $! + 0;
            $value = 'nothing';
        }
        return;
    };
    if ($step->{catch}) {
        if (!eval { $act->(); 1 }) {
            say_line("$what caught " . error_text($@));
            return;
        }
    }
    else {
        $act->();
    }
    say_line("$what = $value" . ($errno_counts ? ' ' . errno_name($errno) : ''));
    return;
}

sub op_call {
    my ($step) = @_;
    my @args = values_of($step->{args});
    my $to   = target($step->{to});
    in_context('call ' . show_target($step->{to}) . " $step->{event}", $step, 1,
        sub { return $poe_kernel->call($to, $step->{event}, @args) });
    return;
}

# The time that a slot ahead means; the next free one, since no two timers are to be due together.
sub free_slot {
    my ($ahead) = @_;
    my $slot = slot_now() + $ahead;
    my $way  = $ahead > 0 ? 1 : -1;
    $slot += $way while $used_slots{$slot};
    $used_slots{$slot} = 1;
    return $slot;
}

sub timer_time {
    my ($step) = @_;
    my $ahead = $step->{in};
    return undef unless defined $ahead;
    return 0 if $ahead eq 'now';
    my $time = slot_time(free_slot($ahead));
    return $step->{op} =~ /^alarm/ ? $time + EPOCH : $time - $clock;
}

sub set_timer {
    my ($step) = @_;
    my $method = $step->{op};
    my $time   = timer_time($step);
    my @args   = values_of($step->{args});
    my $result = $poe_kernel->$method($step->{event}, $time, @args);
    my $errno  = $!;
    my $what   = "$method " . ($step->{event} // 'undef') . ' ' . ($step->{in} // 'undef') . ' = ';
    if ($method =~ /_set$/) {
        push @timers, $result if defined $result;
        say_line($what . (defined $result ? 'timer ' . $#timers : 'undef ' . errno_name($errno)));
    }
    else {
        say_line($what . errno_name($result));
    }
    return;
}

{
    no strict 'refs';
    *{"op_$_"} = \&set_timer for qw(alarm alarm_add alarm_set delay delay_add delay_set);
}

sub op_alarm_adjust {
    my ($step) = @_;
    my $id     = $timers[ $step->{timer} ];
    my $delta  = defined $step->{by} ? $step->{by} * SLOT : undef;
    $delta += free_fraction() if defined $delta;
    my $result = $poe_kernel->alarm_adjust($id, $delta);
    my $errno  = $!;
    say_line("alarm_adjust $step->{timer} = "
            . (defined $result ? show_time($result) : 'undef ' . errno_name($errno)));
    return;
}

my $fractions = 0;

# A fraction of a slot that is used once, so that a timer that has been moved is not due together with another.
sub free_fraction {
    my $turns = ++$fractions**2 * 0.618033988749895;
    return 0.3 * SLOT * ($turns - POSIX::floor($turns));
}

sub op_delay_adjust {
    my ($step) = @_;
    my $id     = $timers[ $step->{timer} ];
    my $delay  = defined $step->{in} ? slot_time(free_slot($step->{in})) - $clock : undef;
    # Without the errno: POE sets none if there is no such timer, though its manual says so.
    say_line("delay_adjust $step->{timer} = " . show_time($poe_kernel->delay_adjust($id, $delay)));
    return;
}

sub op_alarm_remove {
    my ($step) = @_;
    my $id     = $timers[ $step->{timer} ];
    my $result = $poe_kernel->alarm_remove($id);
    my $errno  = $!;
    say_line("alarm_remove $step->{timer} = " . (defined $result
        ? "$result->[0] " . show_time($result->[1]) . ' ' . show($result->[2])
        : 'undef ' . errno_name($errno)));
    return;
}

sub op_alarm_remove_all {
    my @removed = $poe_kernel->alarm_remove_all();
    say_line('alarm_remove_all = '
            . join('; ', map { my ($name, $time, @args) = @$_; "$name " . show_time($time) . ' ' . show_args(@args) } @removed));
    return;
}

sub op_alias_set {
    my ($step) = @_;
    say_line("alias_set $step->{name} = " . errno_name($poe_kernel->alias_set($step->{name})));
    return;
}

sub op_alias_remove {
    my ($step) = @_;
    say_line("alias_remove $step->{name} = " . errno_name($poe_kernel->alias_remove($step->{name})));
    return;
}

sub op_resolve {
    my ($step) = @_;
    my $result = $poe_kernel->alias_resolve(target($step->{to}));
    say_line('resolve ' . show_target($step->{to}) . ' = ' . show($result));
    return;
}

sub op_alias_list {
    my ($step) = @_;
    my @list = $poe_kernel->alias_list(defined $step->{to} ? target($step->{to}) : ());
    say_line('alias_list = ' . show_args(@list));
    return;
}

sub op_refcount_increment {
    my ($step) = @_;
    my $result = $poe_kernel->refcount_increment(id_target($step->{to}), $step->{tag});
    my $errno = $!;
    $held{"$step->{to}{n} $step->{tag}"}++ if defined $result;
    say_line("refcount_increment " . show_target($step->{to}) . " $step->{tag} = " . with_errno($result, $errno));
    return;
}

# Never below zero: POE does not mind, but loses count.
sub op_refcount_decrement {
    my ($step) = @_;
    my $key = ($step->{to}{n} // '') . " $step->{tag}";
    my $what = 'refcount_decrement ' . show_target($step->{to}) . " $step->{tag}";
    my $id = id_target($step->{to});
    my $lives = defined $poe_kernel->ID_id_to_session($id);
    return say_line("$what: left out") if $lives and !$held{$key};
    my $result = $poe_kernel->refcount_decrement($id, $step->{tag});
    my $errno = $!;
    $held{$key}-- if defined $result;
    say_line("$what = " . with_errno($result, $errno));
    return;
}

sub op_detach_child {
    my ($step) = @_;
    say_line('detach_child ' . show_target($step->{to}));
    my $result = $poe_kernel->detach_child(target($step->{to}));
    my $errno = $!;
    say_line('detach_child = ' . with_errno($result, $errno));
    return;
}

sub op_detach_myself {
    return say_line('detach_myself: left out') if $life_cycle;
    say_line('detach_myself');
    my $result = $poe_kernel->detach_myself();
    my $errno = $!;
    say_line('detach_myself = ' . with_errno($result, $errno));
    return;
}

sub op_sig {
    my ($step) = @_;
    $poe_kernel->sig($step->{signal}, $step->{event}, values_of($step->{args}));
    return;
}

sub op_sig_handled {
    $poe_kernel->sig_handled();
    say_line('sig_handled');
    return;
}

sub op_signal {
    my ($step) = @_;
    my $result = $poe_kernel->signal(target($step->{to}), $step->{signal}, values_of($step->{args}));
    my $errno = $!;
    say_line('signal ' . show_target($step->{to}) . " $step->{signal} = " . with_errno($result, $errno));
    return;
}

sub op_state {
    my ($step, $session) = @_;
    my ($event, $body) = @$step{qw(event body)};
    my ($n) = $label{ $session->ID } =~ /(\d+)/;
    my @handler = !defined $body ? ()
        : $step->{method} ? (bless({ n => $n, bodies => { $step->{method} => $body } }, 'FuzzObject'), $step->{method})
        :                   make_handler($n, $body);
    say_line("state $event = " . errno_name($poe_kernel->state($event, @handler)));
    return;
}

sub op_postback {
    my ($step, $session) = @_;
    push @postbacks, $session->postback($step->{event}, values_of($step->{args}));
    say_line("postback $step->{event} is $#postbacks");
    return;
}

sub op_callback {
    my ($step, $session) = @_;
    push @postbacks, $session->callback($step->{event}, values_of($step->{args}));
    say_line("callback $step->{event} is $#postbacks");
    return;
}

sub op_invoke {
    my ($step) = @_;
    my $code = $postbacks[ $step->{postback} ];
    return say_line("invoke $step->{postback}: none") unless defined $code;
    my @args = values_of($step->{args});
    local $under_way{ $step->{postback} } = 1;
    in_context("invoke $step->{postback}", $step, 0, sub { return $code->(@args) });
    return;
}

sub op_weaken {
    my ($step) = @_;
    my $code = $postbacks[ $step->{postback} ];
    return say_line("weaken $step->{postback}: none") unless defined $code;
    $code->weaken();
    say_line("weaken $step->{postback}");
    return;
}

sub op_drop {
    my ($step) = @_;
    return say_line("drop $step->{postback}: none") unless defined $postbacks[ $step->{postback} ];
    return say_line("drop $step->{postback}: under way") if $under_way{ $step->{postback} };
    undef $postbacks[ $step->{postback} ];
    say_line("drop $step->{postback}");
    return;
}

sub op_option {
    my ($step, $session) = @_;
    say_line("option $step->{name} = " . show(scalar $session->option($step->{name}, $step->{value})));
    return;
}

sub op_count {
    say_line('count = ' . $poe_kernel->get_event_count());
    return;
}

sub op_active {
    say_line('active = ' . show_session($poe_kernel->get_active_session()) . ' '
            . ($poe_kernel->get_active_event() // 'undef'));
    return;
}

sub op_id_of {
    my ($step) = @_;
    my $id = $poe_kernel->ID_session_to_id(target($step->{to}));
    my $errno = $!;
    say_line('id_of ' . show_target($step->{to}) . ' = ' . (defined $id ? label_of_id($id) : 'undef ' . errno_name($errno)));
    return;
}

sub op_session_of {
    my ($step) = @_;
    my $session = $poe_kernel->ID_id_to_session(id_target($step->{to}));
    my $errno = $!;
    say_line('session_of ' . show_target($step->{to}) . ' = ' . with_errno($session, $errno));
    return;
}

# A handler that takes its time.
sub op_spin {
    my ($step) = @_;
    my $until = slot_time(slot_now() + $step->{slots}) + SLOT / 2;
    $clock = $until if $until > $clock;
    say_line('spin');
    return;
}

# POE fails if it is stopped while it is stopping or moving sessions,
# and tells of the loss twice if a session leaves while it is stopped or moved.
sub op_stop {
    return say_line('stop: left out') if $life_cycle;
    say_line('stop');
    $poe_kernel->stop();
    say_line('stopped');
    return;
}

# --- running

sub run_program {
    ($handlers, $started) = (0, 0);
    my $phase = 0;
    for my $steps (@{ $program->{main} }) {
        say_line('main ' . ++$phase);
        {
            local $depth = 1;
            eval { run_steps($steps); 1 } or say_line('main died: ' . error_text($@));
        }
        say_line('run');
        $released = 0;
        if (eval { POE::Kernel->run(); 1 }) { say_line('run returned') }
        else                                { say_line('run died: ' . error_text($@)) }
    }
    return;
}

$SIG{__WARN__} = sub {
    my ($text) = @_;
    if ($text =~ /a '(\w+)' event was sent from/) { say_line("warning: unhandled $1") }
    elsif ($ENV{POE_FUZZ_WARNINGS})               { print STDERR $text }
};

STDOUT->autoflush(1);
while (my $line = <STDIN>) {
    $program = JSON::PP::decode_json($line);
    pipe my $in, $out or die "pipe: $!";
    my $pid = fork;
    die "fork: $!" unless defined $pid;
    if (!$pid) {
        close $in;
        alarm 20;
        $poe_kernel->has_forked();
        run_program();
        finish();
    }
    close $out;
    my $answer = do { local $/; <$in> };
    waitpid $pid, 0;
    print defined $answer && length $answer ? $answer : "[\"died with status $?\"]\n";
}
