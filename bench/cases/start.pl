# COUNT starts of a program that has what it needs to serve IKC, and ends. Prints COUNT and the milliseconds they took.
use strict;
use warnings;
use Time::HiRes qw(time);

my ($count) = @ARGV;
# Who reads the files first has to wait for the disk.
started();
my $start = time;
started() for 1 .. $count;
printf "%d %f\n", $count, 1000 * ( time - $start );

sub started {
    # POE warns of a kernel that is never run.
    system( $^X, ( map {"-I$_"} @INC ), '-MPOE', '-MPOE::Component::IKC::Server', '-e', 'POE::Kernel->run' ) == 0
        or die "cannot start: $?";
}
