import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { LinuxProcessTable, parseRss, parseStat } from '../../../components/babysit/linux-process-table.ts';
import { PortableProcessTable } from '../../../components/babysit/portable-process-table.ts';

const skip = process.platform === 'linux' ? false : 'this system has no process files';

test('parseStat() reads state and times, whatever the program is called', () => {
  const rest = 'R 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 1 0 99';
  assert.deepEqual(parseStat(`42 (node) ${rest}`), { state: 'running', cpuSeconds: 4 });
  assert.deepEqual(parseStat(`42 (a) Z 1 (b) ${rest}`), { state: 'running', cpuSeconds: 4 });
  assert.deepEqual(parseStat(''), { state: 'unknown', cpuSeconds: undefined });
});

test('parseRss() reads octets; a zombie has none', () => {
  assert.equal(parseRss('Name:\tnode\nVmRSS:\t    1024 kB\nThreads:\t1\n'), 1_048_576);
  assert.equal(parseRss('Name:\tnode\nState:\tZ (zombie)\n'), undefined);
});

describe('LinuxProcessTable', { skip }, () => {
  test('read() finds this process running, with its own figures', () => {
    const found = new LinuxProcessTable().read([process.pid]).get(process.pid);
    const { user, system } = process.cpuUsage();
    assert.equal(found?.state, 'running');
    assert.ok(Math.abs((found?.cpuSeconds ?? 0) - (user + system) / 1e6) < 0.5, String(found?.cpuSeconds));
    assert.ok(Math.abs((found?.rssOctets ?? 0) / process.memoryUsage.rss() - 1) < 0.3, String(found?.rssOctets));
  });

  test('read() leaves out who is not there', () => {
    assert.equal(new LinuxProcessTable().read([0x7fffffff]).size, 0);
  });

  test('read() tells stopped from sleeping', async () => {
    const child = spawn('sleep', ['60']);
    const table = new LinuxProcessTable();
    const pid = child.pid as number;
    const until = async (state: string): Promise<void> => {
      for (let i = 0; i < 200 && table.read([pid]).get(pid)?.state !== state; i++) await sleep(10);
      assert.equal(table.read([pid]).get(pid)?.state, state);
    };
    try {
      await until('sleeping');
      child.kill('SIGSTOP');
      await until('stopped');
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    assert.equal(table.read([pid]).size, 0);
  });
});

describe('PortableProcessTable', () => {
  test('read() tells time and memory, and leaves out who is not there', async () => {
    const readings = await new PortableProcessTable().read([process.pid, 0x7ffffff]);
    assert.deepEqual([...readings.keys()], [process.pid]);
    const found = readings.get(process.pid);
    assert.equal(found?.state, 'unknown');
    assert.ok((found?.cpuSeconds ?? 0) > 0);
    assert.ok((found?.rssOctets ?? 0) > 1e6);
  });
});
