import { basename, extname } from 'node:path';
import { z } from 'zod';

/** What a program can be called: part of a file name, so only what is harmless there. */
const NAME = /^[-.\w]{1,64}$/;

export const schema = z.strictObject({
  name: z
    .string()
    .regex(NAME, 'a name has letters, digits, dots, hyphens and underscores, at most 64')
    .optional()
    .describe('What the program is called in `poe ls`. Default: the `name` of the config, or the name of its file'),
  signals: z.boolean().default(true).describe('Whether SIGUSR1 prints the short dump and SIGUSR2 the full one'),
  socket: z.boolean().default(true).describe('Whether `poe peek`, `poe top` and `poe ls` can reach the program'),
  folder: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of the private socket. Default: poe-kernel in XDG_RUNTIME_DIR, or one of the user in the temporary folder',
    ),
  maxClients: z
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe('How many may look at the same time, each over socket and page'),
  idleTimeout: z
    .number()
    .positive()
    .default(60)
    .describe('Seconds after which a client of the socket that asks nothing is disconnected'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port of the page on 127.0.0.1; 0 takes any that is free. Without it there is no page'),
  token: z
    .string()
    .min(16)
    .max(256)
    .optional()
    .describe(
      'What a visitor of the page has to know; whoever does may also post events there. Without it the page is read-only, and a token for looking is made and printed once',
    ),
});

/** Options of the plugin as its schema gives them. */
export type PeekOptions = z.output<typeof schema>;

/** What a program is called: as its config says, or else its file, without path and ending. */
export function programName(given: string | undefined, file = process.argv[1] ?? ''): string {
  const name = (given ?? basename(file, extname(file))).replace(/[^-.\w]/g, '_').slice(0, 64);
  return NAME.test(name) ? name : 'node';
}
