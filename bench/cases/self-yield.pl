# A session that yields to itself, with two arguments, COUNT times. Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use Time::HiRes 'time';

my ($count) = @ARGV;
my $left = $count;
POE::Session->create(
    inline_states => {
        _start => sub { $_[KERNEL]->yield( step => 1, 'two' ) },
        step   => sub {
            my ( $kernel, $number, $text ) = @_[ KERNEL, ARG0, ARG1 ];
            $kernel->yield( step => $number, $text ) if --$left > 0;
        },
    },
);
my $start = time;
POE::Kernel->run;
printf "%d %.6f\n", $count, time - $start;
