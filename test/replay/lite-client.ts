/** Our ClientLite, making the requests of a recorded one. */
import { ClientLite, type Specifier, specifierName } from 'poe-kernel/ikc';
import { fromNeutral, type NeutralNode } from '../helpers/neutral.ts';
import type { Driver } from './client-role.ts';
import { errorOf, eventOf, nodeOf, type Said } from './conversation.ts';
import type { ClientOptions } from './full-client.ts';
import { at, child, type Plain, plainValue, same, shown } from './values.ts';

/** Longer than anything takes here: the recorded program decides when it has waited enough. */
const TIMEOUT_SECONDS = 20;

/** A request whose answer is awaited. */
interface Waiting {
  state: string;
  answer: Promise<unknown>;
}

export class LiteClient implements Driver {
  readonly notes = new Set<string>();
  readonly #options: ClientOptions;
  readonly #waiting: Waiting[] = [];
  /** What was posted and may be refused, as errors name it, and the errors that came when nobody waited. */
  readonly #posted: string[] = [];
  readonly #errors: string[] = [];
  #spawned: Promise<ClientLite | undefined> | undefined;
  #lite: ClientLite | undefined;
  /** Whether it has a connection that the recorded program has not closed. */
  #isOpen = false;
  /** Connections that the recorded program had left for a new one before it was seen to close them. */
  #givenUp = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  connect(): void {
    const { program, where } = this.#options;
    if (this.#lite !== undefined) {
      if (this.#isOpen) {
        this.#givenUp++;
        this.#lite.disconnect();
      }
      this.#isOpen = true;
      void this.#lite.connect();
      return;
    }
    this.#isOpen = true;
    this.#spawned = ClientLite.spawn({
      ...where,
      name: program.name,
      protocol: program.protocol,
      serialiser: program.freezers[0],
      timeout: TIMEOUT_SECONDS,
      onError: (text) => {
        this.#errors.push(text);
        this.#options.play.patience.changed();
      },
    });
  }

  async close(): Promise<void> {
    if (this.#givenUp > 0) {
      this.#givenUp--;
      return;
    }
    this.#isOpen = false;
    this.#lite?.disconnect();
  }

  async act(said: Said): Promise<void> {
    this.#lite ??= await this.#spawned;
    const lite = this.#lite;
    if (lite === undefined) throw new Error(`our ClientLite is not connected: ${ClientLite.error()}`);
    const { message } = said;
    const to = this.#shortForm(said);
    const params = built(nodeOf(said, 'params'));
    const rsvp = eventOf(message, 'rsvp');
    const post = responseIn(at(message, 'params'));
    if (rsvp.session === 'IKC') this.#await(rsvp.state, lite.ping());
    else if (rsvp.state !== '') {
      const list = at(message, 'wantarray') === '1';
      this.#await(rsvp.state, list ? lite.callList(to, params) : lite.call(to, params));
    } else if (post !== undefined) this.#await(post, lite.postRespond(to, (params as unknown[])[0]));
    else {
      this.#posted.push(specifierName(at(message, 'event') as string | Partial<Specifier>));
      await lite.post(to, params);
    }
  }

  #await(state: string, answer: Promise<unknown>): void {
    this.#waiting.push({ state, answer });
  }

  /** The specifier as a program gives it, the server left out where ClientLite puts it in. */
  #shortForm(said: Said): string | { readonly [key: string]: unknown } {
    const event = at(said.message, 'event');
    if (typeof event !== 'string') return event as { [key: string]: unknown };
    const [, kernel = '', rest = ''] = /^poe:\/\/([^/]*)\/(.*)$/s.exec(event) ?? [];
    return this.#isServer(kernel) ? rest : event;
  }

  /** Whether ClientLite itself named the server so: by its ID, or by the address it had dialled. */
  #isServer(kernel: string): boolean {
    const { server_kernel_id: id, client_connects_to: dialled } = this.#options.play.conversation.recording.variable;
    return kernel === id || kernel === dialled;
  }

  isReaction(): boolean {
    return false;
  }

  expected(said: Said): Said['frame'] {
    if (said.frame?.value === undefined) return said.frame;
    const frame = structuredClone(said.frame);
    const event = child(frame.value, 'event');
    if (event?.t === 'bytes') event.v = this.#named(event.v as string);
    const wantarray = child(frame.value, 'wantarray');
    if (wantarray?.t === 'undef') {
      this.notes.add('our ClientLite has no void context, and calls in scalar context');
      Object.assign(wantarray, { t: 'bytes', v: '' });
    } else if (wantarray?.t === 'int') {
      // Perl's true is a number as well as a text, and Data::Dumper writes the number.
      Object.assign(wantarray, { t: 'bytes', v: '1' });
    }
    return frame;
  }

  /** Ours names the server by its ID, whatever the handshake. */
  #named(event: string): string {
    const [, kernel = '', rest = ''] = /^poe:\/\/([^/]*)(\/.*)$/s.exec(event) ?? [];
    const { server_kernel_id: id, client_connects_to: dialled } = this.#options.play.conversation.recording.variable;
    if (kernel !== dialled) return event;
    this.notes.add('our ClientLite names the server by its ID where the recorded one named the address');
    return `poe://${id}${rest}`;
  }

  prepare({ message }: Said): void {
    const { session, state } = eventOf(message);
    const awaited = this.#waiting.some((waiting) => waiting.state === state);
    // Perl's waits when it comes to it; ours must be waiting already.
    if (session === 'IKCLite' && !awaited && this.#lite !== undefined) this.#await(state, this.#lite.responded(state));
  }

  async received({ message }: Said): Promise<void> {
    const error = errorOf(message);
    const { state } = eventOf(message);
    const refused = this.#posted.findIndex((event) => error?.text.includes(`.  Request ${event} sent by `));
    if (refused >= 0) {
      // Perl's fails what comes to wait next.
      this.notes.add('our ClientLite tells of errors of posts apart from what it waits for');
      this.#posted.splice(refused, 1);
      const text = this.#options.bindings.text(error?.text ?? '');
      await this.#options.play.patience.until(() => (this.#errors.includes(text) ? true : undefined));
      return;
    }
    const index = error === undefined ? this.#waiting.findIndex((waiting) => waiting.state === state) : 0;
    const [waiting] = this.#waiting.splice(index, 1);
    if (waiting === undefined) throw new Error(`nobody awaits ${state}`);
    const found = await this.#options.play.patience.promise(waiting.answer);
    const params = at(message, 'params');
    if (error !== undefined) {
      const expected = this.#options.bindings.text(error.text);
      const text = this.#lite?.error();
      if (found !== undefined || text !== expected) throw new Error(`expected the error '${expected}', got '${text}'`);
    } else if (state === 'pong') {
      if (found !== (params === 'PONG'))
        throw new Error(`expected ping to tell of ${shown(params)}, got ${shown(found)}`);
    } else if (!same(plainValue(found), params)) {
      throw new Error(`expected the answer ${shown(params)}, got ${shown(plainValue(found))}`);
    }
  }

  async finish(): Promise<void> {}

  async stop(): Promise<void> {
    this.#lite?.disconnect();
    await this.#spawned;
  }
}

function built(node: NeutralNode | undefined): unknown {
  return node === undefined ? null : fromNeutral(node);
}

/** The event of this client that a request's value names as the place for the answer, if it does. */
function responseIn(params: Plain): string | undefined {
  const rsvp = Array.isArray(params) && params.length === 2 ? (params[1] as Plain) : null;
  const state = at(rsvp, 'state');
  return at(rsvp, 'session') === 'IKCLite' && typeof state === 'string' ? state : undefined;
}
