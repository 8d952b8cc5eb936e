# Sets COUNT delays that come due one after the other over one second, and handles them. Prints COUNT and seconds of
# processor time.
use strict;
use warnings;
use POE;
use Time::HiRes 'clock';

my ($count) = @ARGV;
my $start = clock;
POE::Session->create(
    inline_states => {
        _start => sub {
            my $kernel = $_[KERNEL];
            $kernel->delay_set( due => $_ / $count, $_ ) for 0 .. $count - 1;
        },
        due => sub { },
    },
);
POE::Kernel->run;
printf "%d %.6f\n", $count, clock() - $start;
