import { PoeDataError } from '../../core/errors.ts';
import type { Freezer } from '../../wheels/filters/freezers/freezer.ts';

/** A freezer that a test can read: values as JSON. What it is given to thaw is kept in `thawed`. */
export class TextFreezer implements Freezer {
  readonly name = 'Text';
  readonly thawed: Uint8Array[] = [];

  freeze(value: unknown): Uint8Array {
    return Buffer.from(JSON.stringify(value));
  }

  thaw(octets: Uint8Array): unknown {
    this.thawed.push(octets);
    const text = Buffer.from(octets).toString();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new PoeDataError('POE_ERR_TEST', `Cannot thaw: ${text}`, { cause });
    }
  }
}
