/**
 * Writes log files and rotates them in every way there is, as fast as it is told to. Run by `tails.ts` and by the tests as a process of
 * its own, so that nothing is in step with who follows the files.
 *
 * It is told how many lines of each file have come. A file is rotated only once a line of it has: nobody can know of a file that
 * came and went between two looks. It is cut off only once all of it has: who cuts off what has not been read loses it.
 */
import fs from 'node:fs';
import { SeededRandom } from 'poe-kernel/testing';
import type { FromWriter, ToWriter, WriterOptions } from '../helpers/tails.ts';

const options = JSON.parse(process.argv[2] as string) as WriterOptions;
const random = new SeededRandom(options.seed);
const TICK_MS = 10;
const FILLING = 'x'.repeat(60);

class RotatingFile {
  readonly path: string;
  received = 0;
  written = 0;
  rotations = 0;
  #descriptor: number;
  /** What had been written when the file that is written to was opened. */
  #writtenBefore = 0;
  /** A way to rotate it that waits for all lines to come. */
  #cutting = false;
  /** The writer goes on with the old file for so many more ticks, and then opens the new one. */
  #reopensIn = -1;
  #nextRotation: number;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = fs.openSync(path, 'a');
    this.#nextRotation = random.number() * options.period;
  }

  get done(): boolean {
    return this.rotations >= options.rotations && this.#reopensIn < 0 && !this.#cutting;
  }

  write(lines: number): void {
    if (this.#cutting) return;
    let text = '';
    for (let left = lines; left > 0; left--) text += `${this.written++} ${FILLING.slice(0, random.below(60))}\n`;
    fs.writeSync(this.#descriptor, text);
  }

  tick(now: number): void {
    if (this.#cutting && this.received === this.written) this.#cut();
    if (this.#reopensIn >= 0 && this.#reopensIn-- === 0) this.#reopen();
    const due = this.rotations < options.rotations && now >= this.#nextRotation;
    if (due && !this.#cutting && this.#reopensIn < 0 && this.received > this.#writtenBefore) this.#rotate(now);
  }

  #rotate(now: number): void {
    this.rotations++;
    this.#nextRotation = now + options.period;
    const way = random.below(4);
    if (way === 0) {
      this.#cutting = true;
      return;
    }
    if (way === 1) fs.unlinkSync(this.path);
    else fs.renameSync(this.path, `${this.path}.1`);
    // As logrotate does with its option "create": the new file is there before the writer knows of it.
    if (way === 2) fs.closeSync(fs.openSync(this.path, 'a'));
    this.#reopensIn = random.below(30);
  }

  #cut(): void {
    this.#cutting = false;
    fs.copyFileSync(this.path, `${this.path}.copy`);
    fs.ftruncateSync(this.#descriptor);
    this.#writtenBefore = this.written;
  }

  #reopen(): void {
    fs.closeSync(this.#descriptor);
    this.#descriptor = fs.openSync(this.path, 'a');
    this.#writtenBefore = this.written;
  }
}

const files = options.paths.map((path) => new RotatingFile(path));
process.on('message', ({ received }: ToWriter) => {
  for (const [place, file] of files.entries()) file.received = received[place] as number;
});
process.on('disconnect', () => process.exit());

const start = performance.now();
let last = start;
const timer = setInterval(() => {
  const now = performance.now();
  const lines = Math.min(((now - last) / 1000) * options.rate, options.rate / 10);
  last = now;
  const share = Math.ceil((lines / files.length) * 4);
  for (const file of files) {
    // Each in turn writes much or nothing.
    if (random.below(4) === 0) file.write(share);
    file.tick((now - start) / 1000);
  }
  if (!files.every((file) => file.done)) return;
  clearInterval(timer);
  for (const file of files) file.write(1);
  process.send?.({ written: files.map((file) => file.written) } satisfies FromWriter);
}, TICK_MS);
