import { z } from 'zod';

const seconds = z.number().nonnegative();

export const schema = z.strictObject({
  interval: z.number().positive().default(10).describe('seconds from one look at the children to the next'),
  cpuSeconds: seconds
    .default(600)
    .describe('seconds of processor time beyond which a child that runs is a rogue: INT, TERM, KILL; 0 is any'),
  cpuShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of a processor that it must have used since the last look as well; 0 is any'),
  maxRss: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('octets of memory beyond which a child is replaced; 0 is any'),
  stopped: seconds.default(15).describe('seconds that a child may be stopped until it is replaced; 0 is for ever'),
  blocked: seconds
    .default(5)
    .describe('seconds that the event loop of any process may be blocked until it is told where; 0 is for ever'),
  silence: seconds.default(15).describe('seconds that a child may say nothing until it is replaced; 0 is for ever'),
});
