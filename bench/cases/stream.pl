# ROLE COUNT PORT on the loopback address. 'server' takes blocks and answers an empty one with an empty one; it prints 'ready' when it listens.
# 'client' sends COUNT blocks of 65,536 octets as fast as they are taken, and prints COUNT and seconds.
use strict;
use warnings;
use POE qw(Wheel::SocketFactory Wheel::ReadWrite Filter::Block);
use Time::HiRes 'time';

my ( $role, $count, $port ) = @ARGV;
my $block = 'x' x 65_536;
my $high  = 1024 * 1024;
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
                my $wheel = POE::Wheel::ReadWrite->new(
                    Handle     => $_[ARG0],
                    Filter     => POE::Filter::Block->new,
                    InputEvent => 'block',
                    ErrorEvent => 'gone',
                );
                $_[HEAP]{clients}{ $wheel->ID } = $wheel;
            },
            block  => sub { $_[HEAP]{clients}{ $_[ARG1] }->put('') if $_[ARG0] eq '' },
            gone   => sub { delete $_[HEAP]{clients}{ $_[ARG3] } },
            failed => sub { die "$_[ARG0]: $_[ARG2]" },
        },
    );
}

sub client {
    my $left  = $count;
    my $start = time;
    POE::Session->create(
        inline_states => {
            _start => sub {
                $_[HEAP]{connector} = POE::Wheel::SocketFactory->new(
                    RemoteAddress => '127.0.0.1',
                    RemotePort    => $port,
                    SuccessEvent  => 'connected',
                    FailureEvent  => 'failed',
                );
            },
            connected => sub {
                delete $_[HEAP]{connector};
                $_[HEAP]{wheel} = POE::Wheel::ReadWrite->new(
                    Handle     => $_[ARG0],
                    Filter     => POE::Filter::Block->new,
                    InputEvent => 'through',
                    ErrorEvent => 'failed',
                    HighMark   => $high,
                    LowMark    => $high / 2,
                    LowEvent   => 'send',
                );
                $_[KERNEL]->yield('send');
            },
            send => sub {
                while ( $left > 0 ) {
                    $left--;
                    return if $_[HEAP]{wheel}->put($block);
                }
                $_[HEAP]{wheel}->put('') if $left-- == 0;
            },
            through => sub { delete $_[HEAP]{wheel} },
            failed  => sub { die "$_[ARG0]: $_[ARG2]" },
        },
    );
    POE::Kernel->run;
    printf "%d %.6f\n", $count, time - $start;
}

$role eq 'server' ? server() : client();
POE::Kernel->run;
