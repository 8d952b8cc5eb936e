import { PoeDataError } from '../../../core/errors.ts';
import type { ClassCodec } from './freezer.ts';
import { type Blessable, blessed, PerlRef } from './perl-values.ts';

type Container = Blessable & Record<PropertyKey, unknown>;

/** A place that holds a reference. */
interface Slot {
  readonly holder: Container;
  readonly key: PropertyKey;
}

/** One container on the way from the root, with what is left of its children. */
interface Frame {
  readonly data: Container;
  readonly slot: Slot;
  readonly keys: readonly PropertyKey[];
  next: number;
  /** Places inside of the data that lead back to it; they are filled once the instance exists. */
  readonly cycles: Slot[];
}

/**
 * Replaces blessed data by instances of the registered classes, everywhere in a thawed value. Inner objects come first,
 * so that `revive` is given data whose parts are instances already. Only a part that leads back to the data itself is
 * filled in after `revive` has returned: a class whose objects hold themselves has to keep the data it is given, not a copy.
 *
 * @returns The value itself, or the instance that replaces it.
 * @throws PoeDataError `POE_ERR_THAW_REVIVE` if a class cannot make an instance of what was received.
 */
export function reviveClasses(value: unknown, classes: ReadonlyMap<string, ClassCodec>): unknown {
  const root = new PerlRef(value);
  const done = new Map<object, unknown>();
  const open = new Map<object, Frame>();
  const stack: Frame[] = [];

  const visit = (slot: Slot): void => {
    const data = slot.holder[slot.key];
    if (!isContainer(data)) return;
    if (done.has(data)) slot.holder[slot.key] = done.get(data);
    else if (open.has(data)) open.get(data)?.cycles.push(slot);
    else {
      const frame: Frame = { data, slot, keys: childKeys(data), next: 0, cycles: [] };
      open.set(data, frame);
      stack.push(frame);
    }
  };

  visit({ holder: root as unknown as Container, key: 'value' });
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const key = frame.keys[frame.next++];
    if (key !== undefined) {
      visit({ holder: frame.data, key });
      continue;
    }
    stack.pop();
    open.delete(frame.data);
    const instance = revive(frame.data, classes);
    done.set(frame.data, instance);
    for (const { holder, key } of [frame.slot, ...frame.cycles]) holder[key] = instance;
  }
  return root.value;
}

function revive(data: Container, classes: ReadonlyMap<string, ClassCodec>): unknown {
  const className = data[blessed];
  const codec = className === undefined ? undefined : classes.get(className);
  if (codec === undefined) return data;
  delete data[blessed];
  try {
    return codec.revive(data);
  } catch (cause) {
    throw new PoeDataError(
      'POE_ERR_THAW_REVIVE',
      `Cannot revive an object of the class '${className}': its codec threw`,
      {
        cause,
        hint: 'The data comes from a peer: let revive() accept anything, or throw to refuse the whole message',
      },
    );
  }
}

function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || value instanceof PerlRef || Object.getPrototypeOf(value) === null;
}

function childKeys(data: Container): PropertyKey[] {
  return data instanceof PerlRef ? ['value'] : Object.keys(data);
}
