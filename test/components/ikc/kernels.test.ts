import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Kernels } from '../../../components/ikc/kernels.ts';
import { type Link, namesOf } from '../../../components/ikc/link.ts';

function makeLink(isLocal = false): Link {
  return {
    sessionId: 1,
    realName: '',
    aliases: [],
    isLocal,
    isOpen: true,
    claims: () => false,
    send: () => true,
    close: () => {},
  };
}

/** Registers, and holds the warning about a name in use back. */
function registered(kernels: Kernels, ...names: [string, ...string[]]): Link {
  const link = makeLink();
  kernels.begin(link);
  const [realName, ...aliases] = names;
  assert.equal(kernels.register(link, realName, aliases), true);
  return link;
}

describe('Kernels', () => {
  test('find() knows a link by all its names', () => {
    const kernels = new Kernels();
    const link = registered(kernels, 'ID', 'Name', 'Alias');
    for (const name of ['ID', 'Name', 'Alias']) assert.equal(kernels.find(name), link);
    assert.deepEqual(namesOf(link), ['ID', 'Name', 'Alias']);
    assert.equal(kernels.find('Other'), undefined);
    assert.equal(kernels.isRealName('ID'), true);
    assert.equal(kernels.isRealName('Name'), false);
    assert.equal(kernels.isRegistered(link), true);
  });

  test('register() leaves names that are taken with their owners', () => {
    const kernels = new Kernels();
    const first = registered(kernels, 'One', 'Shared', 'Shared');
    const second = registered(kernels, 'Two', 'Shared', 'One', 'Own');
    assert.deepEqual(namesOf(first), ['One', 'Shared']);
    assert.deepEqual(namesOf(second), ['Two', 'Own']);
    assert.deepEqual(kernels.unregister(second), ['Two', 'Own']);
    assert.equal(kernels.find('Shared'), first);
    assert.equal(kernels.find('Own'), undefined);
    assert.deepEqual(kernels.unregister(second), []);
  });

  test('register() refuses a real name that is taken, be it as an alias', () => {
    const kernels = new Kernels();
    const first = registered(kernels, 'One', 'Alias');
    for (const name of ['One', 'Alias']) {
      const newcomer = makeLink();
      kernels.begin(newcomer);
      assert.equal(kernels.register(newcomer, name, ['Free']), false);
      assert.equal(kernels.isRegistered(newcomer), false);
      assert.equal(kernels.find('Free'), undefined);
      assert.ok(kernels.all().includes(newcomer));
      assert.deepEqual(kernels.unregister(newcomer), []);
      assert.equal(kernels.all().includes(newcomer), false);
    }
    assert.equal(kernels.find('One'), first);
  });

  test('select() means all for *, and the default kernel for no name', () => {
    const kernels = new Kernels();
    assert.deepEqual(kernels.select('*'), []);
    assert.deepEqual(kernels.select(''), []);
    const local = makeLink(true);
    kernels.register(local, 'Me', []);
    assert.equal(kernels.hasDefault, false);
    const [first, second] = [registered(kernels, 'One'), registered(kernels, 'Two')];
    assert.deepEqual(kernels.select('*'), [local, first, second]);
    assert.deepEqual(kernels.select(''), [first]);
    assert.equal(kernels.setDefault('Two'), true);
    assert.deepEqual(kernels.select(''), [second]);
    assert.equal(kernels.setDefault('Nobody'), false);
    kernels.unregister(second);
    assert.equal(kernels.hasDefault, false);
    const third = registered(kernels, 'Three');
    assert.deepEqual(kernels.select(''), [third]);
  });

  test('names like those of objects are names', () => {
    const kernels = new Kernels();
    for (const name of ['__proto__', 'constructor', 'toString']) assert.equal(kernels.find(name), undefined);
    const link = registered(kernels, '__proto__', 'constructor');
    assert.equal(kernels.find('constructor'), link);
    assert.deepEqual(kernels.unregister(link), ['__proto__', 'constructor']);
  });
});
