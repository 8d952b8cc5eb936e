import { type KernelView, list, Session } from 'poe-kernel';
import { typeWord } from './type-word.ts';

/** The events of the session `interop`, all published. */
export const INTEROP_EVENTS: readonly string[] = [
  ...['echo', 'add', 'list', 'nothing', 'fail', 'type', 'sink', 'count', 'reset', 'relay', 'reply_sender'],
  ...['multi', 'last_multi', 'slow', 'blob', 'ask_client', 'asked', 'seen', 'forget', 'report', 'done'],
];

/** What an event returns that is not answered, in list context either: `nothing` returns undef, which is answered there. */
const NO_ANSWER = list();

/** Told when the client program says that it is done: what it has reported, and what it has answered to our part. */
export type OnDone = (reported: unknown[], played: unknown[]) => void;

/**
 * Makes the sessions of the interop contract: `interop`, `private` with its unpublished event, and `ghost`, which is
 * published but does not exist. They end with the responder. IKC must be there already.
 */
export function spawnInteropSessions(kernel: KernelView, onDone: OnDone = () => {}): void {
  spawnInterop(kernel, onDone);
  spawnPrivate(kernel);
}

function spawnInterop(kernel: KernelView, onDone: OnDone): void {
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel, heap }) {
        kernel.aliasSet('interop');
        Object.assign(heap, { count: 0, multi: [], asked: [], seen: [], reported: [], played: [] });
        kernel.call('IKC', 'publish', 'interop', INTEROP_EVENTS);
        kernel.call('IKC', 'monitor', '*', {
          register: 'on_register',
          unregister: 'on_unregister',
          channel: 'on_channel',
          error: 'on_error',
          shutdown: 'leave',
        });
      },
      leave: ({ kernel }) => kernel.aliasRemove('interop'),

      echo: (_, x) => x ?? null,
      add: (_, [a, b]) => sum(a, b),
      list: ({ wantarray }, n) =>
        wantarray ? list(...Array.from({ length: Number(numberOf(n)) }, (_, i) => i + 1)) : n,
      nothing: () => null,
      fail(_, message) {
        throw new Error(message ?? '');
      },
      type: (_, value) => typeWord(value),
      sink({ heap }) {
        heap.count++;
        return NO_ANSWER;
      },
      count: ({ heap }) => heap.count,
      reset({ heap }) {
        Object.assign(heap, { count: 0, multi: [], asked: [] });
        return 1;
      },
      relay: ({ kernel }, [specifier, value]) => kernel.call('IKC', 'post', specifier, value),
      reply_sender({ kernel, sender }, x) {
        kernel.post(sender, 'answer', x);
        return NO_ANSWER;
      },
      multi({ heap }, ...args) {
        heap.multi = args;
        return NO_ANSWER;
      },
      last_multi: ({ heap }) => heap.multi,
      slow({ kernel }, [[milliseconds, x], rsvp]) {
        kernel.delayAdd('slow_done', Number(milliseconds) / 1000, x, rsvp);
        return NO_ANSWER;
      },
      slow_done: ({ kernel }, x, rsvp) => kernel.post('IKC', 'post', rsvp, x),
      blob: (_, n) => 'x'.repeat(Math.max(0, Number(numberOf(n)))),
      ask_client({ kernel }, [specifier, value]) {
        kernel.post('IKC', 'call', specifier, value, 'poe:client_answer');
        return 1;
      },
      client_answer: ({ heap }, value) => heap.asked.push(value),
      asked: ({ heap }) => heap.asked,
      seen: ({ heap }) => heap.seen,
      forget({ heap }) {
        heap.seen = [];
        return 1;
      },
      report({ heap }, report) {
        heap.reported.push(report);
        return NO_ANSWER;
      },
      done({ heap }) {
        onDone(heap.reported, heap.played);
        Object.assign(heap, { reported: [], played: [] });
        return NO_ANSWER;
      },

      on_register({ kernel, heap }, _name, who, real) {
        heap.seen.push(['register', who, real ?? 0]);
        // The client program works through its script while we play our part in it.
        if (who === 'InteropClient') kernel.yield('play');
      },
      play({ kernel }) {
        const me = 'poe://InteropClient/me';
        kernel.post('IKC', 'call', `${me}/double`, 21, 'poe:play_answer');
        kernel.post('IKC', 'call', 'poe://ClientAlias/me/double', 4, 'poe:play_answer');
        for (const note of ['one', 'two', 'three']) kernel.post('IKC', 'post', `${me}/note`, note);
        kernel.post('IKC', 'post', `${me}/hidden`, 'x');
        kernel.post('IKC', 'post', 'poe://InteropClient/nowhere/x', 'x');
        kernel.post('IKC', 'post', `${me}/fail`, 'boom');
        kernel.post('IKC', 'call', `${me}/noted`, null, 'poe:play_answer');
        kernel.post('IKC', 'post', `${me}/finish`, 'the end');
      },
      play_answer: ({ heap }, value) => heap.played.push(value),
      on_unregister: ({ heap }, _name, who, real) => heap.seen.push(['unregister', who, real ?? 0]),
      on_channel: ({ heap }, _name, who, real, _data, what) => heap.seen.push(['channel', who, real ?? 0, what]),
      on_error: ({ heap }, _name, who, real, _data, operation, text) =>
        heap.seen.push(['error', who, real ?? 0, operation, text]),
    },
  });
}

/** The number that a value counts as in Perl: text counts as the number that it begins with. */
function numberOf(value: unknown): number | bigint {
  const digits = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
  const [, sign, text = '0'] = new RegExp(`^\\s*([-+]?)(inf|nan|${digits})`, 'i').exec(String(value ?? '')) ?? [];
  const exact = /^\d+$/.test(text) && !Number.isSafeInteger(Number(text)) ? BigInt(text) : undefined;
  const size = exact ?? (/^inf/i.test(text) ? Number.POSITIVE_INFINITY : Number(text));
  return sign === '-' ? -size : size;
}

/** As Perl adds: integers of 64 bits are exact. */
function sum(a: unknown, b: unknown): number | bigint {
  const [x, y] = [numberOf(a), numberOf(b)];
  const inexact = Number(x) + Number(y);
  if (Number.isSafeInteger(inexact) || ![x, y].every((term) => Number.isInteger(Number(term)))) return inexact;
  const exact = BigInt(x) + BigInt(y);
  return BigInt.asIntN(64, exact) === exact || BigInt.asUintN(64, exact) === exact ? exact : inexact;
}

function spawnPrivate(kernel: KernelView): void {
  Session.create({
    kernel,
    inlineStates: {
      _start({ kernel }) {
        kernel.aliasSet('private');
        kernel.call('IKC', 'publish', 'private', ['ok']);
        kernel.call('IKC', 'publish', 'ghost', ['boo']);
        kernel.call('IKC', 'monitor', '*', { shutdown: 'leave' });
      },
      leave: ({ kernel }) => kernel.aliasRemove('private'),
      ok: () => 'fine',
      secret: () => 'must not be reached',
    },
  });
}
