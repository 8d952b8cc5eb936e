# Sets a delay and takes the oldest of PENDING ones back, COUNT times. Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use Time::HiRes 'time';

my ( $pending, $count ) = @ARGV;
my $seconds;
POE::Session->create(
    inline_states => {
        _start => sub {
            my $kernel  = $_[KERNEL];
            my @pending = map { $kernel->delay_set( late => 30 ) } 1 .. $pending;
            my $start   = time;
            for my $n ( 0 .. $count - 1 ) {
                $kernel->alarm_remove( $pending[ $n % $pending ] );
                $pending[ $n % $pending ] = $kernel->delay_set( late => 30 );
            }
            $seconds = time - $start;
            $kernel->alarm_remove_all;
        },
        late => sub { die 'a delay was not taken back' },
    },
);
POE::Kernel->run;
printf "%d %.6f\n", $count, $seconds;
