/** Asks as cheaply as can be, so that it is the server that is measured: the same frames again and again over a bare socket. */
import { once } from 'node:events';
import net from 'node:net';
import { Reference } from 'poe-kernel/wheels';

const ADDRESS = '127.0.0.1';
const NUL = 0;
/** Most that is in flight over one connection. */
const WINDOW = 64;

/** One call as a frame, and what tells whether the first answer is one. */
interface Question {
  frame: Buffer;
  isAnswer(frame: Buffer): boolean;
}

/** A connection over which one call is made over and over. */
export class Load {
  readonly #socket: net.Socket;
  readonly #frames: Buffer;
  readonly #question: Question;
  /** Octets of an answer, which are the same for all; 0 before the first. */
  #answer = 0;
  #rest: Buffer = Buffer.alloc(0);
  #toSend = 0;
  #toCome = 0;
  #done: () => void = () => {};
  #failed: (error: Error) => void = () => {};

  private constructor(socket: net.Socket, question: Question) {
    this.#socket = socket;
    this.#question = question;
    this.#frames = Buffer.concat(Array.from({ length: WINDOW }, () => question.frame));
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#failed(error));
    socket.on('close', () => this.#failed(new Error('closed')));
  }

  /** To an IKC server: calls the state of the session `bench` in the kernel `Bench`. */
  static async ofIkc(port: number, name: string, state: string, params: unknown): Promise<Load> {
    const socket = await connect(port);
    socket.write(`SETUP KERNEL=${name};FREEZER=Storable;PID=1\r\n`);
    const [line] = await once(socket, 'data');
    if (!/^SETUP [^\n]*\n$/.test(String(line))) throw new Error(`the handshake was answered by ${line}`);
    const event = { kernel: 'Bench', session: 'bench', state };
    const rsvp = { kernel: name, session: 'load', state: 'answer' };
    const [frame] = new Reference().put([{ event, params, rsvp }]) as [Buffer];
    return new Load(socket, { frame, isAnswer: (answer) => answer.includes('answer') });
  }

  /** To a server of JSON behind its length. */
  static async ofJson(port: number, event: string, params: unknown): Promise<Load> {
    const text = JSON.stringify({ id: 1, event, params });
    const frame = Buffer.from(`${text.length}\0${text}`);
    return new Load(await connect(port), { frame, isAnswer: (answer) => answer.includes('"id":1') });
  }

  /** Makes so many calls, of which so many are in flight, and waits for all answers. */
  ask(count: number, inFlight: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      this.#toCome = count;
      this.#toSend = count;
      this.#send(inFlight);
    });
  }

  close(): void {
    this.#failed = () => {};
    this.#socket.destroy();
  }

  #send(calls: number): void {
    const some = Math.min(calls, this.#toSend, WINDOW);
    if (some === 0) return;
    this.#toSend -= some;
    this.#socket.write(this.#frames.subarray(0, some * this.#question.frame.length));
  }

  #read(chunk: Buffer): void {
    let octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#answer === 0) {
      const nul = octets.indexOf(NUL);
      const length = nul < 0 ? Number.NaN : nul + 1 + Number(octets.toString('latin1', 0, nul));
      if (octets.length >= length) {
        if (!this.#question.isAnswer(octets.subarray(0, length))) this.#failed(new Error('the answer is none'));
        this.#answer = length;
      }
    }
    const answers = this.#answer === 0 ? 0 : Math.floor(octets.length / this.#answer);
    octets = octets.subarray(answers * this.#answer);
    this.#rest = octets;
    this.#toCome -= answers;
    if (this.#toCome <= 0) this.#done();
    else this.#send(answers);
  }
}

async function connect(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: ADDRESS, noDelay: true });
  await once(socket, 'connect');
  return socket;
}
