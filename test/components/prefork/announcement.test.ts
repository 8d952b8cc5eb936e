import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Announcement, SocketKeys, withAnnouncement } from '../../../components/prefork/announcement.ts';
import { root } from '../../helpers/repository.ts';

test('SocketKeys, next() tells addresses apart, and the same address by the order', () => {
  const keys = new SocketKeys();
  const any = { family: 4, address: '127.0.0.1', port: 0 } as const;
  const found = [
    keys.next(any),
    keys.next({ ...any, port: 80 }),
    keys.next({ ...any, family: 6, address: '::1' }),
    keys.next({ family: 'unix', path: '/tmp/a' }),
    keys.peek(any),
    keys.next(any),
  ];
  assert.equal(new Set(found).size, 5);
  assert.equal(found[4], found[5]);
});

test('withAnnouncement() is read by the process that is started, and taken out of its environment', () => {
  const told: Announcement = {
    role: 'child',
    sockets: [{ key: 'unix /tmp/a#1', descriptor: 4, address: { family: 'unix', path: '/tmp/a' } }],
  };
  const module = pathToFileURL(join(root, 'dist/components/prefork/announcement.js')).href;
  const program = `import(${JSON.stringify(module)}).then(({ announcement }) =>
    console.log(JSON.stringify([announcement, Object.keys(process.env).some((name) => name.startsWith('POE_PREFORK'))])))`;
  const { stdout } = spawnSync(process.execPath, ['-e', program], {
    env: withAnnouncement(process.env, told),
    encoding: 'utf8',
  });
  assert.deepEqual(JSON.parse(stdout), [told, false]);
});
