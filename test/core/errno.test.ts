import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { test } from 'node:test';
import { errnoFailure, errnoNumber, errnoText, systemError } from 'poe-kernel';
import { fixture } from '../helpers/fixture.ts';

const recorded = JSON.parse(readFileSync(fixture('core/errno.json'), 'utf8')) as Record<string, [number, string]>;

test('errnoText() says what Perl has in $!, for every errno that Node knows', {
  skip: process.platform !== 'linux',
}, () => {
  for (const [name, number] of Object.entries(constants.errno)) {
    assert.deepEqual([errnoNumber(name), errnoText(name)], recorded[name], name);
    assert.equal(errnoNumber(name), number);
  }
});

test('errnoText() gives the name of what nobody knows, and errnoNumber() 0', () => {
  assert.equal(errnoText('ENOSUCHTHING'), 'ENOSUCHTHING');
  assert.equal(errnoNumber('ENOSUCHTHING'), 0);
});

test('systemError() takes the code of what Node throws', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED', errno: -111 });
  assert.deepEqual(systemError('connect', refused), errnoFailure('connect', 'ECONNREFUSED'));
  assert.equal(errnoFailure('connect', 'ECONNREFUSED').message, 'Connection refused');
});

test('systemError() makes EIO with the text of what has no code of the system', () => {
  const odd = Object.assign(new Error('bad certificate'), { code: 'ERR_TLS_CERT' });
  assert.deepEqual(systemError('read', odd), {
    operation: 'read',
    errno: constants.errno.EIO,
    message: 'bad certificate',
  });
  assert.equal(systemError('read', 'thrown text').message, 'thrown text');
  assert.equal(systemError('read', undefined).message, 'undefined');
});
