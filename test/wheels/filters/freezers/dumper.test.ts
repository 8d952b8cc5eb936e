// biome-ignore-all lint/suspicious/noTemplateCurlyInString: paths through references look like this in Perl
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { freezerContract } from 'poe-kernel/testing';
import { PoeDataError } from '../../../../core/errors.ts';
import { IkcFreezer } from '../../../../wheels/filters/freezers/dumper.ts';
import type { ThawOptions } from '../../../../wheels/filters/freezers/freezer.ts';
import {
  blessed,
  PerlCode,
  PerlGlob,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlVString,
} from '../../../../wheels/filters/freezers/perl-values.ts';
import { fuzzTextFreezers } from '../../../fuzz/text-freezers.ts';
import { fixture } from '../../../helpers/fixture.ts';
import { hostileStrings, hostileValues } from '../../../helpers/hostile.ts';
import { differences, type NeutralNode } from '../../../helpers/neutral.ts';
import { perlThaw, whyNoPerl } from '../../../helpers/perl-thaw.ts';
import { fc } from '../../../helpers/property.ts';
import { runContract } from '../../../helpers/run-contract.ts';
import { type VectorFile, vectorCases } from '../../../helpers/vector-cases.ts';

const vectors = JSON.parse(readFileSync(fixture('ikc/dumper/vectors.json'), 'utf8')) as VectorFile;
const noPerl = whyNoPerl('Dumper');
const VAR = '$POE::Component::IKC::Freezer::VAR1';

/** Thaws a text in which `VAR1` stands for the whole name of the variable. */
function thaw(text: string, options?: ThawOptions): unknown {
  return new IkcFreezer(options).thaw(
    Buffer.from(
      text.replaceAll('$VAR1', () => VAR),
      'latin1',
    ),
  );
}

/** The text of a frozen value, abbreviated likewise. */
function freeze(value: unknown): string {
  return Buffer.from(new IkcFreezer().freeze(value)).toString('latin1').replaceAll(VAR, '$VAR1');
}

runContract('IkcFreezer as a freezer', freezerContract({ make: (options) => new IkcFreezer(options) }));

describe('IkcFreezer and the recorded vectors', () => {
  for (const { name, run } of vectorCases(vectors))
    it(`thaw() and freeze() agree with Perl on ${name}`, () => void run());

  it('freeze() writes what Perl wrote, octet for octet', () => {
    // A key that is an integer comes first in a JavaScript object; patterns and references to elements have a form of ours.
    const others = ['hash-keys', 'regexp', 'ref-to-element'];
    const exact = new IkcFreezer({ strings: 'exact' });
    for (const { name, frozen } of vectors.vectors ?? []) {
      if (frozen === undefined || others.includes(name)) continue;
      const image = Buffer.from(frozen, 'base64');
      assert.deepEqual(Buffer.from(exact.freeze(exact.thaw(image))), image, name);
    }
  });
});

describe('IkcFreezer.freeze()', () => {
  it('leaves integers of ten characters bare and quotes all other numbers', () => {
    assert.equal(freeze([9999999999, -999999999]), '$VAR1 = [9999999999,-999999999];');
    assert.equal(freeze([10000000000, -1000000000]), "$VAR1 = ['10000000000','-1000000000'];");
    assert.equal(freeze([0.5, 1e20, 5n, 2n ** 63n, -0]), "$VAR1 = ['0.5','1e+20',5,'9223372036854775808',0];");
    assert.equal(freeze([Number.NaN, Number.NEGATIVE_INFINITY]), "$VAR1 = ['NaN','-Inf'];");
    assert.equal(freeze([true, false]), "$VAR1 = [1,''];");
  });

  it('writes byte strings in single quotes, with two escapes', () => {
    assert.equal(freeze('it\'s \\ $x @y "q" `\n\0\xff'), "$VAR1 = 'it\\'s \\\\ $x @y \"q\" `\n\0\xff';");
  });

  it('writes characters above 255 in double quotes, with all that is not ASCII or that Perl interpolates escaped', () => {
    assert.equal(
      freeze('€é "q" $v @a \\ \u{1f600}\ud800'),
      '$VAR1 = "\\x{20ac}\\x{e9} \\"q\\" \\$v \\@a \\\\ \\x{1f600}\\x{d800}";',
    );
    assert.equal(
      freeze({ '€': Object.assign([], { [blessed]: 'C€' }) }),
      '$VAR1 = {"\\x{20ac}" => bless( [], "C\\x{20ac}" )};',
    );
  });

  it('repairs what is shared or circular, by the paths that Perl would write', () => {
    const shared = ['x'];
    const viaRef = new PerlRef(shared);
    const object = Object.assign(new PerlRef<unknown>(shared), { [blessed]: 'Foo' });
    assert.equal(
      freeze([viaRef, shared, viaRef, [shared]]),
      "$VAR1 = [\\['x'],[],do{my $o},[[]]];" +
        '$VAR1->[1] = ${$VAR1->[0]};$VAR1->[2] = $VAR1->[0];$VAR1->[3][0] = ${$VAR1->[0]};',
    );
    assert.equal(
      freeze([object, shared, { a: new PerlRef(object) }]),
      "$VAR1 = [bless( do{\\(my $o = ['x'])}, 'Foo' ),[],{'a' => \\do{my $o}}];" +
        "$VAR1->[1] = ${$VAR1->[0]};${$VAR1->[2]{'a'}} = $VAR1->[0];",
    );
    assert.equal(
      freeze(new PerlRef([new PerlRef(shared), shared])),
      "$VAR1 = \\[\\['x'],[]];${$VAR1}->[1] = ${${$VAR1}->[0]};",
    );
    const loop = new PerlRef<unknown>(null);
    loop.value = loop;
    assert.equal(freeze(loop), '$VAR1 = \\do{my $o};${$VAR1} = $VAR1;');
    assert.equal(
      freeze({ "k'": [shared], '€': shared }),
      "$VAR1 = {'k\\'' => [['x']],\"\\x{20ac}\" => []};$VAR1->{\"\\x{20ac}\"} = $VAR1->{'k\\''}[0];",
    );
  });

  it('never lets Perl interpolate a pattern', () => {
    assert.equal(freeze(new PerlRegexp("@{[die]}/'", 'i')), "$VAR1 = do{my $o = '@{[die]}/\\'';qr/$o/i};");
    assert.throws(() => freeze(new PerlRegexp('a', 'i};die;{')), { code: 'POE_ERR_FREEZE_VALUE' });
  });

  it('repairs shared patterns and code likewise', () => {
    const pattern = Object.assign(new PerlRegexp('a', ''), { [blessed]: 'P' });
    const code = new PerlCode('{ 1 }');
    assert.equal(
      freeze([pattern, pattern, code, code]),
      "$VAR1 = [bless( do{my $o = 'a';qr/$o/}, 'P' ),do{my $o},sub { \"DUMMY\" },do{my $o}];" +
        '$VAR1->[1] = $VAR1->[0];$VAR1->[3] = $VAR1->[2];',
    );
  });

  it('writes a dummy for code, and names of globs that are plain', () => {
    assert.equal(freeze([new PerlCode('{ die }')]), '$VAR1 = [sub { "DUMMY" }];');
    assert.equal(freeze(new PerlRef(new PerlGlob('main::STDOUT'))), '$VAR1 = \\*::STDOUT;');
    assert.equal(freeze(new PerlGlob('My::fh')), '$VAR1 = *My::fh;');
    for (const name of ['', 'a b', '{die}', 'main::', 'x::$f', "a';die"]) {
      assert.throws(() => freeze(new PerlGlob(name)), { code: 'POE_ERR_FREEZE_VALUE' });
    }
  });

  it('writes a version string as its literal, if that is what it stands for', () => {
    assert.equal(freeze(new PerlVString('\x01\x16\u014d', 'v1.22.333')), '$VAR1 = v1.22.333;');
    assert.equal(freeze(new PerlVString('\x01\x02\x03', '1.2.3')), '$VAR1 = 1.2.3;');
    for (const literal of ['1.2', 'v', 'v1.x', 'v1;die', 'v1.2.4', '']) {
      assert.throws(() => freeze(new PerlVString('\x01\x02\x03', literal)), { code: 'POE_ERR_FREEZE_VALUE' });
    }
  });

  it('refuses what a class froze for itself', () => {
    assert.throws(() => freeze([new PerlHook('C', 'hash', 'x', [])]), {
      name: 'PoeUsageError',
      code: 'POE_ERR_FREEZE_VALUE',
    });
  });
});

describe('IkcFreezer.thaw()', () => {
  it('takes a string for flagged text if it has a character above 255, as Perl does', () => {
    assert.deepEqual(thaw('$VAR1 = ["\\x{e9}","\\x{e9}\\x{100}","a","\xe9"];', { strings: 'exact' }), [
      new PerlString('\xe9', false),
      new PerlString('\xe9\u0100', true),
      new PerlString('a', false),
      new PerlString('\xe9', false),
    ]);
  });

  it('takes a backslash before any other character for itself', () => {
    assert.equal(thaw("$VAR1 = '\\n\\\\\\'\\';".replace(/\\';$/, "\\\\';")), "\\n\\'\\");
  });

  it('makes a reference to an element hold what the element holds in the end', () => {
    const [first, ref, again] = thaw(
      '$VAR1 = [1,do{my $o},do{my $o},[]];$VAR1->[1] = \\$VAR1->[0];$VAR1->[2] = \\$VAR1->[0];$VAR1->[0] = $VAR1->[3];',
    ) as [unknown, PerlRef, PerlRef];
    assert.equal(ref, again);
    assert.equal(ref.value, first);
    const written = thaw(
      "$VAR1 = [1,do{my $o},'x'];$VAR1->[1] = \\$VAR1->[0];${$VAR1->[1]} = $VAR1->[2];",
    ) as unknown[];
    assert.deepEqual([written[0], (written[1] as PerlRef).value], ['x', 'x']);
  });

  it('makes a reference to what a reference holds that very reference', () => {
    const [ref, again] = thaw("$VAR1 = [\\'s',do{my $o}];$VAR1->[1] = \\${$VAR1->[0]};") as [PerlRef, PerlRef];
    assert.equal(ref, again);
    const root = thaw("$VAR1 = {'r' => do{my $o}};$VAR1->{'r'} = \\$VAR1;") as { r: PerlRef };
    assert.equal(root.r.value, root);
  });

  it('follows a path in place of a value, which Perl writes but cannot read', () => {
    const early = thaw("$VAR1 = {'a' => \\2,'b' => [1,${$VAR1->{'a'}},3]};") as { a: PerlRef; b: unknown[] };
    assert.deepEqual(early.b, [1, 2, 3]);
    assert.equal(early.a.value, 2);
    assert.deepEqual(thaw("$VAR1 = ['tw',${\\$VAR1->[0]}];"), ['tw', 'tw']);
    const ref = thaw("$VAR1 = [['x'],\\$VAR1->[0]];") as [unknown, PerlRef];
    assert.equal(ref[1].value, ref[0]);
  });

  it('reads patterns as text, with the escapes that Data::Dumper put in taken out', () => {
    const patterns = thaw(
      '$VAR1 = [qr/a\\/b/,qr/\\\\\\/x/ix,qr/${\\q($)}x @y$/,qr/a#b\n/x,qr/\\x{e9}/u,qr//];',
    ) as PerlRegexp[];
    assert.deepEqual(
      patterns.map(({ pattern, flags }) => [pattern, flags]),
      [
        ['a/b', ''],
        ['\\\\/x', 'ix'],
        ['$x @y$', ''],
        ['a#b\n', 'x'],
        ['\\x{e9}', 'u'],
        ['', ''],
      ],
    );
  });

  it('reads globs, version strings and code as opaque values', () => {
    const [plain, other, odd, ref, version, code] = thaw(
      "$VAR1 = [*::STDIN,*x::y,*{'::$f'},bless( \\*::F, 'IO::File' ),1.22.333,bless( sub { \"DUMMY\" }, 'C' )];",
    ) as [PerlGlob, PerlGlob, PerlGlob, PerlRef<PerlGlob>, PerlVString, PerlCode];
    assert.deepEqual([plain.name, other.name, odd.name], ['main::STDIN', 'x::y', 'main::$f']);
    assert.equal(ref[blessed], 'IO::File');
    assert.equal(ref.value.name, 'main::F');
    assert.deepEqual([version.value, version.literal], ['\x01\x16\u014d', '1.22.333']);
    assert.equal(code[blessed], 'C');
    assert.equal(code.source, '{ "DUMMY" }');
  });

  const malformed: [what: string, text: string][] = [
    ['nothing', ''],
    ['the variable alone', '$VAR1'],
    ['no semicolon', '$VAR1 = []'],
    ['a second variable', '$VAR1 = [];$VAR2 = [];'],
    ['space at the end', '$VAR1 = []; '],
    ['space between elements', '$VAR1 = [1, 2];'],
    ['a comma at the end', '$VAR1 = [1,];'],
    ['an elements that is missing', '$VAR1 = [,1];'],
    ['a key without quotes', '$VAR1 = {a => 1};'],
    ['a key without value', "$VAR1 = {'a'};"],
    ['a key that is undef', '$VAR1 = {undef => 1};'],
    ['an integer of eleven characters', '$VAR1 = 12345678901;'],
    ['an octal number', '$VAR1 = 0755;'],
    ['a fraction', '$VAR1 = 1.5;'],
    ['a number with exponent', '$VAR1 = 1e3;'],
    ['a sum', '$VAR1 = 1+1;'],
    ['a bareword', '$VAR1 = exit;'],
    ['a call behind undef', '$VAR1 = undefined;'],
    ['a call in a block', "$VAR1 = do{my $o = system('x')};"],
    ['another block', '$VAR1 = do{die};'],
    ['other code', '$VAR1 = sub { die };'],
    ['a here-document', '$VAR1 = <<E;\nE\n'],
    ['a string in other quotes', '$VAR1 = q(x);'],
    ['a string that does not end', "$VAR1 = 'abc;"],
    ['an array in a string', '$VAR1 = "@x";'],
    ['a method call in a string', '$VAR1 = "${\\die}";'],
    ['an escape that Data::Dumper does not write', '$VAR1 = "\\n";'],
    ['a named character', '$VAR1 = "\\N{U+263a}";'],
    ['a character without digits', '$VAR1 = "\\x{}";'],
    ['a character beyond Unicode', '$VAR1 = "\\x{110000}";'],
    ['a character of many digits', `$VAR1 = "\\x{${'f'.repeat(400)}}";`],
    ['a version beyond Unicode', '$VAR1 = v1.1114112;'],
    ['a pattern that does not end', '$VAR1 = qr/abc;'],
    ['a pattern in other brackets', '$VAR1 = qr{abc};'],
    ['a pattern with an odd end', '$VAR1 = qr/a/(1);'],
    ['a substitution', '$VAR1 = s/a/die/e;'],
    ['a block around a pattern with more in it', "$VAR1 = do{my $o = 'a';qr/$o/;die};"],
    ['a blessed string', "$VAR1 = bless( 'x', 'C' );"],
    ['an object blessed twice', "$VAR1 = bless( bless( [], 'A' ), 'B' );"],
    ['an object of a class without name', "$VAR1 = bless( [], '' );"],
    ['an object whose class is computed', "$VAR1 = bless( [], 'A'.'B' );"],
    ['a blessed path', "$VAR1 = [[],bless( $VAR1->[0], 'B' )];"],
    ['a glob without name', '$VAR1 = \\*;'],
    ['a glob with a block', '$VAR1 = *{die};'],
    ['a repair of nothing', '$VAR1 = [];$VAR1->[0] = $VAR1;'],
    ['a repair of a key that is absent', "$VAR1 = {};$VAR1->{'toString'} = $VAR1;"],
    ['a repair in a string', "$VAR1 = 'x';$VAR1->[0] = $VAR1;"],
    ['a repair in a pattern', "$VAR1 = qr/x/;$VAR1->{'pattern'} = $VAR1;"],
    ['a repair by a value', '$VAR1 = [1];$VAR1->[0] = 2;'],
    ['a repair of the length', "$VAR1 = [1];$VAR1->{'length'} = $VAR1;"],
    ['a repair far outside', '$VAR1 = [1];$VAR1->[4000000000] = $VAR1;'],
    ['a path with a negative index', '$VAR1 = [1];$VAR1->[-1] = $VAR1;'],
    ['a path without an arrow', '$VAR1 = [1];$VAR1[0] = $VAR1;'],
    ['a path through a string', "$VAR1 = ['x'];$VAR1->[0] = ${$VAR1->[0]};"],
    ['a path that is not closed', "$VAR1 = [\\'x'];$VAR1->[0] = ${$VAR1->[0];"],
    ['a path with a call', '$VAR1 = [1];$VAR1->[0] = $VAR1->die;'],
    ['a path to another variable', '$VAR1 = [1];$VAR1->[0] = $ENV{PATH};'],
  ];
  for (const [what, text] of malformed) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => thaw(text),
        (error) =>
          error instanceof PoeDataError &&
          error.code === 'POE_ERR_THAW_MALFORMED' &&
          error.message.endsWith(` at octet ${error.position}`),
      );
    });
  }

  it('says at which octet the trouble is', () => {
    assert.throws(() => new IkcFreezer().thaw(Buffer.from(`${VAR} = [1,time()];`)), { position: VAR.length + 6 });
    assert.throws(() => new IkcFreezer().thaw(Buffer.from(`${VAR} = [1];${VAR}->[7] = ${VAR};`)), {
      position: VAR.length + 7,
    });
  });

  it('survives long chains of brackets and paths', () => {
    const deep = 200_000;
    const limits = { maxDepth: deep, maxHashDepth: deep };
    for (const text of ['[', '\\', 'bless( [', "{'a' => ", 'do{\\(my $o = ', '${', '${\\']) {
      assert.throws(() => thaw(`$VAR1 = ${text.repeat(deep)}`, { limits }), PoeDataError);
      assert.throws(() => thaw(`$VAR1 = ${text.repeat(deep)}`), PoeDataError);
    }
    assert.throws(() => thaw(`$VAR1 = v1${'.1'.repeat(deep)};$VAR1->[0]`), PoeDataError);
    assert.throws(() => thaw(`$VAR1 = [];$VAR1->${'[0]'.repeat(deep)} = $VAR1;`), PoeDataError);
  });

  it('survives mutated texts with data errors only', () => {
    assert.ok(fuzzTextFreezers({ count: 4000, seed: 7, only: 'POE::Component::IKC::Freezer' }).refused > 0);
  });
});

describe('IkcFreezer and real Perl', { skip: noPerl }, () => {
  it('Perl evaluates what freeze() wrote to the value that thaw() reads', () => {
    const values = fc.sample(hostileValues('/nowhere', false), { numRuns: 500, seed: 17 });
    const images = values.map((value) => new IkcFreezer().freeze(value));
    const { nodes, canary } = perlThaw('Dumper', () => images);
    const exact = new IkcFreezer({ strings: 'exact' });
    assert.equal(nodes.length, images.length);
    images.forEach((image, index) => {
      const node = nodes[index];
      assert.ok(node);
      assert.deepEqual(differences(node, exact.thaw(image)), [], Buffer.from(image).toString('latin1'));
    });
    assert.deepEqual(canary, { canary: 'alive', file: 'absent' });
  });

  it('Perl reads numbers, patterns, version strings, globs and code', () => {
    const pattern = Object.assign(new PerlRegexp("a/'$(?#{)@{[die]}", 'ix'), { [blessed]: 'My::Pattern' });
    const image = new IkcFreezer().freeze([
      [0, -1, 9999999999, 0.5, 0.1 + 0.2, 1e20, 2n ** 64n - 1n],
      [pattern, new PerlRegexp('€', ''), new PerlRegexp('', '')],
      [new PerlVString('\x01\x16\u014d', 'v1.22.333'), new PerlRef(new PerlGlob('main::STDOUT'))],
      new PerlCode('{ die }'),
    ]);
    const [node] = perlThaw('Dumper', () => [image]).nodes;
    const bytes = (v: string): NeutralNode => ({ t: 'bytes', v });
    assert.deepEqual(node, {
      t: 'array',
      v: [
        {
          t: 'array',
          v: [
            { t: 'int', v: '0' },
            { t: 'int', v: '-1' },
            { t: 'int', v: '9999999999' },
            bytes('0.5'),
            bytes('0.3'),
            bytes('1e+20'),
            bytes('18446744073709551615'),
          ],
        },
        {
          t: 'array',
          v: [
            {
              t: 'blessed',
              class: 'My::Pattern',
              v: { t: 'regexp', pattern: bytes("a/'$(?#{)@{[die]}"), flags: 'ix' },
            },
            { t: 'regexp', pattern: { t: 'text', v: '€' }, flags: 'u' },
            { t: 'regexp', pattern: bytes(''), flags: '' },
          ],
        },
        {
          t: 'array',
          v: [{ t: 'vstring', v: { t: 'text', v: '\x01\x16\u014d' }, literal: 'v1.22.333' }, { t: 'glob' }],
        },
        { t: 'code', v: "{ use warnings; use strict; 'DUMMY'; }" },
      ],
    });
  });

  it('2,000 hostile strings arrive as they are, and nothing in them is run', () => {
    let strings: string[] = [];
    const freezeHostile = (string: string): Uint8Array => {
      const object = Object.assign(['x'], { [blessed]: 'C' });
      return new IkcFreezer().freeze({ [string]: [string, object], again: object });
    };
    const { nodes, canary } = perlThaw('Dumper', (canaryFile) => {
      strings = fc.sample(hostileStrings(canaryFile, false), { numRuns: 2000, seed: 19 });
      return strings.map(freezeHostile);
    });
    assert.equal(nodes.length, 2000);
    const exact = new IkcFreezer({ strings: 'exact' });
    strings.forEach((string, index) => {
      const node = nodes[index];
      assert.ok(node);
      assert.deepEqual(differences(node, exact.thaw(freezeHostile(string))), [], JSON.stringify(string));
    });
    assert.deepEqual(canary, { canary: 'alive', file: 'absent' });
  });

  it('hostile class names and patterns are not run either', () => {
    const { nodes, canary } = perlThaw('Dumper', (canaryFile) => {
      const strings = fc.sample(hostileStrings(canaryFile, false), { numRuns: 500, seed: 23 });
      return strings.flatMap((string) => [
        new IkcFreezer().freeze(Object.assign([], { [blessed]: string === '' ? 'C' : string })),
        new IkcFreezer().freeze(new PerlRegexp(string, 'i')),
      ]);
    });
    assert.equal(nodes.length, 1000);
    assert.deepEqual(canary, { canary: 'alive', file: 'absent' });
  });
});
