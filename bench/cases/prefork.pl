# ROLE PROCESSES COUNT PORT on the loopback address. 'server' offers what the others talk to, in so many processes, and prints
# 'ready' when it listens. What it has started ends with it.
use strict;
use warnings;
use Digest::SHA;
use POE;
use POE::Component::IKC::Server;

my ( $role, $processes, $count, $port ) = @ARGV;

# Blocks of a call that takes some 2 ms.
use constant BLOCKS => 209;
my $block = "\0" x 1024;
$| = 1;

# The servers are a group of their own, so that one signal reaches all.
my $group = fork;
die "fork: $!" unless defined $group;
if ($group) {
    local $SIG{TERM} = sub { kill KILL => -$group; exit 0 };
    waitpid $group, 0;
    exit 1;
}
setpgrp 0, 0;
POE::Component::IKC::Server->spawn(
    ip          => '127.0.0.1',
    port        => $port,
    name        => 'Bench',
    processes   => $processes,
    connections => 100_000,
);
POE::Session->create(
    inline_states => {
        _start => sub {
            $_[KERNEL]->alias_set('bench');
            $_[KERNEL]->call( IKC => publish => bench => [qw(echo work pid)] );
            print "ready\n";
        },
        echo => sub { return $_[ARG0] },
        pid  => sub { return $$ },
        work => sub {
            my $hash = Digest::SHA->new(256);
            $hash->add($block) for 1 .. BLOCKS;
            return $hash->hexdigest;
        },
    },
);
POE::Kernel->run;
