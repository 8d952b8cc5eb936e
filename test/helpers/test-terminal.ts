import { PassThrough, Writable } from 'node:stream';
import { Screen } from './screen.ts';

/** A terminal in memory: what is typed on it, what it shows, and whether it was in raw mode. */
export class TestTerminal {
  readonly input: PassThrough & { setRawMode(raw: boolean): void };
  readonly output: Writable & { columns: number; rows: number };
  readonly screen: Screen;
  /** Everything that was written to it. */
  written = '';
  /** The modes it was put in, one after the other. */
  readonly raw: boolean[] = [];

  constructor(columns = 40, rows = 10) {
    this.screen = new Screen(columns, rows);
    this.input = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => void this.raw.push(raw) });
    const output = new Writable({
      decodeStrings: false,
      write: (text: string, _, done) => {
        this.written += text;
        this.screen.write(text);
        done();
      },
    });
    this.output = Object.assign(output, { columns, rows });
  }

  type(keys: string | Uint8Array): void {
    this.input.write(keys);
  }

  /** What is on the screen, up to the last row that has something. */
  get shown(): string[] {
    const { lines } = this.screen;
    const last = lines.findLastIndex((line) => line !== '');
    return lines.slice(0, last + 1);
  }

  /** What has been written since the last call. */
  news(): string {
    const { written } = this;
    this.written = '';
    return written;
  }

  /** Listeners that somebody has left on the streams, beside their own. */
  get listeners(): string[] {
    const fresh = new TestTerminal();
    const left = (stream: PassThrough | Writable, like: PassThrough | Writable): string[] =>
      ['data', 'end', 'close', 'error', 'readable', 'resize'].filter(
        (name) => stream.listenerCount(name) > like.listenerCount(name),
      );
    return [...left(this.input, fresh.input), ...left(this.output, fresh.output)];
  }
}
