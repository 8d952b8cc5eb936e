import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answersPings, type Beat, Heartbeat, readHeartbeat } from '../../../components/ikc/heartbeat.ts';

function looks(heartbeat: Heartbeat, heard: readonly boolean[]): Beat[] {
  return heard.map((something) => heartbeat.look(something));
}

describe('Heartbeat', () => {
  test('look() pings once an interval while nothing comes, and gives up before as many intervals as there are misses', () => {
    const heartbeat = new Heartbeat({ interval: 20, misses: 3 });
    assert.equal(heartbeat.pace, 10);
    assert.deepEqual(looks(heartbeat, [true, false, false, false, false, false]), [
      'alive',
      'ping',
      'wait',
      'ping',
      'wait',
      'dead',
    ]);
  });

  test('look() counts anew once something has come', () => {
    const heartbeat = new Heartbeat({ interval: 20, misses: 2 });
    assert.deepEqual(looks(heartbeat, [false, false, true, false, false, false]), [
      'ping',
      'wait',
      'alive',
      'ping',
      'wait',
      'dead',
    ]);
  });

  test('look() leaves a ping time to be answered, even if there is one miss only', () => {
    assert.deepEqual(looks(new Heartbeat({ interval: 20, misses: 1 }), [false, false]), ['ping', 'dead']);
  });
});

describe('readHeartbeat', () => {
  test('is on unless it is turned off', () => {
    for (const option of [undefined, true, {}]) assert.deepEqual(readHeartbeat(option), { interval: 20, misses: 3 });
    assert.deepEqual(readHeartbeat({ interval: 5 }), { interval: 5, misses: 3 });
    assert.equal(readHeartbeat(false), undefined);
  });

  test('refuses what cannot be', () => {
    const wrong = [{ interval: 0 }, { interval: Number.NaN }, { misses: 0 }, { misses: 1.5 }, { every: 1 }, null, 20];
    for (const option of wrong) {
      assert.throws(() => readHeartbeat(option as never), { code: 'POE_ERR_IKC_PARAMETER' }, JSON.stringify(option));
    }
  });
});

test('answersPings() knows a POE kernel by its ID, old or new, and no ClientLite', () => {
  assert.equal(answersPings('vm-6b00dd5f-00006ea5-00000001'), true);
  assert.equal(answersPings('my-host.example-6b00dd5f00006ea5'), true);
  for (const name of ['Client4711', 'Pulse', '127.0.0.1:603', 'vm-6b00dd5f', ''])
    assert.equal(answersPings(name), false);
});
