import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Kernel } from 'poe-kernel';
import { Client, type Responder, Server } from 'poe-kernel/ikc';
import { withPair } from '../../helpers/ikc-pair.ts';
import { IkcPeer } from '../../helpers/ikc-peer.ts';
import { until } from '../../helpers/ikc-server.ts';
import { root } from '../../helpers/repository.ts';

/** What gives each warning, in the kernel of a server or in that of its client. */
const CAUSES: Record<string, (place: { port: number; kernel: Kernel; ikc: Responder }) => unknown> = {
  POE_WARN_IKC_REQUEST: ({ ikc }) => ikc.post('poe://Test/app'),
  POE_WARN_IKC_RETRACT: ({ ikc }) => ikc.retract('unheard of'),
  POE_WARN_IKC_UNKNOWN_KERNEL: ({ ikc }) => ikc.default('Nobody'),
  POE_WARN_IKC_DEAD_LETTER: ({ ikc }) => ikc.post('poe://Nobody/some/event'),
  POE_WARN_IKC_UNSENT: ({ kernel }) => kernel.post('IKC', 'post', 'no/specifier/at/all'),
  POE_WARN_IKC_ERROR: ({ ikc }) => ikc.post('poe://Test/app/hidden'),
  POE_WARN_IKC_SUBSCRIPTION: ({ kernel }) => kernel.post('IKC', 'subscribe', 'poe://Test/hidden'),
  POE_WARN_IKC_OPEN: ({ kernel }) => Server.spawn({ kernel, ip: '0.0.0.0', port: 0, auth: 'none' }),
  POE_WARN_IKC_SERVER: ({ kernel, port }) => Server.spawn({ kernel, port }),
  POE_WARN_IKC_CLIENT: ({ kernel }) => Client.spawn({ kernel, unix: '/nowhere/at/all' }),
  POE_WARN_IKC_VERBOSE: ({ port }) => IkcPeer.greet({ port }, 'Visitor'),
  POE_WARN_IKC_NAME_TAKEN: ({ port }) => IkcPeer.greet({ port }, 'Mine'),
  async POE_WARN_IKC_ANONYMOUS({ port }) {
    const peer = await IkcPeer.greet({ port }, 'Anonymous');
    peer.send({ event: 'poe://Test/app/reply', params: 1 });
  },
  async POE_WARN_IKC_PEER_DROPPED({ port }) {
    const peer = await IkcPeer.greet({ port }, 'Mad');
    peer.write('no frame at all\0');
  },
  async POE_WARN_IKC_CHANNEL({ port }) {
    const peer = await IkcPeer.greet({ port }, 'Gone');
    peer.socket.resetAndDestroy();
  },
};

describe('warnings of IKC', () => {
  test('go through the hook `warn` of their kernel, which may keep them back', () =>
    withPair(
      async ({ server, kernel, ikc }) => {
        const told: string[] = [];
        for (const one of [kernel, server.kernel]) {
          one.hooks.warn.tap('test', (code) => {
            told.push(code);
            return false;
          });
        }
        // The pair has made its connection before.
        await new Promise((resolve) => setImmediate(resolve));
        server.warnings.length = 0;
        for (const [code, cause] of Object.entries(CAUSES)) {
          await cause({ port: server.port, kernel, ikc });
          await until(
            () => told.includes(code),
            () => `${code} is not among ${told}`,
          );
        }
        await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual(server.warnings.splice(0), []);
      },
      { server: { verbose: true } },
    ));

  test('all have a cause above', () => {
    const folder = join(root, 'components/ikc');
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    const codes = sources.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/'POE_WARN_\w+'/g) ?? []);
    assert.deepEqual(
      [...new Set(codes)].sort(),
      Object.keys(CAUSES)
        .map((code) => `'${code}'`)
        .sort(),
    );
  });
});
