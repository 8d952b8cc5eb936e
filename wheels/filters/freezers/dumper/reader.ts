import type { ThawOptions } from '../freezer.ts';
import { blessed, PerlCode, PerlGlob, type PerlHash, PerlRef, PerlRegexp, PerlVString } from '../perl-values.ts';
import { reviveClasses } from '../revive.ts';
import { type StringDecoder, stringDecoder } from '../string-decoder.ts';
import { ThawBudget } from '../thaw-budget.ts';
import { Scanner } from './scanner.ts';
import {
  DUMMY_CODE,
  DUMMY_SOURCE,
  EMPTY_SCALAR,
  MAX_INTEGER_LENGTH,
  VARIABLE,
  VERSION_LITERAL,
  versionCharacters,
} from './syntax.ts';
import { DEREFERENCE, type Slot, type Step, Variable } from './variable.ts';

/** Something whose parts are being read. */
type Frame =
  | { readonly kind: 'array'; readonly value: unknown[] }
  | { readonly kind: 'hash'; readonly value: PerlHash; key: string }
  | { readonly kind: 'ref'; readonly value: PerlRef; readonly end: string }
  | { readonly kind: 'bless'; value: unknown };

/** A path and the octet at which it stands. */
interface Path {
  readonly steps: readonly Step[];
  readonly position: number;
}

/** Stands for something that was opened: its parts come first. */
const OPENED = Symbol('opened');

const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;

/** Reads one text: a value that is assigned to the variable, and the repairs behind it. */
export class DumperReader {
  readonly #scanner: Scanner;
  readonly #options: ThawOptions;
  readonly #strings: StringDecoder;
  readonly #budget: ThawBudget;
  readonly #variable = new Variable(null);
  readonly #stack: Frame[] = [];
  /** Paths that stand where a value should be; they are followed once the whole value is there. */
  readonly #links: { readonly slot: Slot; readonly path: Path }[] = [];
  #hasRegisteredClass = false;

  constructor(octets: Uint8Array, options: ThawOptions) {
    this.#options = options;
    this.#strings = stringDecoder(options);
    this.#budget = new ThawBudget('POE::Component::IKC::Freezer', options.limits);
    this.#scanner = new Scanner(octets, this.#budget);
  }

  read(): unknown {
    this.#scanner.expect(`${VARIABLE} = `);
    this.#variable.value = this.#value();
    this.#scanner.expect(';');
    for (const { slot, path } of this.#links) this.#variable.write(slot, this.#variable.read(this.#resolve(path)));
    while (!this.#scanner.isAtEnd) this.#repair();
    this.#variable.settle();
    const { classes } = this.#options;
    if (classes === undefined || !this.#hasRegisteredClass) return this.#variable.value;
    return reviveClasses(this.#variable.value, classes);
  }

  #repair(): void {
    const target = this.#resolve(this.#path());
    this.#scanner.expect(' = ');
    const { position } = this.#scanner;
    const isReference = this.#scanner.accept('\\');
    const source = this.#resolve(this.#path());
    this.#scanner.expect(';');
    this.#budget.countNode(position);
    this.#variable.write(target, isReference ? this.#variable.reference(source) : this.#variable.read(source));
  }

  /** Reads a value with all its parts. No call goes deeper than another one, however deep the data are. */
  #value(): unknown {
    let value = this.#start();
    for (;;) {
      const frame = this.#stack.at(-1);
      if (frame === undefined) return value;
      if (value === OPENED ? this.#hasParts(frame) : this.#store(frame, value)) {
        value = this.#start();
      } else {
        this.#stack.pop();
        this.#leave(frame);
        value = frame.value;
      }
    }
  }

  /** Reads a scalar, or the beginning of something with parts, which then lies on the stack. */
  #start(): unknown {
    const scanner = this.#scanner;
    const { position } = scanner;
    if (scanner.accept('bless( ')) {
      if (this.#stack.at(-1)?.kind === 'bless') throw scanner.malformed('an object blessed twice', undefined, position);
      this.#stack.push({ kind: 'bless', value: null });
      return OPENED;
    }
    this.#budget.countNode(position);
    switch (scanner.peek()) {
      case "'":
      case '"': {
        const { characters, flagged } = scanner.quoted();
        return flagged ? this.#strings.text(characters) : this.#strings.bytes(characters);
      }
      case '[':
      case '{':
      case '\\':
        return this.#open();
      case '$':
        return this.#link();
      case '*':
        return this.#glob();
      case 'd':
        return this.#block();
      case 'q':
        scanner.expect('qr');
        return new PerlRegexp(scanner.pattern(), scanner.take(/^[a-z]$/));
      case 's':
        scanner.expect(DUMMY_CODE);
        return new PerlCode(DUMMY_SOURCE);
      case 'u':
        scanner.expect('undef');
        return null;
      default:
        return this.#number();
    }
  }

  #open(): typeof OPENED {
    const { position } = this.#scanner;
    if (this.#scanner.accept('{')) {
      this.#budget.enterHash(position);
      this.#stack.push({ kind: 'hash', value: Object.create(null), key: '' });
      return OPENED;
    }
    this.#budget.enter(position);
    if (this.#scanner.accept('[')) {
      this.#stack.push({ kind: 'array', value: [] });
    } else {
      this.#scanner.expect('\\');
      this.#stack.push({ kind: 'ref', value: new PerlRef(null), end: '' });
    }
    return OPENED;
  }

  /** A `do` block: an empty scalar, a reference to a scalar of its own, or a pattern that comes out of a string. */
  #block(): unknown {
    const scanner = this.#scanner;
    const { position } = scanner;
    if (scanner.accept(EMPTY_SCALAR)) return null;
    if (scanner.accept('do{\\(my $o = ')) {
      this.#budget.enter(position);
      this.#stack.push({ kind: 'ref', value: new PerlRef(null), end: ')}' });
      return OPENED;
    }
    scanner.expect('do{my $o = ');
    const pattern = scanner.quoted().characters;
    scanner.expect(';qr/$o/');
    const regexp = new PerlRegexp(pattern, scanner.take(/^[a-z]$/));
    scanner.expect('}');
    return regexp;
  }

  /** Whether the first part of something that was just opened follows. */
  #hasParts(frame: Frame): boolean {
    if (frame.kind === 'array') return !this.#scanner.accept(']');
    if (frame.kind !== 'hash') return true;
    if (this.#scanner.accept('}')) return false;
    frame.key = this.#key();
    return true;
  }

  /** Puts a part where it belongs; true if another one follows. */
  #store(frame: Frame, part: unknown): boolean {
    switch (frame.kind) {
      case 'array':
        frame.value.push(part);
        return this.#follows(']');
      case 'hash':
        frame.value[frame.key] = part;
        if (!this.#follows('}')) return false;
        frame.key = this.#key();
        return true;
      case 'ref':
        frame.value.value = part;
        this.#scanner.expect(frame.end);
        return false;
      case 'bless':
        frame.value = this.#bless(part);
        return false;
    }
  }

  #leave({ kind }: Frame): void {
    if (kind === 'hash') this.#budget.leaveHash();
    else if (kind !== 'bless') this.#budget.leave();
  }

  #follows(end: string): boolean {
    if (this.#scanner.accept(',')) return true;
    this.#scanner.expect(end);
    return false;
  }

  #key(): string {
    const { characters, flagged } = this.#scanner.quoted();
    this.#scanner.expect(' => ');
    return flagged ? characters : this.#strings.key(characters);
  }

  #bless(thing: unknown): unknown {
    this.#scanner.expect(', ');
    const { position } = this.#scanner;
    const { characters } = this.#scanner.quoted();
    this.#scanner.expect(' )');
    this.#budget.checkClassName(characters.length, position);
    if (characters === '') throw this.#scanner.malformed('an empty class name', undefined, position);
    if (!isBlessable(thing)) throw this.#scanner.malformed('an object that is no reference', undefined, position);
    thing[blessed] = characters;
    if (this.#options.classes?.has(characters)) this.#hasRegisteredClass = true;
    return thing;
  }

  #number(): number | PerlVString {
    const scanner = this.#scanner;
    const { position } = scanner;
    const text = scanner.take(/^[-0-9.v]$/);
    if (INTEGER.test(text) && text.length <= MAX_INTEGER_LENGTH) return Number(text);
    this.#budget.checkString(text.length, position);
    const characters = VERSION_LITERAL.test(text) ? versionCharacters(text) : undefined;
    if (characters !== undefined) return new PerlVString(characters, text);
    throw scanner.malformed(
      text === '' ? `${scanner.describe()} where a value has to begin` : `no integer of at most ten characters`,
      'Only data is read: calls, expressions and variables are refused',
      position,
    );
  }

  /** `*::NAME`, `*Package::NAME` or, for odd names, `*{'::NAME'}`. */
  #glob(): PerlGlob {
    const scanner = this.#scanner;
    const { position } = scanner;
    scanner.expect('*');
    let name: string;
    if (scanner.accept('{')) {
      name = scanner.quoted().characters;
      scanner.expect('}');
    } else {
      name = scanner.take(/^[\w:]$/);
    }
    if (name === '') throw scanner.malformed('a glob without a name', undefined, position);
    return new PerlGlob(name.startsWith('::') ? `main${name}` : name);
  }

  /** A path in place of a value; what it leads to may not be complete yet, so it is only noted. */
  #link(): null {
    const frame = this.#stack.at(-1);
    const path = this.#path();
    if (frame?.kind === 'bless') throw this.#scanner.malformed('a path that is blessed', undefined, path.position);
    this.#links.push({ slot: this.#slot(frame), path });
    return null;
  }

  /** The place of the part that is being read. */
  #slot(frame: Exclude<Frame, { kind: 'bless' }> | undefined): Slot {
    if (frame === undefined) return { holder: this.#variable, key: 'value' };
    if (frame.kind === 'array') return { holder: frame.value, key: frame.value.length };
    if (frame.kind === 'hash') return { holder: frame.value, key: frame.key };
    return { holder: frame.value, key: 'value' };
  }

  /** The variable with steps behind it; `${...}` around it is one more step, unless it holds a reference made on the spot. */
  #path(): Path {
    const scanner = this.#scanner;
    const { position } = scanner;
    const dereferences: boolean[] = [];
    while (scanner.accept('${')) dereferences.push(!scanner.accept('\\'));
    scanner.expect(VARIABLE);
    const steps: Step[] = [];
    this.#steps(steps);
    while (dereferences.length > 0) {
      scanner.expect('}');
      if (dereferences.pop()) steps.push(DEREFERENCE);
      this.#steps(steps);
    }
    return { steps, position };
  }

  #steps(steps: Step[]): void {
    const scanner = this.#scanner;
    if (!scanner.accept('->')) return;
    do {
      if (scanner.accept('[')) {
        const index = scanner.take(/^[0-9]$/);
        if (!/^(?:0|[1-9][0-9]{0,9})$/.test(index)) throw scanner.malformed('no index of an array');
        steps.push(Number(index));
        scanner.expect(']');
      } else {
        scanner.expect('{');
        const { characters, flagged } = scanner.quoted();
        steps.push(flagged ? characters : this.#strings.key(characters));
        scanner.expect('}');
      }
    } while (scanner.peek() === '[' || scanner.peek() === '{');
  }

  #resolve({ steps, position }: Path): Slot {
    const slot = this.#variable.resolve(steps);
    if (slot !== undefined) return slot;
    throw this.#scanner.malformed('a path that leads nowhere', undefined, position);
  }
}

function isBlessable(value: unknown): value is { [blessed]?: string } {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof PerlRef || value instanceof PerlRegexp || value instanceof PerlCode) return true;
  return Array.isArray(value) || Object.getPrototypeOf(value) === null;
}
