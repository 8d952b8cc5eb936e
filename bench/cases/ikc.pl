# ROLE COUNT PORT on the loopback address. 'server' offers what the others talk to, and prints 'ready' when it listens.
# 'calls' calls from ClientLite one after the other, 'posts' posts from it and waits until all have arrived, 'binary' has
# 64 KiB sent back, one call after the other. 'in-flight' calls from a client with a kernel, 64 at a time, 'one-by-one' one at a time. They print COUNT and seconds.
use strict;
use warnings;
use POE;
use POE::Component::IKC::Client;
use POE::Component::IKC::ClientLite;
use POE::Component::IKC::Server;
use Time::HiRes 'time';

my ( $role, $count, $port ) = @ARGV;
my %value = ( n => 1, text => 'hello world' );
$| = 1;
my %roles = (
    server       => \&server,
    calls        => \&calls,
    posts        => \&posts,
    binary       => \&binary,
    'in-flight'  => sub { client(64) },
    'one-by-one' => sub { client(1) },
);
$roles{$role}->();

sub server {
    POE::Component::IKC::Server->spawn( ip => '127.0.0.1', port => $port, name => 'Bench' );
    my $arrived = 0;
    POE::Session->create(
        inline_states => {
            _start => sub {
                $_[KERNEL]->alias_set('bench');
                $_[KERNEL]->call( IKC => publish => bench => [qw(echo sink count)] );
                print "ready\n";
            },
            echo  => sub { return $_[ARG0] },
            sink  => sub { $arrived++; return },
            count => sub { return $arrived },
        },
    );
    POE::Kernel->run;
}

sub lite {
    POE::Kernel->run;    # Silences POE about never having been run.
    my $lite = POE::Component::IKC::ClientLite->spawn(
        ip   => '127.0.0.1',
        port => $port,
        name => 'BenchLite',
    );
    die POE::Component::IKC::ClientLite::error() unless $lite;
    return $lite;
}

sub calls {
    my $lite = lite();
    my $call = sub { defined $lite->call( 'bench/echo' => \%value ) or die $lite->error };
    # As much as is measured would be fair to a server of ours, which is compiled as it runs; half of it is enough.
    $call->() for 1 .. $count / 2;
    my $start = time;
    $call->() for 1 .. $count;
    printf "%d %.6f\n", $count, time - $start;
}

sub binary {
    my $lite  = lite();
    my $block = join( '', map { chr } 0 .. 255 ) x 256;
    my $call  = sub { length( $lite->call( 'bench/echo' => $block ) // '' ) == length $block or die $lite->error };
    $call->() for 1 .. $count / 10;
    my $start = time;
    $call->() for 1 .. $count;
    printf "%d %.6f\n", $count, time - $start;
}

sub posts {
    my $lite = lite();
    my $post = sub { $lite->post( 'bench/sink' => \%value ) or die $lite->error };
    $post->() for 1 .. $count / 2;
    my $before  = $lite->call('bench/count');
    my $start   = time;
    $post->() for 1 .. $count;
    my $arrived = $lite->call('bench/count') - $before;
    my $seconds = time - $start;
    die "$arrived posts of $count have arrived" if $arrived != $count;
    printf "%d %.6f\n", $count, $seconds;
}

sub client {
    my ($in_flight) = @_;
    POE::Component::IKC::Client->spawn(
        ip         => '127.0.0.1',
        port       => $port,
        name       => 'BenchClient',
        on_connect => sub { call_in_flight($in_flight) },
    );
    POE::Kernel->run;
}

sub call_in_flight {
    my ($in_flight) = @_;
    my $warm_up = int( $count / 10 );
    my $to_send = my $to_come = $warm_up + $count;
    my $start;
    POE::Session->create(
        inline_states => {
            _start => sub {
                # Calls that wait for an answer keep nobody alive.
                $_[KERNEL]->alias_set('caller');
                $_[KERNEL]->yield('send') for 1 .. $in_flight;
            },
            send   => sub {
                $_[KERNEL]->post( IKC => call => 'poe://Bench/bench/echo', \%value, 'poe:answer' ) if $to_send-- > 0;
            },
            answer => sub {
                $start = time if --$to_come == $count;
                return $_[KERNEL]->yield('send') if $to_come > 0;
                printf "%d %.6f\n", $count, time - $start;
                $_[KERNEL]->post( IKC => 'shutdown' );
            },
        },
    );
}
