# Puts off one of PENDING delays after the other, COUNT times. Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use Time::HiRes 'time';

my ( $pending, $count ) = @ARGV;
my $seconds;
POE::Session->create(
    inline_states => {
        _start => sub {
            my $kernel = $_[KERNEL];
            my @ids    = map { $kernel->delay_set( late => 30 + $_ / $pending ) } 0 .. $pending - 1;
            my $start  = time;
            $kernel->delay_adjust( $ids[ $_ % $pending ], 30 ) for 0 .. $count - 1;
            $seconds = time - $start;
            $kernel->alarm_remove_all;
        },
        late => sub { },
    },
);
POE::Kernel->run;
printf "%d %.6f\n", $count, $seconds;
