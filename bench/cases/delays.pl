# Sets COUNT delays that come due over one second, in an order mixed by STRIDE, and handles them. Prints COUNT and
# seconds of processor time.
use strict;
use warnings;
use POE;
use Time::HiRes 'clock';

my ( $stride, $count ) = @ARGV;
my $start = clock;
POE::Session->create(
    inline_states => {
        _start => sub {
            my $kernel = $_[KERNEL];
            $kernel->delay_set( due => ( $_ * $stride % $count ) / $count, $_ ) for 0 .. $count - 1;
        },
        due => sub { },
    },
);
POE::Kernel->run;
printf "%d %.6f\n", $count, clock() - $start;
