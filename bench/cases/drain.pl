# Queues COUNT events, two arguments each, before the first of them is handled. Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use Time::HiRes 'time';

my ($count) = @ARGV;
my $start = time;
POE::Session->create(
    inline_states => {
        _start => sub {
            my $kernel = $_[KERNEL];
            $kernel->yield( take => $_, 'two' ) for 1 .. $count;
        },
        take => sub { },
    },
);
POE::Kernel->run;
printf "%d %.6f\n", $count, time - $start;
