import { z } from 'zod';

const count = z.int().nonnegative();
const seconds = z.number().positive();

/** What the plugin `prefork` may be given. */
export const preforkSchema = z.strictObject({
  processes: count.default(2).describe('Number of processes, the parent included: n - 1 children serve'),
  connections: count.default(0).describe('Connections a child accepts before it is replaced; 0 is any number'),
  concurrency: count.default(0).describe('Connections a child serves at once; 0 is any number'),
  minSpares: count.default(1).describe('Fewest booted children kept beside those that serve'),
  maxSpares: count
    .default(4)
    .describe('Most booted children kept, while children are replaced faster than they boot; at least minSpares'),
  drainTimeout: seconds.default(10).describe('Seconds a child that accepts no more may go on with what it has'),
  bootTimeout: seconds.default(30).describe('Seconds a child may boot'),
  heartbeat: seconds.default(5).describe('Seconds from one sign of life of a child to the next'),
  orphans: z
    .enum(['finish', 'continue'])
    .default('finish')
    .describe('What children do when the parent has gone: finish what they have and end, or go on serving'),
  handoverSignal: z
    .enum(['ALRM', 'USR1', 'USR2', 'QUIT', 'WINCH', ''])
    .default('ALRM')
    .describe('Signal that hands over to a new parent process, without SIG; empty for none'),
  handoverTimeout: seconds.default(30).describe('Seconds a new parent may take until its children serve'),
  verbose: z.boolean().default(false).describe('Tell on standard error of children as they come and go'),
});

export type PreforkPluginOptions = z.infer<typeof preforkSchema>;
