# Reads images, a length of four octets in front of each, thaws them, and writes what it freezes again of what came out:
# ORDER 'network' or 'native'. What cannot be thawed is written as an image of length 0.
use strict;
use warnings;
use Storable qw(freeze nfreeze thaw);

my ($order) = @ARGV;
binmode STDIN;
binmode STDOUT;
while ( read( STDIN, my $head, 4 ) == 4 ) {
    my $length = unpack 'N', $head;
    read( STDIN, my $image, $length ) == $length or die 'short image';
    my $value = eval { thaw($image) };
    warn $@ if $@;
    my $again = ref $value ? ( $order eq 'native' ? freeze($value) : nfreeze($value) ) : '';
    print pack( 'N', length $again ), $again;
}
