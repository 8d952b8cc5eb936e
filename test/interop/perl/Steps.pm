package Steps;

# What the programs here have in common: steps in on standard input, one a line and in Perl; results out on standard
# output as JSON, a line each.

use strict;
use warnings;
use Encode ();
use JSON::PP ();

our @EXPORT_OK = qw(steps result options);
use Exporter 'import';

$| = 1;
my $json = JSON::PP->new->canonical->ascii->allow_nonref->allow_blessed->convert_blessed;

# The words of the command line: --name value.
sub options {
    my (%default) = @_;
    my %o = (%default, map { s/^--//; $_ } @ARGV);
    return %o;
}

# All steps, each a [ label, kind, compiled code ]. Their text is UTF-8.
sub steps {
    my ($package) = @_;
    my @steps;
    while (my $line = <STDIN>) {
        chomp $line;
        my ($label, $kind, $code) = split /\t/, Encode::decode('UTF-8', $line), 3;
        my $sub = eval "package $package; no strict; no warnings; use utf8; sub { $code }" or die "$code: $@";
        push @steps, [ $label, $kind, $sub ];
    }
    return @steps;
}

sub result {
    my ($label, $value) = @_;
    print $json->encode([ $label, $value ]), "\n";
}

1;
