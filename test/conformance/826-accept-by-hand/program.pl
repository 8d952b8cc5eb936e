#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use IO::Socket::INET;
use POE;

# A counting service with nothing but select_read and select_write: it accepts, reads and writes by itself.

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die $!;
my $port = $listener->sockport;

POE::Session->create(
  inline_states => {
    _start => sub {
      my ($kernel, $heap) = @_[KERNEL, HEAP];
      $heap->{served} = 0;
      $kernel->select_read($listener, 'knock', 'at the door');
    },
    knock => sub {
      my ($kernel, $heap, $handle, $mode, $where) = @_[KERNEL, HEAP, ARG0 .. ARG2];
      my $socket = $handle->accept or return print "nobody there\n";
      $heap->{served}++;
      print "visitor $heap->{served} $where, mode $mode, of ", $socket->peerhost, "\n";
      $heap->{pending}{$socket} = '';
      $kernel->select_read($socket, 'said', $heap->{served});
    },
    said => sub {
      my ($kernel, $heap, $socket, $mode, $number) = @_[KERNEL, HEAP, ARG0 .. ARG2];
      my $octets = sysread $socket, my $text, 4096;
      if (!$octets) {
        print "visitor $number has gone\n";
        $kernel->select($socket);
        close $socket;
        if ($number == 2) {
          $kernel->select_read($listener);
          print "closed for today\n";
        }
        return;
      }
      $text =~ s/\s+\z//;
      print "visitor $number says $text\n";
      $heap->{out}{$socket} = join '', map "$number.$_\n", 1 .. $text;
      $kernel->select_write($socket, 'answer');
    },
    answer => sub {
      my ($kernel, $heap, $socket, $mode) = @_[KERNEL, HEAP, ARG0, ARG1];
      my $text = delete $heap->{out}{$socket};
      if (!defined $text) {
        print "nothing left to write\n";
        $kernel->select_write($socket);
        shutdown $socket, 1;
        return;
      }
      print "writing ", length $text, " octets, mode $mode\n";
      syswrite $socket, $text;
    },
    _stop => sub { print "service ends\n" },
  },
);

sub visitor {
  my ($name, $count, $next) = @_;
  POE::Session->create(
    inline_states => {
      _start => sub {
        my ($kernel, $heap) = @_[KERNEL, HEAP];
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die $!;
        $heap->{got} = '';
        $kernel->select_read($socket, 'heard');
        syswrite $socket, "$count\n";
      },
      heard => sub {
        my ($kernel, $heap, $socket) = @_[KERNEL, HEAP, ARG0];
        if (sysread $socket, my $text, 4096) {
          $heap->{got} .= $text;
          return;
        }
        print "$name heard ", join(' ', split /\n/, $heap->{got}), "\n";
        $kernel->select_read($socket);
        close $socket;
        $next->() if $next;
      },
      _stop => sub { print "$name leaves\n" },
    },
  );
}

visitor(Ann => 3, sub { visitor(Bob => 1) });
POE::Kernel->run;
print "done\n";
