/** Random messages to a live server of the interop contract, whose answers bring the values back. */
import { connect } from 'node:net';
import { Storable } from '../../../wheels/filters/freezers/storable/index.ts';
import { Reference } from '../../../wheels/filters/index.ts';
import type { Address } from '../../helpers/interop.ts';
import { difference } from './carries.ts';
import { type Question, randomQuestion } from './generate.ts';

/** Questions that are on their way at the same time. */
const IN_FLIGHT = 64;
const NAME = 'FuzzPeer';

/**
 * Sends random questions, and holds each answer against what was asked: the value, and the rsvp exactly as it was.
 *
 * @param flags - Whether the server keeps the flag of text that needs none; Perl does.
 * @throws Error that names the seed of the first one that differs.
 */
export async function throughServer(count: number, seed: number, address: Address, flags: boolean): Promise<void> {
  const freezer = new Storable({ strings: 'exact' });
  const frames = new Reference({ freezer });
  const socket = address.unix === undefined ? connect(address.port, '127.0.0.1') : connect(address.unix);
  const asked: Question[] = [];
  let next = 0;
  let answered = 0;
  const ask = (): void => {
    if (next === count) return;
    const question = randomQuestion(seed + next++, NAME);
    asked.push(question);
    const { event, params, rsvp } = question;
    for (const chunk of frames.put([{ event, params, rsvp }])) socket.write(chunk);
  };
  const compare = (message: unknown): void => {
    const question = asked.shift() as Question;
    const { event, params } = message as { event: unknown; params: unknown };
    const found = difference(question.rsvp, event, flags) ?? difference(question.params, params, flags);
    if (found !== undefined) {
      throw new Error(`npm run fuzz:values -- --count 1 --seed ${question.seed} (over IKC): ${found}`);
    }
    answered++;
  };
  await new Promise<void>((resolve, reject) => {
    let greeting: Buffer | undefined = Buffer.alloc(0);
    const fail = (error: unknown): void => {
      socket.destroy();
      reject(error);
    };
    const read = (chunk: Buffer): void => {
      frames.getOneStart([chunk]);
      for (;;) {
        const [message] = frames.getOne();
        if (message === undefined) return;
        compare(message);
        ask();
        if (answered === count) {
          socket.destroy();
          resolve();
          return;
        }
      }
    };
    socket.on('error', fail);
    socket.on('close', () =>
      fail(new Error(`The server closed after ${answered} answers; the next seed is ${asked[0]?.seed}`)),
    );
    socket.on('data', (chunk: Buffer) => {
      try {
        if (greeting === undefined) {
          read(chunk);
          return;
        }
        greeting = Buffer.concat([greeting, chunk]);
        const end = greeting.indexOf('\r\n');
        if (end < 0) return;
        const rest = greeting.subarray(end + 2);
        greeting = undefined;
        for (let n = 0; n < IN_FLIGHT; n++) ask();
        if (rest.length > 0) read(rest);
      } catch (error) {
        fail(error);
      }
    });
    socket.write(`SETUP KERNEL=${NAME};FREEZER=Storable;PID=1\r\n`);
  });
}
