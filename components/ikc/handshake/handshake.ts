import { debugFor } from '../../../core/debug.ts';
import { PoeDataError, PoeLimitError, PoeUsageError } from '../../../core/errors.ts';
import { isKernelName } from '../specifier.ts';
import {
  DEFAULT_HANDSHAKE_LIMITS,
  type HandshakeLimits,
  type HandshakeOptions,
  type HandshakeStep,
  type Protocol,
} from './types.ts';

const debug = debugFor('ikc:handshake');

/** The serializer that genuine peers use where none was agreed upon. */
const DEFAULT_FREEZER = 'Storable';

/** Characters of a line that are shown to a person. */
const MOST_SHOWN = 100;

const NOTHING: HandshakeStep = Object.freeze({ send: Object.freeze([]) });

/** POE: Channel checks names only so far; what a specifier cannot hold passes here and is looked at later. */
const IAM = /^IAM[ \t\f\v]+([-:.\w]+)$/;

/**
 * One side of a handshake: lines of the peer in, lines for the peer out. There is no clock in it; whoever owns the
 * connection ends it when it takes too long, and {@link status} then says what it was waiting for.
 */
export abstract class Handshake {
  protected readonly freezers: readonly string[];
  protected readonly defaultFreezer: string | null;
  protected readonly names: readonly string[];
  protected readonly pid: number;
  protected readonly limits: Readonly<HandshakeLimits>;
  readonly #peerAddress: string | undefined;
  readonly #peerNames = new Set<string>();
  /** Own names that are still to be told, the next one last; `undefined` when it is not the time to tell them. */
  #untold: string[] | undefined;
  #lines = 0;
  #errors = 0;
  #send: string[] = [];
  #end: Pick<HandshakeStep, 'done' | 'failed'> | undefined;
  #lastSent: string | undefined;
  #lastReceived: string | undefined;

  /** @throws PoeUsageError `POE_ERR_IKC_NAME` for own names, `POE_ERR_IKC_FREEZER` for freezers that cannot be announced. */
  constructor(options: HandshakeOptions) {
    this.names = ownNames(options.names);
    this.freezers = ownFreezers(options.freezers);
    const usual = this.freezers.includes(DEFAULT_FREEZER) ? DEFAULT_FREEZER : null;
    this.defaultFreezer = options.defaultFreezer === undefined ? usual : options.defaultFreezer;
    this.pid = options.pid;
    this.limits = limitsOf(options.limits);
    const address = options.peerAddress;
    this.#peerAddress = address !== undefined && this.arePeerNames([address]) ? address : undefined;
    if (options.protocol === 'IKC') this.checkStepwiseNames();
  }

  /** What to do when the connection stands. To be called once, before anything else. */
  start(): HandshakeStep {
    return this.#step(() => this.begin());
  }

  /** What to do about a line of the peer. After the end there is nothing to do any more. */
  line(text: string): HandshakeStep {
    if (this.#end) return NOTHING;
    debug('received %o', text);
    this.#lastReceived = text;
    return this.#step(() => {
      // However many names we have, the peer is not to blame for its answers.
      if (!(this.#untold && text === 'OK')) this.#lines++;
      if (this.#lines > this.limits.maxLines) this.failLimit(`${this.#lines} lines`, this.limits.maxLines);
      else this.react(text);
    });
  }

  /** Where it stands, for the one who has to explain why it took too long. */
  get status(): string {
    const quoted = (text: string | undefined) => (text === undefined ? 'nothing' : quote(text));
    return `phase ${this.phase}, sent ${quoted(this.#lastSent)}, received ${quoted(this.#lastReceived)}`;
  }

  /** The name of the phase, in IKC's own words. */
  abstract get phase(): string;
  protected abstract begin(): void;
  protected abstract react(line: string): void;

  protected say(line: string): void {
    debug('sends %o', line);
    this.#lastSent = line;
    this.#send.push(line);
  }

  /** The line is wrong here, and the peer is told; but never that its NOT is. */
  protected wrong(line: string): void {
    if (this.countError() && line !== 'NOT') this.say('NOT');
  }

  /** Notes a wrong line; false if it was one too many. */
  protected countError(): boolean {
    this.#errors++;
    if (this.#errors < this.limits.maxErrors) return true;
    this.failLimit(`${this.#errors} wrong lines`, this.limits.maxErrors);
    return false;
  }

  /** Begins to tell our names step by step: the first one now, then on each OK the others from the end. */
  protected tellNames(): void {
    const [first, ...others] = this.names as [string, ...string[]];
    this.#untold = others;
    this.say(`IAM ${first}`);
  }

  /** The peer has taken a name. Tells the next one; false if there is none left. */
  protected tellNextName(): boolean {
    const next = this.#untold?.pop();
    if (next === undefined) {
      this.#untold = undefined;
      return false;
    }
    this.say(`IAM ${next}`);
    return true;
  }

  /** Takes the name out of an IAM line; false if it is none, or has none that could be registered. */
  protected hearName(line: string): boolean {
    const name = IAM.exec(line)?.[1];
    if (name === undefined || !this.arePeerNames([name])) return false;
    this.addPeerNames([name]);
    return true;
  }

  /** Whether the peer may be called so. */
  protected arePeerNames(names: readonly string[]): boolean {
    return names.every((name) => name.length <= this.limits.maxNameLength && isKernelName(name));
  }

  protected addPeerNames(names: readonly string[]): void {
    for (const name of names) this.#peerNames.add(name);
    const count = this.#peerNames.size;
    if (count > this.limits.maxNames) this.failLimit(`${count} names`, this.limits.maxNames);
  }

  /** Whether the peer has a name; one that tells none goes by its address. */
  protected get hasPeerName(): boolean {
    return this.#peerNames.size > 0 || this.#peerAddress !== undefined;
  }

  /** Own names that IKC0 can carry, but not the step-by-step protocol, on which every peer answers NOT. */
  protected unstepwiseName(): string | undefined {
    return this.names.find((name) => !IAM.test(`IAM ${name}`));
  }

  /** @throws PoeUsageError for a name that only IKC0 can carry. */
  protected checkStepwiseNames(): void {
    const name = this.unstepwiseName();
    if (name !== undefined) refuseNames(`'${name}' holds blanks, which the protocol IKC cannot carry`);
  }

  protected finish(freezer: string, pid: number | undefined, protocol: Protocol): void {
    if (this.#end) return;
    if (this.#peerAddress !== undefined) this.#peerNames.add(this.#peerAddress);
    const peerNames = [...this.#peerNames];
    debug('done: %s is called %o, uses %s', protocol, peerNames, freezer);
    this.#end = { done: { peerNames, freezer, pid, protocol } };
  }

  protected fail(found: string, hint: string): void {
    this.#end ??= { failed: new PoeDataError('POE_ERR_IKC_HANDSHAKE', `Cannot shake hands: ${found}`, { hint }) };
  }

  protected failLimit(found: string, allowed: number): void {
    this.#end ??= {
      failed: new PoeLimitError(
        'POE_ERR_IKC_HANDSHAKE_LIMIT',
        `Cannot shake hands: the other side has sent ${found}, ${allowed} are the limit`,
        { hint: 'The other side is no IKC peer, or raise the limit' },
      ),
    };
  }

  #step(act: () => void): HandshakeStep {
    this.#send = [];
    act();
    if (!this.#end) return { send: this.#send };
    // Whom we give up is not answered any more.
    if (!this.#end.failed) return { send: this.#send, ...this.#end };
    debug('failed: %s', this.#end.failed.message);
    return { send: [], ...this.#end };
  }
}

/** PERF: ikc-visits: named one by one, as copying objects key by key leaves compiled code. */
function limitsOf(given: Partial<HandshakeLimits> = {}): HandshakeLimits {
  const usual = DEFAULT_HANDSHAKE_LIMITS;
  return {
    maxLines: given.maxLines ?? usual.maxLines,
    maxErrors: given.maxErrors ?? usual.maxErrors,
    maxNames: given.maxNames ?? usual.maxNames,
    maxNameLength: given.maxNameLength ?? usual.maxNameLength,
  };
}

/** A line of the peer as it is shown to a person: not all of a long one. */
export function quote(line: string): string {
  return line.length > MOST_SHOWN ? `'${line.slice(0, MOST_SHOWN)}...'` : `'${line}'`;
}

function checkOwnNames(names: readonly string[]): void {
  for (const name of names) checkOwnName(name);
  if (names.length === 0) refuseNames('there is none');
}

function checkOwnName(name: string): void {
  // Lines are octets, and beyond ASCII no octet is a letter to Perl.
  if (isKernelName(name) && /^[ -~]+$/.test(name)) return;
  refuseNames(`'${name}' cannot be the kernel of a specifier`);
}

function refuseNames(found: string): never {
  throw new PoeUsageError('POE_ERR_IKC_NAME', `Cannot announce our names: ${found}`, {
    hint: 'Names consist of letters, digits, _, - and points; an address is host:port',
  });
}

function checkFreezerNames(freezers: readonly string[]): void {
  for (const name of freezers) {
    if (!/^[-:\w]+$/.test(name)) refuseFreezers(`'${name}' is no name of a Perl package`);
  }
  if (freezers.length === 0) refuseFreezers('there is none');
}

function refuseFreezers(found: string): never {
  throw new PoeUsageError('POE_ERR_IKC_FREEZER', `Cannot announce our serializers: ${found}`, {
    hint: "Give names of Perl packages, as in freezers: ['Storable']",
  });
}

const ownNames = checkedOnce(checkOwnNames);
const ownFreezers = checkedOnce(checkFreezerNames);

/** PERF: ikc-visits: a frozen list, which stays as it is, is looked at once. Another one is copied. */
function checkedOnce(check: (list: readonly string[]) => void): (list: readonly string[]) => readonly string[] {
  const known = new WeakSet<readonly string[]>();
  return (list) => {
    if (known.has(list)) return list;
    check(list);
    if (!Object.isFrozen(list)) return [...list];
    known.add(list);
    return list;
  };
}
