import { Handshake } from './handshake.ts';
import { isSetup, readSetup, writeSetup } from './setup.ts';
import type { HandshakeOptions } from './types.ts';

export interface ServerHandshakeOptions extends HandshakeOptions {
  /**
   * Serializers that are chosen before others if a client offers several, the best one first. By default the client's
   * order counts. Only the protocol IKC0 offers several at once.
   */
  preferred?: readonly string[] | undefined;
}

type Phase = '010' | '000' | '001' | '002' | '003';

const FREEZER = /^FREEZER[ \t\f\v]+([-:\w]+)$/;

/**
 * The side that was connected to. It waits; step by step it first tells its names and then hears those of the client.
 *
 * @example
 * const handshake = new ServerHandshake({ names, freezers: ['Storable'], pid: process.pid });
 * handshake.start(); // nothing to send
 * handshake.line('SETUP KERNEL=Pulse;FREEZER=Storable;PID=1'); // { send: ['SETUP ...'], done: { ... } }
 * @remarks Mirrors POE::Component::IKC::Channel. Differs from it: names of which a genuine peer dies are refused, and
 * wrong lines are counted.
 */
export class ServerHandshake extends Handshake {
  readonly #preferred: readonly string[];
  #phase: Phase;
  #freezer: string | undefined;

  constructor(options: ServerHandshakeOptions) {
    super(options);
    this.#preferred = options.preferred ?? [];
    this.#phase = options.protocol === 'IKC' ? '000' : '010';
  }

  get phase(): string {
    return `server_${this.#phase}`;
  }

  protected begin(): void {}

  protected react(line: string): void {
    const phase = this.#phase;
    if (phase === '010') this.#awaitSetup(line);
    else if (phase === '000') this.#awaitHello(line);
    else if (phase === '001') this.#tellNames(line);
    else if (phase === '002') this.#hearNames(line);
    else this.#agreeOnFreezer(line);
  }

  #awaitSetup(line: string): void {
    if (isSetup(line)) this.#setUp(line);
    else if (isLaterHello(line)) this.say('NOT');
    else if (line === 'HELLO') this.#hello();
    else this.countError();
  }

  #awaitHello(line: string): void {
    if (line === 'HELLO') this.#hello();
    // Neither is a mistake: the client asks for what we do not speak, and falls back.
    else if (isLaterHello(line) || line.startsWith('SETUP')) this.say('NOT');
    else this.countError();
  }

  #setUp(line: string): void {
    const setup = readSetup(line);
    const freezer = setup && this.#choose(setup.freezers);
    if (!setup || freezer === undefined || !this.arePeerNames(setup.names)) {
      this.wrong(line);
      return;
    }
    this.addPeerNames(setup.names);
    this.say(writeSetup({ names: this.names, freezers: [freezer], pid: this.pid }));
    this.finish(freezer, setup.pid, 'IKC0');
  }

  #hello(): void {
    const name = this.unstepwiseName();
    if (name !== undefined) {
      this.fail(`the client speaks only IKC, which cannot carry our name '${name}'`, 'Take a name without blanks');
      return;
    }
    this.#phase = '001';
    this.tellNames();
  }

  #tellNames(line: string): void {
    if (line !== 'OK') this.wrong(line);
    else if (!this.tellNextName()) {
      this.say('DONE');
      this.#phase = '002';
    }
  }

  #hearNames(line: string): void {
    if (line === 'DONE' && this.hasPeerName) this.#phase = '003';
    else if (this.hearName(line)) this.say('OK');
    else this.wrong(line);
  }

  #agreeOnFreezer(line: string): void {
    if (line === 'WORLD') {
      this.#world(line);
      return;
    }
    if (!line.startsWith('FREEZER')) {
      this.wrong(line);
      return;
    }
    const name = FREEZER.exec(line)?.[1];
    // A serializer that we do not have is no mistake of the client, which goes through its list.
    if (name === undefined) this.wrong(line);
    else if (this.freezers.includes(name)) {
      this.#freezer = name;
      this.say('OK');
    } else this.say('NOT');
  }

  #world(line: string): void {
    const freezer = this.#freezer ?? this.defaultFreezer;
    if (freezer === null) {
      this.wrong(line);
      return;
    }
    this.say('UP');
    this.finish(freezer, undefined, 'IKC');
  }

  #choose(offered: readonly string[]): string | undefined {
    const usable = offered.filter((name) => this.freezers.includes(name));
    return this.#preferred.find((name) => usable.includes(name)) ?? usable[0];
  }
}

/** A greeting for protocols that do not exist yet. */
function isLaterHello(line: string): boolean {
  return /^HELLO IKC\d$/.test(line);
}
