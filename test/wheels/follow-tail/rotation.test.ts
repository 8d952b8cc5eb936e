import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom, type SimulatedWriter } from 'poe-kernel/testing';
import { fc } from '../../helpers/property.ts';
import { LOG, TailedLog } from '../../helpers/tail.ts';

/** A tail of a log whose writer has it open, and has written a line. */
async function begin(): Promise<TailedLog & { writer: SimulatedWriter }> {
  const t = new TailedLog({}, (files) => files.append(LOG));
  const writer = t.files.writer(LOG);
  writer.append('1\n');
  assert.deepEqual(await t.after(), ['1']);
  return Object.assign(t, { writer });
}

describe('FollowTail and a writer whose log is rotated', () => {
  it('brings what was written between its last look and the rename', async () => {
    const t = await begin();
    t.writer.append('2\n');
    t.files.rename(LOG, `${LOG}.1`);
    t.files.append(LOG, '3\n');
    assert.deepEqual(await t.after(), ['2', 'reset', '3']);
    assert.equal(t.files.openDescriptors, 1);
    await t.end();
  });

  it('brings what is written to the old file while there is no new one', async () => {
    const t = await begin();
    t.files.rename(LOG, `${LOG}.1`);
    assert.deepEqual(await t.after(3), []);
    t.writer.append('2\n');
    assert.deepEqual(await t.after(), ['2']);
    t.writer.append('3\n');
    t.files.append(LOG, '4\n');
    assert.deepEqual(await t.after(), ['3', 'reset', '4']);
    await t.end();
  });

  it('brings what is written to the old file until the new one has something in it, after its reset', async () => {
    const t = await begin();
    t.files.rename(LOG, `${LOG}.1`);
    t.files.append(LOG);
    assert.deepEqual(await t.after(), ['reset']);
    assert.equal(t.tail.tell(), 0);
    t.writer.append('2\n');
    assert.deepEqual(await t.after(), ['2']);
    t.writer.append('3\n');
    t.files.append(LOG, '4\n');
    assert.deepEqual(await t.after(), ['3', '4']);
    assert.equal(t.files.openDescriptors, 1);
    await t.end();
  });

  it('brings it from a file that was unlinked, too', async () => {
    const t = await begin();
    t.files.unlink(LOG);
    t.writer.append('2\n');
    assert.deepEqual(await t.after(), ['2']);
    t.files.append(LOG, '3\n');
    assert.deepEqual(await t.after(), ['reset', '3']);
    await t.end();
  });

  it('follows a file that was renamed over the log', async () => {
    const t = await begin();
    t.files.append(`${LOG}.new`, '2\n3\n');
    t.files.rename(`${LOG}.new`, LOG);
    assert.deepEqual(await t.after(), ['reset', '2', '3']);
    await t.end();
  });

  it('goes on with a file that gets its name back from an empty one', async () => {
    const t = await begin();
    t.files.rename(LOG, `${LOG}.1`);
    t.files.append(LOG);
    assert.deepEqual(await t.after(), ['reset']);
    t.files.rename(`${LOG}.1`, LOG);
    t.writer.append('2\n');
    assert.deepEqual(await t.after(), ['2']);
    assert.equal(t.tail.tell(), 4);
    await t.after();
    assert.equal(t.files.openDescriptors, 1);
    await t.end();
  });

  it('waits for the writer through many rotations, with few files open', async () => {
    const t = await begin();
    for (let rotation = 1; rotation <= 20; rotation++) {
      t.files.rename(LOG, `${LOG}.${rotation}`);
      t.files.append(LOG);
      assert.deepEqual(await t.after(), ['reset']);
    }
    assert.equal(t.files.openDescriptors, 8);
    t.writer.append('2\n');
    t.files.append(LOG, '3\n');
    assert.deepEqual(await t.after(), ['2', '3']);
    assert.equal(t.files.openDescriptors, 1);
    await t.end();
  });

  it('keeps a line whole that the writer begins in one file and ends in the next, as POE does', async () => {
    const t = await begin();
    t.writer.append('half');
    t.files.rename(LOG, `${LOG}.1`);
    t.files.append(LOG, 'rest\n');
    assert.deepEqual(await t.after(), ['reset', 'halfrest']);
    await t.end();
  });

  it('brings every line once and in order, whatever happens to the log', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 10, max: 60 }), async (seed, steps) => {
        const t = new TailedLog({}, (files) => files.append(LOG));
        const lines = (came: readonly string[]): string[] => came.filter((line) => line !== 'reset');
        const world = new RotatedLog(t, new SeededRandom(seed));
        const got: string[] = [];
        for (let step = 0; step < steps; step++) got.push(...lines(await world.step()));
        got.push(...lines(await world.last()));
        assert.deepEqual(got, world.written);
        assert.equal(t.files.openDescriptors, 1);
        await t.end();
        assert.equal(t.files.openDescriptors, 0);
      }),
      { numRuns: 300 },
    );
  });
});

/** A writer that opens its log anew when it likes, and somebody who rotates that log in every way there is. */
class RotatedLog {
  readonly written: string[] = [];
  readonly #t: TailedLog;
  readonly #random: SeededRandom;
  #writer: SimulatedWriter;
  #rotations = 0;
  /** The file of that name has been there at a look. Nobody could know of one that comes and goes between two looks. */
  #seen = true;
  /** A line of which a piece has been written. */
  #rest = '';

  constructor(t: TailedLog, random: SeededRandom) {
    this.#t = t;
    this.#random = random;
    this.#writer = t.files.writer(LOG);
  }

  async step(): Promise<string[]> {
    const { files } = this.#t;
    const exists = files.text(LOG) !== undefined;
    switch (this.#random.below(9)) {
      case 0:
      case 1:
        return this.#look();
      case 2:
        this.#write(this.#random.below(200));
        return [];
      case 3:
        this.#finishLine();
        this.#rest = this.#newLine();
        this.#writer.append(this.#rest.slice(0, 2));
        this.#rest = this.#rest.slice(2);
        return [];
      case 4: {
        const came = this.#seen ? [] : await this.#look();
        if (exists) files.rename(LOG, `${LOG}.${++this.#rotations}`);
        return came;
      }
      case 5: {
        const came = this.#seen ? [] : await this.#look();
        if (exists) files.unlink(LOG);
        return came;
      }
      case 6:
        if (!exists) this.#create();
        return [];
      case 7:
        if (!exists) this.#create();
        this.#writer = files.writer(LOG);
        return [];
      default: {
        // Who copies and truncates loses what comes in between: the writer pauses meanwhile, and the tail looks.
        const came = await this.#look();
        if (exists) files.truncate(LOG);
        return came;
      }
    }
  }

  /** Everything is written to the newest file at last. */
  async last(): Promise<string[]> {
    if (this.#t.files.text(LOG) === undefined) this.#create();
    this.#writer = this.#t.files.writer(LOG);
    this.#write(1);
    return [...(await this.#look()), ...(await this.#look())];
  }

  #look(): Promise<string[]> {
    this.#seen = true;
    return this.#t.after(1);
  }

  #create(): void {
    this.#seen = false;
    this.#t.files.append(LOG);
  }

  #newLine(): string {
    const line = `line ${this.written.length} ${'x'.repeat(this.#random.below(50))}`;
    this.written.push(line);
    return `${line}\n`;
  }

  #finishLine(): void {
    this.#writer.append(this.#rest);
    this.#rest = '';
  }

  #write(count: number): void {
    this.#finishLine();
    for (let left = count; left > 0; left--) this.#writer.append(this.#newLine());
  }
}
