import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseServices, servicePort } from '../../../core/host/services.ts';

test('servicePort() knows well-known services by protocol', () => {
  assert.deepEqual(
    [servicePort('http', 'tcp'), servicePort('domain', 'udp'), servicePort('tftp', 'udp'), servicePort('tftp', 'tcp')],
    [80, 53, 69, undefined],
  );
  assert.equal(servicePort('no-such-service', 'tcp'), undefined);
  assert.equal(servicePort('__proto__', 'tcp'), undefined);
});

test('parseServices() reads names, other names and comments, takes the first of two, and skips the rest', () => {
  const found = parseServices(`
# a comment
http\t\t80/tcp\t\twww web # WorldWideWeb
http 8080/tcp
  echo 7/udp
broken 99999999/tcp
half
nothing/tcp 5
`);
  assert.deepEqual(
    [...found],
    [
      ['http/tcp', 80],
      ['www/tcp', 80],
      ['web/tcp', 80],
      ['echo/udp', 7],
    ],
  );
});
