/** Clients of ours that talk to a server of the interop contract. */
import assert from 'node:assert/strict';
import { Kernel } from 'poe-kernel';
import { Client, ClientLite, Responder } from 'poe-kernel/ikc';
import type { Address } from '../helpers/interop.ts';

/** The session of the contract. */
export const S = 'poe://Interop/interop';
/** Seconds: the machine may be busy. */
export const PATIENCE = 60;

function place({ unix, port }: Address): { unix: string } | { ip: string; port: number } {
  return unix === undefined ? { ip: '127.0.0.1', port: port as number } : { unix };
}

/** A ClientLite of ours. */
export async function withLite<T>(
  address: Address,
  options: object,
  act: (lite: ClientLite) => Promise<T>,
): Promise<T> {
  const lite = await ClientLite.spawn({ ...place(address), timeout: PATIENCE, ...options });
  assert.ok(lite, ClientLite.error());
  try {
    return await act(lite);
  } finally {
    lite.disconnect();
  }
}

/** A client of ours with a kernel of its own. */
export async function withClient<T>(
  address: Address,
  options: object,
  act: (ikc: Responder) => Promise<T>,
): Promise<T> {
  const kernel = new Kernel();
  const ikc = Responder.spawn({ kernel });
  const connected = new Promise<void>((resolve, reject) => {
    Client.spawn({
      kernel,
      ...place(address),
      ...options,
      onConnect: () => resolve(),
      onError: (operation, _errno, text) => reject(new Error(`${operation}: ${text}`)),
    });
  });
  const running = kernel.run();
  try {
    await connected;
    return await act(ikc);
  } finally {
    ikc.shutdown();
    await running;
  }
}
