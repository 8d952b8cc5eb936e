# WHAT 'freeze', 'thaw' or 'both', of a SIZE of value ('small', 'large', 'ints', 'string', 'nested'), COUNT times. Prints COUNT and seconds.
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
elsif ( $size eq 'ints' )   { $value = [ map { $_ * 211 } 0 .. 9999 ] }
elsif ( $size eq 'string' ) { $value = 'x' x 1_000_000 }
elsif ( $size eq 'nested' ) {
    $value = [ map { { id => $_, name => "name $_", inner => { on => 1, list => [ $_, $_ + 1 ] } } } 0 .. 999 ];
}
$value = [$value] if $what eq 'both';
my $image = nfreeze($value);
my $made;
my $start = time;
if    ( $what eq 'freeze' ) { $made = nfreeze($value)         for 1 .. $count }
elsif ( $what eq 'thaw' )   { $made = thaw($image)            for 1 .. $count }
else                        { $made = thaw( nfreeze($value) ) for 1 .. $count }
printf "%d %.6f\n", $count, time - $start;
