# A session calls another by alias, with two arguments, COUNT times. Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use Time::HiRes 'time';

my ($count) = @ARGV;
my $seconds;
POE::Session->create(
    inline_states => {
        _start => sub { $_[KERNEL]->alias_set('adder') },
        add    => sub { return $_[ARG0] + $_[ARG1] },
    },
);
POE::Session->create(
    inline_states => {
        _start => sub { $_[KERNEL]->yield('work') },
        work   => sub {
            my $kernel = $_[KERNEL];
            my $sum    = 0;
            my $start  = time;
            $sum     = $kernel->call( adder => add => $sum, $_ ) for 1 .. $count;
            $seconds = time - $start;
        },
    },
);
POE::Kernel->run;
printf "%d %.6f\n", $count, $seconds;
