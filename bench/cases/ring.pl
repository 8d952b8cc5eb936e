# An event with two arguments that goes round a ring of SESSIONS, from alias to alias, COUNT times.
# Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use Time::HiRes 'time';

my ( $sessions, $count ) = @ARGV;
my $left = $count;
for my $index ( 0 .. $sessions - 1 ) {
    my $next = 'ring-' . ( ( $index + 1 ) % $sessions );
    POE::Session->create(
        inline_states => {
            _start => sub { $_[KERNEL]->alias_set("ring-$index") },
            pass   => sub {
                my ( $kernel, $number, $text ) = @_[ KERNEL, ARG0, ARG1 ];
                $kernel->post( $next => pass => $number, $text ) if --$left > 0;
            },
        },
    );
}
POE::Kernel->post( 'ring-0' => pass => 1, 'two' );
my $start = time;
POE::Kernel->run;
printf "%d %.6f\n", $count, time - $start;
