# ROLE IN-FLIGHT COUNT PORT on the loopback address. 'server' sends each line back, and prints 'ready' when it listens. 'client' sends
# COUNT lines over ten connections, so many in flight on each, and prints COUNT and seconds.
use strict;
use warnings;
use POE qw(Wheel::SocketFactory Wheel::ReadWrite);
use Time::HiRes 'time';

my ( $role, $in_flight, $count, $port ) = @ARGV;
my $line = 'a line of text as a chat would have it, some sixty octets';
$| = 1;

sub server {
    POE::Session->create(
        inline_states => {
            _start => sub {
                $_[HEAP]{listener} = POE::Wheel::SocketFactory->new(
                    BindAddress  => '127.0.0.1',
                    BindPort     => $port,
                    Reuse        => 1,
                    SuccessEvent => 'accepted',
                    FailureEvent => 'failed',
                );
                print "ready\n";
            },
            accepted => sub {
                my $wheel = POE::Wheel::ReadWrite->new( Handle => $_[ARG0], InputEvent => 'line', ErrorEvent => 'gone' );
                $_[HEAP]{clients}{ $wheel->ID } = $wheel;
            },
            line   => sub { $_[HEAP]{clients}{ $_[ARG1] }->put( $_[ARG0] ) },
            gone   => sub { delete $_[HEAP]{clients}{ $_[ARG3] } },
            failed => sub { die "$_[ARG0]: $_[ARG2]" },
        },
    );
}

sub client {
    my $to_send = $count;
    my $to_come = $count;
    my $start   = time;
    POE::Session->create(
        inline_states => {
            _start => sub {
                for ( 1 .. 10 ) {
                    my $wheel = POE::Wheel::SocketFactory->new(
                        RemoteAddress => '127.0.0.1',
                        RemotePort    => $port,
                        SuccessEvent  => 'connected',
                        FailureEvent  => 'failed',
                    );
                    $_[HEAP]{connectors}{ $wheel->ID } = $wheel;
                }
            },
            connected => sub {
                delete $_[HEAP]{connectors}{ $_[ARG3] };
                my $wheel = POE::Wheel::ReadWrite->new( Handle => $_[ARG0], InputEvent => 'line', ErrorEvent => 'failed' );
                $_[HEAP]{wheels}{ $wheel->ID } = $wheel;
                for ( 1 .. $in_flight ) {
                    last if $to_send-- <= 0;
                    $wheel->put($line);
                }
            },
            line => sub {
                if ( --$to_come == 0 ) { $_[HEAP]{wheels} = {} }
                elsif ( $to_send-- > 0 ) { $_[HEAP]{wheels}{ $_[ARG1] }->put($line) }
            },
            failed => sub { die "$_[ARG0]: $_[ARG2]" },
        },
    );
    POE::Kernel->run;
    printf "%d %.6f\n", $count, time - $start;
}

$role eq 'server' ? server() : client();
POE::Kernel->run;
