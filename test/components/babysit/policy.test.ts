import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NurseryChild } from '../../../components/babysit/nursery.ts';
import { type BabysitOptions, babysitSettings } from '../../../components/babysit/options.ts';
import { Policy } from '../../../components/babysit/policy.ts';
import type { ProcessReading } from '../../../components/babysit/process-table.ts';
import { fc } from '../../helpers/property.ts';

const CALM: ProcessReading = { state: 'sleeping', cpuSeconds: 1, rssOctets: 1000 };
const BUSY: ProcessReading = { ...CALM, state: 'running', cpuSeconds: 601 };

/** One child in front of a policy, looked at every 10 s. */
class Ward {
  readonly policy: Policy;
  readonly child: NurseryChild = { id: 1, pid: 100, phase: 'up', heardAt: undefined };
  now = 0;

  constructor(options: BabysitOptions = {}, seesStates = true) {
    this.policy = new Policy(babysitSettings(options), seesStates);
  }

  /** What is done after another look, without numbers and texts. */
  look(reading: ProcessReading | undefined, child: Partial<NurseryChild> = {}): string[] {
    this.now += 10;
    const readings = new Map(reading === undefined ? [] : [[100, reading]]);
    return this.policy.look([{ ...this.child, ...child }], readings, this.now).map(shown);
  }

  step(): string[] {
    return this.policy.step().map(shown);
  }
}

function shown({ action, signal, ailment }: { action: string; signal: string | undefined; ailment: string }): string {
  return `${signal ?? action} ${ailment}`;
}

describe('Policy', () => {
  test('leaves a child alone that sleeps, whatever it has used', () => {
    const ward = new Ward();
    assert.deepEqual(ward.look({ ...BUSY, state: 'sleeping' }), []);
    assert.deepEqual(ward.look({ ...CALM, state: 'running', cpuSeconds: 600 }), []);
    assert.equal(ward.policy.hasRogues, false);
  });

  test('replaces a missing child once', () => {
    const ward = new Ward();
    assert.deepEqual(ward.look(undefined), ['replace missing']);
    assert.deepEqual(ward.look(undefined), []);
  });

  test('gives the system until the next look to take note of a zombie', () => {
    const ward = new Ward();
    const zombie = { ...CALM, state: 'zombie' } as const;
    assert.deepEqual(ward.look(zombie), []);
    assert.deepEqual(ward.look(zombie), ['replace zombie']);
    assert.deepEqual(ward.look(zombie), []);
  });

  test('sends a rogue INT, TERM and KILL, and then replaces it', () => {
    const ward = new Ward();
    assert.deepEqual(ward.look(BUSY), []);
    assert.equal(ward.policy.hasRogues, true);
    const steps: string[] = [];
    for (let i = 0; i < 5; i++) {
      steps.push(...ward.step());
      if (ward.policy.hasRogues) assert.deepEqual(ward.look(BUSY), []);
    }
    assert.deepEqual(steps, ['INT rogue', 'TERM rogue', 'KILL rogue', 'replace rogue']);
    assert.equal(ward.policy.hasRogues, false);
  });

  test('forgives a rogue that has calmed down, and begins anew if it does not last', () => {
    const ward = new Ward();
    ward.look(BUSY);
    assert.deepEqual(ward.step(), ['INT rogue']);
    assert.deepEqual(ward.look({ ...BUSY, state: 'sleeping' }), ['forgive rogue']);
    assert.deepEqual(ward.step(), []);
    ward.look(BUSY);
    assert.deepEqual(ward.step(), ['INT rogue']);
  });

  test('forgets a rogue that a signal did not reach, and those that have gone', () => {
    const ward = new Ward();
    ward.look(BUSY);
    ward.policy.lost(1);
    assert.deepEqual(ward.step(), []);
    ward.look(BUSY);
    assert.deepEqual(ward.policy.look([], new Map(), 99), []);
    assert.equal(ward.policy.hasRogues, false);
  });

  test('with cpuShare only takes a child for a rogue that has just used so much', () => {
    const ward = new Ward({ cpuShare: 0.5 });
    ward.look(BUSY);
    assert.equal(ward.policy.hasRogues, false, 'no earlier reading');
    ward.look({ ...BUSY, cpuSeconds: 605.9 });
    assert.equal(ward.policy.hasRogues, false, '4.9 s of 10');
    ward.look({ ...BUSY, cpuSeconds: 611 });
    assert.equal(ward.policy.hasRogues, true, '5.1 s of 10');
  });

  test('without states takes whoever has used time since the last look for running', () => {
    const ward = new Ward({}, false);
    ward.look({ ...BUSY, state: 'unknown' });
    ward.look({ ...BUSY, state: 'unknown' });
    assert.equal(ward.policy.hasRogues, false);
    ward.look({ ...BUSY, state: 'unknown', cpuSeconds: 602 });
    assert.equal(ward.policy.hasRogues, true);
  });

  test('replaces a child that has been stopped for too long, and says nothing of its silence', () => {
    const ward = new Ward({ stopped: 15 });
    const stopped = { ...CALM, state: 'stopped' } as const;
    assert.deepEqual(ward.look(stopped, { heardAt: -100 }), []);
    assert.deepEqual(ward.look(stopped, { heardAt: -100 }), [], '10 s');
    assert.deepEqual(ward.look(stopped, { heardAt: -100 }), ['replace stopped'], '20 s');
  });

  test('lets a child be stopped again and again for short times, or for ever with 0', () => {
    const ward = new Ward({ stopped: 15 });
    for (let i = 0; i < 4; i++) {
      assert.deepEqual(ward.look({ ...CALM, state: 'stopped' }), []);
      assert.deepEqual(ward.look(CALM), []);
    }
    const patient = new Ward({ stopped: 0 });
    for (let i = 0; i < 4; i++) assert.deepEqual(patient.look({ ...CALM, state: 'stopped' }), []);
  });

  test('replaces a child above maxRss, not one at it', () => {
    const ward = new Ward({ maxRss: 1000 });
    assert.deepEqual(ward.look({ ...CALM, rssOctets: 999 }), []);
    assert.deepEqual(ward.look(CALM), []);
    assert.deepEqual(ward.look({ ...CALM, rssOctets: 1001 }), ['replace rss']);
    assert.deepEqual(ward.look({ ...CALM, rssOctets: 2000 }), []);
    assert.deepEqual(new Ward().look({ ...CALM, rssOctets: 1e12 }), [], 'any, by default');
  });

  test('tells silence from a blocked event loop', () => {
    const ward = new Ward({ silence: 15 });
    assert.deepEqual(ward.look(CALM, { heardAt: -5 }), [], '15 s');
    assert.deepEqual(ward.look(CALM, { heardAt: 4 }), ['replace silent'], '16 s');
    const running = { ...CALM, state: 'running' } as const;
    assert.deepEqual(new Ward({ silence: 15 }).look(running, { heardAt: -6 }), ['replace blocked']);
    assert.deepEqual(new Ward({ silence: 0 }).look(running, { heardAt: -1e6 }), []);
    assert.deepEqual(new Ward().look(running, { heardAt: undefined }), [], 'children that never say anything');
  });

  test('expects no sign of life of a child that boots or ends, and does not replace it for its size', () => {
    for (const phase of ['starting', 'ending'] as const) {
      assert.deepEqual(new Ward({ maxRss: 1 }).look(CALM, { phase, heardAt: -1e6 }), []);
    }
  });

  test('never does more about a child than the ladder and each ailment once, whatever is found', () => {
    const reading = fc.option(
      fc.record({
        state: fc.constantFrom('running', 'sleeping', 'stopped', 'zombie', 'unknown'),
        cpuSeconds: fc.option(fc.integer({ min: 0, max: 1200 }), { nil: undefined }),
        rssOctets: fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined }),
      }),
      { nil: undefined },
    );
    const look = fc.record({ reading, heardAt: fc.integer({ min: -50, max: 200 }), step: fc.boolean() });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 20 }), (looks) => {
        const ward = new Ward({ maxRss: 1000 });
        const replaced = new Set<string>();
        let signals = 0;
        for (const { reading, heardAt, step } of looks) {
          const done = ward.look(reading as ProcessReading | undefined, { heardAt });
          if (done.includes('forgive rogue')) signals = 0;
          for (const what of step ? [...done, ...ward.step()] : done) {
            if (/^(INT|TERM|KILL)/.test(what)) assert.ok(what.startsWith(['INT', 'TERM', 'KILL'][signals++] as string));
            else if (what === 'replace rogue') signals = 0;
            else if (what.startsWith('replace')) {
              assert.ok(!replaced.has(what), what);
              replaced.add(what);
            }
          }
        }
      }),
    );
  });
});
