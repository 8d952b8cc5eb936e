import { parseArgs } from 'node:util';
import type { Protocol } from 'poe-kernel/ikc';

/** Where an interop program listens or connects, and how it shakes hands. */
export interface InteropOptions {
  host: string;
  port: number;
  unix: string | undefined;
  protocol: Protocol;
}

/** Reads the command line of an interop program; a mistake ends it with status 2. */
export function interopOptions(): InteropOptions {
  try {
    const { values } = parseArgs({
      options: {
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '0' },
        unix: { type: 'string' },
        protocol: { type: 'string', default: 'IKC0' },
      },
    });
    if (values.protocol !== 'IKC' && values.protocol !== 'IKC0') throw new Error('--protocol is IKC or IKC0');
    if (!/^\d+$/.test(values.port)) throw new Error('--port is a number');
    return { host: values.host, port: Number(values.port), unix: values.unix, protocol: values.protocol };
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}
