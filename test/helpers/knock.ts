import { connect } from 'node:net';

/** How many connections are open at once. */
const AT_ONCE = 50;

/** Connects and closes without a word, over and over, in every way a port scan does: orderly, with a reset, after some octets. */
export async function knock(port: number, times: number): Promise<void> {
  let begun = 0;
  const one = async (): Promise<void> => {
    while (begun < times) {
      const n = begun++;
      await new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          if (n % 3 === 1) socket.end('SETUP KER');
          else if (n % 3 === 2) socket.resetAndDestroy();
          else socket.destroy();
        });
        socket.resume();
        socket.on('error', reject);
        socket.on('close', () => resolve());
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}
