/** The command `poe`, and genuine servers; over TCP and unix in files of their own, so that a busy machine gets through. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addressWords, type Meeting, type ServerProgram, startPerlServer, whyNoIkc } from '../helpers/interop.ts';
import { type Ran, runPoe } from '../helpers/poe-command.ts';

export function testCommands(meeting: Meeting): void {
  const { transport, protocol } = meeting;
  describe(`poe, genuine server, ${transport}, ${protocol}`, { skip: whyNoIkc() ?? false }, () => {
    let server: ServerProgram;
    before(async () => {
      server = await startPerlServer(meeting);
    });
    after(async () => {
      await server.stop();
    });
    const poe = (...words: string[]): Promise<Ran> =>
      runPoe([...words, ...addressWords(server.address), '--protocol', protocol]);

    test('call, post and bench', async () => {
      assert.deepEqual(await poe('call', 'interop/add', '[40, 2]'), { status: 0, stdout: '42\n', stderr: '' });
      assert.equal((await poe('call', 'interop/list', '3', '--list', '--json')).stdout, '[1,2,3]\n');
      assert.equal((await poe('call', 'private/secret')).status, 1);
      assert.equal((await poe('call', 'interop/nothing', '--timeout', '2')).status, 4);
      assert.equal((await poe('call', 'interop/reset')).status, 0);
      assert.equal((await poe('post', 'interop/sink', '1')).status, 0);
      assert.equal((await poe('call', 'interop/count')).stdout, '1\n');
      assert.equal((await poe('post', 'private/secret', '1')).status, 1);
      assert.equal((await poe('bench', 'interop/echo', 'x', '--seconds', '0.2', '--in-flight', '4')).status, 0);
    });

    test('ping and monitor', async () => {
      assert.match((await poe('ping')).stdout, /^PONG from /);
      const { status, stdout } = await poe('monitor', '--count', '1');
      assert.equal(status, 0);
      assert.match(stdout, / register /);
    });

    test('subscribe posts through a proxy, and hears what is posted to SENDER', async () => {
      const words = ['interop/reply_sender', 'to you', '--events', 'answer', '--count', '1'];
      assert.deepEqual((await poe('subscribe', ...words)).stdout, 'answer "to you"\n');
      const { status, stderr } = await poe('subscribe', 'private/secret');
      assert.equal(status, 1);
      assert.match(stderr, /^Refused subscription /);
    });

    test('ls shows names, says that the server does not tell more, and asks by name', async () => {
      const { status, stdout } = await poe('ls');
      assert.equal(status, 0);
      assert.match(stdout, /Interop/);
      assert.match(stdout, /It does not tell what it has published/);
      const asked = await poe('ls', 'interop', 'private/ok', 'private/secret', '--json');
      assert.equal(asked.status, 1);
      assert.deepEqual(JSON.parse(asked.stdout).asked, { interop: true, 'private/ok': true, 'private/secret': false });
    });
  });
}
