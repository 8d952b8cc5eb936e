# WHAT 'freeze' or 'thaw', of a 'small' or a 'large' SIZE of value, COUNT times. Prints COUNT and seconds.
use strict;
use warnings;
use Storable qw(nfreeze thaw);
use Time::HiRes 'time';

my ( $what, $size, $count ) = @ARGV;
my $value = { a => 1, b => [ 1 .. 5 ], s => 'hello world' };
if ( $size eq 'large' ) {
    $value = {};
    for my $n ( 0 .. 99 ) {
        $value->{"key-$n"} = ( $n * 1000, $n + 0.5, "value number $n", [ $n, "$n" ] )[ $n % 4 ];
    }
}
my $image = nfreeze($value);
my $made;
my $start = time;
if   ( $what eq 'freeze' ) { $made = nfreeze($value) for 1 .. $count }
else                       { $made = thaw($image)    for 1 .. $count }
printf "%d %.6f\n", $count, time - $start;
