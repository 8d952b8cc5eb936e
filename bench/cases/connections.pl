# COUNT PORT: has the crowd that waits on PORT open COUNT connections, holds each in a wheel, and prints COUNT and by how many octets the process has grown.
use strict;
use warnings;
use IO::Socket::INET;
use POE qw(Wheel::SocketFactory Wheel::ReadWrite);
use Socket 'sockaddr_in';

my ( $count, $port ) = @ARGV;

sub resident {
    open my $status, '<', '/proc/self/statm' or die "statm: $!";
    return ( split ' ', <$status> )[1] * 4096;
}

POE::Session->create(
    inline_states => {
        _start => sub {
            $_[HEAP]{listener} = POE::Wheel::SocketFactory->new(
                BindAddress  => '127.0.0.1',
                SuccessEvent => 'accepted',
                FailureEvent => 'failed',
            );
            my ($own) = sockaddr_in( $_[HEAP]{listener}->getsockname );
            $_[HEAP]{asker} = IO::Socket::INET->new("127.0.0.1:$port") or die "crowd: $!";
            $_[HEAP]{before} = resident();
            $_[HEAP]{asker}->syswrite("$own $count\n");
        },
        accepted => sub {
            push @{ $_[HEAP]{wheels} },
              POE::Wheel::ReadWrite->new( Handle => $_[ARG0], InputEvent => 'line', ErrorEvent => 'failed' );
            return if @{ $_[HEAP]{wheels} } < $count;
            printf "%d %d\n", $count, resident() - $_[HEAP]{before};
            POE::Kernel->stop;
        },
        failed => sub { die "$_[ARG0]: $_[ARG2]" },
    },
);
POE::Kernel->run;
