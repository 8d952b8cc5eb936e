import pc from 'picocolors';

/** Ends the command because of something that the user should know. */
export function fail(why: string): never {
  console.error(pc.red(why));
  process.exit(1);
}
