import { kernel as defaultKernel, Session } from 'poe-kernel';

/**
 * A session that counts what it is told.
 *
 * Events: `add` with a number, `report` with the name of an event of the sender, which is posted the sum, and `shutdown`.
 *
 * @example
 * Skeleton.spawn({ alias: 'sum' });
 * kernel.post('sum', 'add', 5);
 * kernel.post('sum', 'report', 'gotSum');
 */
export const Skeleton = Object.freeze({
  /** Makes the session and returns its ID. */
  spawn({ kernel = defaultKernel, alias = 'skeleton' } = {}) {
    const session = Session.create({
      kernel,
      heap: { sum: 0 },
      inlineStates: {
        _start({ kernel }) {
          kernel.aliasSet(alias);
        },
        add({ heap }, amount) {
          heap.sum += amount;
        },
        report({ kernel, heap, sender }, event) {
          kernel.post(sender, event, heap.sum);
        },
        shutdown({ kernel }) {
          kernel.aliasRemove(alias);
        },
      },
    });
    return session.id;
  },
});
