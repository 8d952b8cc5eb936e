import { z } from 'zod';

/** What the plugin `log` takes. */
export const logSchema = z.strictObject({
  level: z
    .enum(['error', 'warn', 'info'])
    .default('warn')
    .describe(
      'what is told: exceptions of handlers; also warnings, failures of wheels and dead letters of IKC; also sessions that come and go',
    ),
  format: z
    .enum(['json', 'text', 'pino'])
    .default('json')
    .describe('lines of JSON, lines for people, or through the package pino, which has to be installed'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe('file that lines are appended to, from the working directory; without one they go to standard error'),
});

export type LogOptions = z.output<typeof logSchema>;
