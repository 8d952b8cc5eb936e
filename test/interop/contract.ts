/** What the client program of the interop contract reports, as a genuine server sees it; `ID` stands for the client's kernel. */
export const REPORTED: readonly (readonly [label: string, value: unknown])[] = [
  ['echo', 'hello'],
  ['echo-empty', ''],
  ['echo-deep', { list: [1, [2, { x: null }], 'three'], map: {} }],
  ['echo-text', '€uro'],
  ['echo-bytes', '\x00\x01\xfe\xff'],
  ['add', 42],
  ['list', 3],
  ['list-wanted', [1, 2, 3]],
  ['count', 100],
  ['type:int', 'int'],
  ['type:string', 'bytes'],
  ['type:text', 'text'],
  ['type:undef', 'undef'],
  ['type:array', 'array'],
  ['type:hash', 'hash'],
  ['type:ref', 'ref'],
  ['type:object', 'blessed:My::Class:hash'],
  ['type:big', 'bytes'],
  ['type:fraction', 'bytes'],
  ['multi', [1, 'two', [3]]],
  ['refused', 'Refused subscription poe://Interop/private/secret'],
  [
    'error',
    [
      "Session 'private' has not published state 'secret'.  Request poe://Interop/private/secret sent by poe://ID/me/IKC:proxy",
      'remote-check',
    ],
  ],
  ['failed', ['boom.  Request poe://Interop/interop/fail sent by poe://ID/me/IKC:proxy', 'remote-invocation']],
  ['nothing', 'silent'],
  ['slow', 'later'],
  ['blob', 1_048_576],
  ['answer', 'to the sender'],
  ['ping', 'PONG'],
  ['finish', 'the end'],
];

/** What the server gets for what it calls in the client program. */
export const PLAYED: readonly unknown[] = [42, 8, ['one', 'two', 'three']];

/** The errors that the server's monitors are told of, for what it does wrong on purpose. `ID` stands for the server's kernel. */
export const ERRORS: readonly (readonly [operation: string, text: string])[] = [
  [
    'remote-check',
    "Session 'me' has not published state 'hidden'.  Request poe://InteropClient/me/hidden sent by poe://ID/interop/IKC:proxy",
  ],
  [
    'remote-check',
    "Session 'nowhere' is not available for remote kernels.  Request poe://InteropClient/nowhere/x sent by poe://ID/interop/IKC:proxy",
  ],
  ['remote-invocation', 'boom.  Request poe://InteropClient/me/fail sent by poe://ID/interop/IKC:proxy'],
];

const KERNEL_ID = /\b[-.\w]+-[\da-f]{8}-[\da-f]{8}-[\da-f]{8}\b/g;

/** A value with every kernel's ID written as `ID`. */
export function withoutIds(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(KERNEL_ID, 'ID');
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutIds(each)]));
}
