# A session posts an event with two arguments to each of WIDTH others, by alias, then to itself, and so on, until
# COUNT were posted. Prints COUNT and seconds.
use strict;
use warnings;
use POE;
use POSIX 'ceil';
use Time::HiRes 'time';

my ( $width, $count ) = @ARGV;
my @names = map {"leaf-$_"} 0 .. $width - 1;
for my $name (@names) {
    POE::Session->create(
        inline_states => { _start => sub { $_[KERNEL]->alias_set($name) }, take => sub { } },
    );
}
my $left = ceil( $count / $width );
POE::Session->create(
    inline_states => {
        _start => sub { $_[KERNEL]->yield('send') },
        send   => sub {
            my $kernel = $_[KERNEL];
            $kernel->post( $_ => take => 1, 'two' ) for @names;
            $kernel->yield('send') if --$left > 0;
        },
    },
);
my $start = time;
POE::Kernel->run;
printf "%d %.6f\n", $count, time - $start;
