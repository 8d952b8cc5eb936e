# ROLE PROCESSES COUNT PORT on the loopback address. 'server' offers what the others talk to, and prints 'ready' when it
# listens. 'calls' has so many processes call, each over its own connection, 'visits' has them connect, call once and close;
# they print COUNT and seconds. 'idle' has the crowd on PORT open COUNT connections, and prints by how much a server grows.
use strict;
use warnings;
use IO::Handle;
use IO::Socket::INET;
use POE;
use POE::Component::IKC::ClientLite;
use POE::Component::IKC::Server;
use Time::HiRes 'time';

my ( $role, $processes, $count, $port ) = @ARGV;
my %value = ( n => 1, text => 'hello world' );
$| = 1;
my %roles = ( server => \&server, calls => \&calls, visits => \&visits, idle => \&idle );
$roles{$role}->();

sub server {
    POE::Component::IKC::Server->spawn( ip => '127.0.0.1', port => $port, name => 'Bench' );
    POE::Session->create(
        inline_states => {
            _start => sub {
                $_[KERNEL]->alias_set('bench');
                $_[KERNEL]->call( IKC => publish => bench => ['echo'] );
                print "ready\n";
            },
            echo => sub { return $_[ARG0] },
        },
    );
    POE::Kernel->run;
}

sub lite {
    my ($name) = @_;
    my $lite = POE::Component::IKC::ClientLite->spawn( ip => '127.0.0.1', port => $port, name => $name );
    die POE::Component::IKC::ClientLite::error() unless $lite;
    return $lite;
}

sub call {
    my ($lite) = @_;
    defined $lite->call( 'bench/echo' => \%value ) or die $lite->error;
    return;
}

# Each process prepares, says so, waits for the word, and works; the clock runs from the word until the last one has ended.
sub in_processes {
    my ( $prepare, $work ) = @_;
    POE::Kernel->run;    # Silences POE about never having been run.
    pipe( my $ready_in, my $ready_out );
    pipe( my $go_in,    my $go_out );
    my @pids;
    for my $n ( 1 .. $processes ) {
        my $pid = fork;
        die "fork: $!" unless defined $pid;
        if ( !$pid ) {
            close $go_out;
            my $prepared = $prepare->($n);
            syswrite $ready_out, 'r';
            sysread $go_in, my $word, 1;
            $work->($prepared) for 1 .. int( $count / $processes ) || 1;
            POE::Kernel->stop;
            require POSIX;
            POSIX::_exit(0);
        }
        push @pids, $pid;
    }
    for ( 1 .. $processes ) { sysread $ready_in, my $one, 1 }
    my $start = time;
    close $go_out;
    for my $pid (@pids) { waitpid $pid, 0; die 'a client failed' if $? }
    printf "%d %.6f\n", int( $count / $processes ) * $processes || $processes, time - $start;
}

sub calls { in_processes( sub { lite("Bench$$") }, \&call ) }

sub visits {
    my $visit = 0;
    in_processes(
        sub { },
        sub {
            my $lite = lite( "Bench$$-" . ++$visit );
            call($lite);
            $lite->disconnect;
        }
    );
}

sub resident {
    open my $status, '<', '/proc/self/statm' or die "statm: $!";
    return ( split ' ', <$status> )[1] * 4096;
}

sub idle {
    my $own = POE::Component::IKC::Server->spawn( ip => '127.0.0.1', port => 0, name => 'Bench' );
    my ( $before, $ready, $asker ) = ( 0, 0 );
    POE::Session->create(
        inline_states => {
            _start => sub {
                $_[KERNEL]->alias_set('bench');
                $_[KERNEL]->call( IKC => monitor => '*', { channel => 'ready' } );
                $before = resident();
                $asker = IO::Socket::INET->new("127.0.0.1:$port") or die "crowd: $!";
                $asker->syswrite("$own $count\n");
            },
            ready => sub {
                return unless $_[ARG2] and ++$ready == $count;
                printf "%d %d\n", $count, resident() - $before;
                require POSIX;
                POSIX::_exit(0);
            },
        },
    );
    POE::Kernel->run;
}
