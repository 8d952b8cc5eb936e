import { z } from 'zod';

const schema = z.strictObject({
  greeting: z.string().min(1).default('hello').describe('what is said to each session'),
});

/** @type {import('poe-kernel').Plugin<z.infer<typeof schema>>} */
export default {
  name: 'hello',
  schema,
  apply(kernel, { greeting }) {
    kernel.hooks.sessionStarted.tap('hello', (session) => console.log(`${greeting}, session ${session.id}`));
  },
};
