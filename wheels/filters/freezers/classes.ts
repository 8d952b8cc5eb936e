import type { ClassCodec } from './freezer.ts';

/** A registered class as a freezer needs it: under which Perl name, and how. */
export interface RegisteredClass {
  readonly name: string;
  readonly codec: ClassCodec;
}

/** Finds the registered class of an instance: its own, or the nearest one that it inherits from. */
export class ClassIndex {
  readonly #byPrototype = new Map<unknown, RegisteredClass>();

  constructor(classes: ReadonlyMap<string, ClassCodec> = new Map()) {
    for (const [name, codec] of classes) this.#byPrototype.set(codec.type.prototype, { name, codec });
  }

  /** @returns Undefined if neither the class nor one above it is registered. */
  find(instance: object): RegisteredClass | undefined {
    if (this.#byPrototype.size === 0) return undefined;
    for (let link = Object.getPrototypeOf(instance); link !== null; link = Object.getPrototypeOf(link)) {
      const found = this.#byPrototype.get(link);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
