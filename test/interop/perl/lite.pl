# A genuine ClientLite that works through steps: perl lite.pl --port N [--name N] [--protocol IKC0] [--serialiser Storable]
#
# A step is an expression with the client in $c. Its value is the result: scalar context for the kind `call`,
# all values as an array for the kind `list`. A call that fails gives its error, as { error => text }.

use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Steps qw(steps result options);
use POE::Component::IKC::ClientLite;

our $c;
my %o = options(name => 'Lite', protocol => 'IKC0', serialiser => 'Storable', timeout => 2, ip => '127.0.0.1');
my @steps = steps('main');
$c = POE::Component::IKC::ClientLite->spawn(%o);
result(connected => $c ? 1 : { error => $POE::Component::IKC::ClientLite::error });
exit 0 unless $c;
for (@steps) {
    my ($label, $kind, $code) = @$_;
    if ($kind eq 'list') {
        result($label, [ $code->() ]);
        next;
    }
    my $value = $code->();
    result($label, defined $value || !$c->error ? $value : { error => message($c->error) });
}

# POE: an error that came as an array is shown as the array's address.
sub message { my ($text) = @_; $text =~ s/\(0x[0-9a-f]+\)/(...)/; chomp $text; return $text }
