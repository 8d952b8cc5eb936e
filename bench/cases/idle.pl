# WHAT 'sessions': COUNT sessions of three handlers and an alias that wait; 'delays': so many delays of one session.
# Prints COUNT and by how many octets the process has grown.
use strict;
use warnings;
use POE;
use POSIX ();

my ( $what, $count ) = @ARGV;
my $before = octets();
if ( $what eq 'sessions' ) {
    # Without a timer that waits they would end.
    POE::Session->create(
        inline_states => { _start => sub { $_[KERNEL]->delay( late => 10_000 ) }, late => sub { } },
    );
    for my $n ( 1 .. $count ) {
        POE::Session->create(
            inline_states => {
                _start => sub { $_[KERNEL]->alias_set("idle-$n") },
                one    => sub {$n},
                two    => sub {$n},
            },
        );
        # Each new session has an event of its own in the queue at first.
        next if $n % 100;
        $poe_kernel->run_one_timeslice while $poe_kernel->get_event_count > 1;
    }
}
else {
    POE::Session->create(
        inline_states => {
            _start => sub {
                my $kernel = $_[KERNEL];
                $kernel->delay_set( late => 1000 + $_ / $count, $_ ) for 1 .. $count;
            },
            late => sub { },
        },
    );
}
$| = 1;
my $grown = octets() - $before;
# A handful fits into what the process had already.
printf "%d %d\n", $count, $grown > 0 ? $grown : 1;
POSIX::_exit(0);

# Resident size of this process, which ps gives in units of 1024 octets.
sub octets { return 1024 * `ps -o rss= -p $$` }
