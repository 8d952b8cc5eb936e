import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel, PoeUsageError } from 'poe-kernel';
import { Client, ClientLite, Server } from 'poe-kernel/ikc';

/** What a program without types may pass. */
const thaw = { strings: 'exact' } as never;

function refused(error: unknown): boolean {
  return error instanceof PoeUsageError && error.code === 'POE_ERR_IKC_PARAMETER' && /'exact'/.test(error.message);
}

test('Server, Client and ClientLite refuse strings in which the names of a message could not be read', async () => {
  const kernel = new Kernel();
  assert.throws(() => Server.spawn({ kernel, port: 0, thaw }), refused);
  assert.throws(() => Client.spawn({ kernel, port: 1, thaw }), refused);
  await assert.rejects(ClientLite.spawn({ port: 1, thaw }), refused);
});
