import { Handshake, quote } from './handshake.ts';
import { isSetup, readSetup, writeSetup } from './setup.ts';
import type { HandshakeOptions } from './types.ts';

export interface ClientHandshakeOptions extends HandshakeOptions {
  /**
   * Gives up on any line that was not expected, and when the server refuses our serializers, instead of saying NOT and
   * waiting. This is what ClientLite does; it also announces nothing but its name, and one serializer. Default false.
   */
  strict?: boolean | undefined;
}

type Phase = '010' | '000' | '001' | '002' | '003';

/**
 * The side that has connected. It speaks first; step by step it hears the names of the server and then tells its own.
 *
 * @example
 * const handshake = new ClientHandshake({ names, freezers: ['Storable'], pid: process.pid });
 * handshake.start(); // { send: ['SETUP KERNEL=...'] }
 * handshake.line('NOT'); // { send: ['HELLO'] }
 * @remarks Mirrors POE::Component::IKC::Channel, and ClientLite with `strict`. Differs from them: names of which a
 * genuine peer dies are refused, wrong lines are counted, and a serializer that was not offered is refused.
 */
export class ClientHandshake extends Handshake {
  readonly #strict: boolean;
  #phase: Phase;
  /** Serializers that are still to be offered, and the one that was offered last. */
  readonly #unoffered: string[];
  #freezer: string | undefined;

  constructor(options: ClientHandshakeOptions) {
    super(options);
    this.#strict = options.strict ?? false;
    this.#phase = options.protocol === 'IKC' ? '000' : '010';
    this.#unoffered = [...this.freezers];
  }

  get phase(): string {
    return `client_${this.#phase}`;
  }

  protected begin(): void {
    if (this.#phase === '000') this.say('HELLO');
    else this.say(writeSetup({ names: this.names, freezers: this.freezers, pid: this.pid }));
  }

  protected react(line: string): void {
    const phase = this.#phase;
    if (phase === '010') this.#awaitSetup(line);
    else if (phase === '000') this.#hearNames(line);
    else if (phase === '001') this.#tellNames(line);
    else if (phase === '002') this.#agreeOnFreezer(line);
    else this.#awaitUp(line);
  }

  #awaitSetup(line: string): void {
    if (line === 'NOT') this.#fallBack();
    else if (isSetup(line)) this.#setUp(line);
    else this.#unexpected(line);
  }

  #setUp(line: string): void {
    const setup = readSetup(line);
    const [freezer, ...others] = setup?.freezers ?? [];
    if (!setup || freezer === undefined || others.length > 0 || !this.arePeerNames(setup.names)) {
      this.wrong(line);
      return;
    }
    if (!this.freezers.includes(freezer)) {
      this.fail(`the server chose the serializer ${quote(freezer)}, which was not offered`, 'The server is broken');
      return;
    }
    this.addPeerNames(setup.names);
    this.finish(freezer, setup.pid, 'IKC0');
  }

  #fallBack(): void {
    const name = this.unstepwiseName();
    if (name !== undefined) {
      this.fail(`the server speaks only IKC, which cannot carry our name '${name}'`, 'Take a name without blanks');
      return;
    }
    this.#phase = '000';
    this.say('HELLO');
  }

  #hearNames(line: string): void {
    if (this.hearName(line)) this.say('OK');
    else if (line === 'DONE' && this.hasPeerName) {
      this.#phase = '001';
      this.tellNames();
    } else this.#unexpected(line);
  }

  #tellNames(line: string): void {
    if (line !== 'OK') this.#unexpected(line);
    else if (!this.tellNextName()) {
      this.say('DONE');
      this.#phase = '002';
      this.#offer();
    }
  }

  #agreeOnFreezer(line: string): void {
    if (line === 'OK') this.#world();
    else if (line === 'NOT') this.#offer();
    else this.#unexpected(line);
  }

  /** Offers the next serializer; with none left it is the default one, or the end. */
  #offer(): void {
    this.#freezer = this.#unoffered.shift();
    if (this.#freezer !== undefined) {
      this.say(`FREEZER ${this.#freezer}`);
    } else if (this.#strict || this.defaultFreezer === null) {
      this.fail(`the server refuses ${this.freezers.join(', ')}`, 'Offer a serializer that it has');
    } else {
      this.#freezer = this.defaultFreezer;
      this.#world();
    }
  }

  #world(): void {
    this.say('WORLD');
    this.#phase = '003';
  }

  #awaitUp(line: string): void {
    if (line === 'UP') this.finish(this.#freezer as string, undefined, 'IKC');
    else this.#unexpected(line);
  }

  #unexpected(line: string): void {
    if (this.#strict)
      this.fail(`the server sent ${quote(line)} in ${this.phase}`, 'It is no IKC server, or refuses us');
    else this.wrong(line);
  }
}
