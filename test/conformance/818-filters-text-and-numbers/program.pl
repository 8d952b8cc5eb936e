#!/usr/bin/perl
use strict;
use warnings;
$| = 1;
use POE::Filter::Line; use POE::Filter::Block; use POE::Filter::Stream; use POE::Filter::Grep; use POE::Filter::Map; use POE::Filter::Stackable;
use POE::Filter::RecordBlock; use POE::Filter::Reference; use POE::Driver::SysRW; use POE::Filter::HTTPD; use HTTP::Response; use HTTP::Request;
sub show { my $what = shift; print "$what: ", join(' ', map { my $x = defined $_ ? $_ : 'undef'; $x =~ s/\r/<CR>/g; $x =~ s/\n/<LF>/g; $x =~ s/\0/<NUL>/g; "[$x]" } @_), "\n" }
sub try(&) { my $code = shift; eval { $code->(); 1 } ? 'fine' : 'dies' }
# numbers, empty records and undef are records too
my $line = POE::Filter::Line->new(Literal => "\n");
{ no warnings; show 'numbers', @{ $line->put([ 1, 2.5, -3, 1e21, 0, '' ]) }; show 'undef', @{ $line->put([ undef ]) } }
show 'empty lines', @{ $line->get([ "\n\na\n" ]) };
show 'many chunks', @{ $line->get([ 'a', 'b', "c\nd", "\n" ]) };
show 'nothing', @{ $line->get([]) };
show 'put nothing', @{ $line->put([]) };
my $stream = POE::Filter::Stream->new;
show 'stream numbers', @{ $stream->put([ 1, 2 ]) };
show 'stream joins', @{ $stream->get([ 'ab', 'cd' ]) };
my $block = POE::Filter::Block->new;
show 'block numbers', @{ $block->put([ 12345, 'x', '' ]) };
show 'block reads', @{ $block->get([ "5\0", "hello", "0\0", "3\0ab" ]) };
show 'block pending', @{ $block->get_pending || [ undef ] };
my $fixed = POE::Filter::Block->new(BlockSize => 3);
show 'fixed', @{ $fixed->put([ 'ab', 'cde', 1 ]) };
show 'fixed reads', @{ $fixed->get([ 'abcdefgh' ]) };
show 'fixed pending', @{ $fixed->get_pending || [ undef ] };
# Map next to the wire, with a number
my $map = POE::Filter::Map->new(Get => sub { $_[0] * 2 }, Put => sub { $_[0] / 2 });
show 'map', @{ $map->get([ 1, 2 ]) }, @{ $map->put([ 10 ]) };
my $grep = POE::Filter::Grep->new(Get => sub { $_[0] > 1 }, Put => sub { $_[0] ne '' });
show 'grep', @{ $grep->get([ 1, 2, 3 ]) }, @{ $grep->put([ '', 'a' ]) };
my $stack = POE::Filter::Stackable->new(Filters => [
  POE::Filter::Line->new(Literal => "\n"), POE::Filter::Map->new(Get => sub { [ split /,/, $_[0] ] }, Put => sub { join ',', @{ $_[0] } }),
]);
show 'stack', map { join '+', @$_ } @{ $stack->get([ "a,b\nc,", "d\n" ]) };
show 'stack puts', @{ $stack->put([ [ 1, 2 ], [ 3 ] ]) };
show 'types', $stack->filter_types;
$stack->push(POE::Filter::RecordBlock->new(BlockSize => 2));
show 'count', scalar($stack->filters);
show 'blocked', map { join '/', map { join '+', @$_ } @$_ } @{ $stack->get([ "1\n2\n3\n" ]) };
show 'popped', ref $stack->pop, ref $stack->shift, ref $stack->shift;
# a codec over a header in text
my $codec = POE::Filter::Block->new(LengthCodec => [
  sub { my $s = shift; $$s = sprintf('%04x:', length $$s) . $$s; return },
  sub { my $s = shift; return unless $$s =~ s/^([0-9a-f]{4})://; return hex $1 },
]);
my $out = $codec->put([ 'hello', 'x' x 20 ]);
show 'codec', @$out;
show 'codec reads', @{ $codec->get([ substr($out->[0], 0, 7), substr($out->[0], 7) . $out->[1] . '00' ]) };
my $clone = $codec->clone;
show 'clone', @{ $clone->get([ '0002:ok' ]) };
# references
my $ref = POE::Filter::Reference->new;
my $wire = join '', @{ $ref->put([ { a => 1, list => [ 1, 2 ] }, [ 'x' ], \ 'scalar' ]) };
my @back = @{ $ref->get([ substr($wire, 0, 10), substr($wire, 10) ]) };
show 'references', scalar @back, $back[0]{a}, "@{ $back[0]{list} }", $back[1][0], ${ $back[2] };
show 'not a reference', try { $ref->put([ 'text' ]) };
# drivers
my $driver = POE::Driver::SysRW->new(BlockSize => 4);
show 'driver', $driver->put([ 'abc', 'de', '' ]), $driver->get_out_messages_buffered;
show 'bad driver', try { POE::Driver::SysRW->new(BlockSize => 0) };
# HTTP objects as text
my $http = POE::Filter::HTTPD->new;
my ($req) = @{ $http->get([ "PUT /a/b?c=d HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain; charset=x\r\nContent-Length: 4\r\n\r\nbody" ]) };
show 'request', $req->method, $req->uri, $req->uri->path, $req->protocol, $req->header('host'), $req->content_type, $req->content_length, $req->content;
show 'as string', $req->as_string;
my $res = HTTP::Response->new(201, undef, [ 'X-A' => 1, 'X-B' => [ 2, 3 ] ], 'text');
show 'response', $res->code, (defined $res->message ? $res->message : 'undef'), $res->status_line, $res->as_string;
show 'sent', @{ $http->put([ $res ]) };
for my $bad ([ 'line both', sub { POE::Filter::Line->new(Literal => 'x', InputLiteral => 'y') } ], [ 'line empty', sub { POE::Filter::Line->new(Literal => '') } ], [ 'block 0', sub { POE::Filter::Block->new(BlockSize => 0) } ],
  [ 'map none', sub { POE::Filter::Map->new } ], [ 'grep half', sub { POE::Filter::Grep->new(Get => sub { 1 }) } ], [ 'stack', sub { POE::Filter::Stackable->new(Filters => 'x') } ], [ 'record', sub { POE::Filter::RecordBlock->new } ],
  [ 'push', sub { POE::Filter::Stackable->new->push('x') } ], [ 'base', sub { POE::Filter->new } ]) { local $SIG{__WARN__} = sub { }; show $bad->[0], try { $bad->[1]->() } }
