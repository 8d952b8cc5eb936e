import { type ClientLite, specifierPart } from '../../components/ikc/index.ts';
import { guarded, listPrograms } from '../commands/peek.ts';
import { EXIT } from '../exit.ts';
import { fail } from '../fail.ts';
import { placeName, splitAddress } from './address.ts';
import { failAs, type PeerOptions, withServer } from './connect.ts';

/** What a kernel is called, and what it has published as far as that could be found out. */
interface Listing {
  kernel: string;
  aliases: readonly string[];
  /** Sessions to their events. A kernel of Perl does not say. */
  published?: Record<string, string[]>;
  /** Whether what was asked for is published. */
  asked?: Record<string, boolean>;
}

interface LsOptions extends PeerOptions {
  /** Of the sockets of programs. */
  folder?: string;
}

/** `poe ls`: shows the names of a kernel and what it has published; without an address the programs that run here. */
export async function ls(address: string | undefined, wanted: readonly string[], options: LsOptions): Promise<void> {
  const given = [...(address === undefined ? [] : [address]), ...wanted];
  const { place, rest } = splitAddress(given[0], options);
  if (given.length === 0 && place === undefined) return guarded(() => listPrograms(options));
  if (place === undefined) {
    fail("Say which kernel: 'poe ls localhost:31337', 'poe ls --port 31337' or 'poe ls --unix PATH'", EXIT.usage);
  }
  // The first word may be an address alone, or have a session behind it.
  const asked = [rest, ...given.slice(1)].filter((text) => text !== '');
  await withServer(given[0], options, async (client) => {
    const [kernel = '', ...aliases] = client.serverNames;
    const listing: Listing = { kernel, aliases };
    if (asked.length > 0) listing.asked = await ask(client, kernel, asked);
    else {
      const published = await everything(client);
      if (published !== undefined) listing.published = published;
    }
    if (options.json) console.log(JSON.stringify(listing));
    else console.log(shown(listing, placeName(place)));
    if (Object.values(listing.asked ?? {}).includes(false)) process.exitCode = EXIT.error;
  });
}

/** Asks our own question; a kernel of Perl refuses it. */
async function everything(client: ClientLite): Promise<Record<string, string[]> | undefined> {
  const published = await client.call('IKC/published');
  if (published !== undefined) return published as Record<string, string[]>;
  if (client.failure() !== 'refused') failAs(client);
  return undefined;
}

async function ask(client: ClientLite, kernel: string, wanted: readonly string[]): Promise<Record<string, boolean>> {
  const answers: Record<string, boolean> = {};
  for (const text of wanted) {
    const [session = '', state = ''] = text.replace(/^poe:\/\/[^/]*\//, '').split('/');
    // A genuine kernel does not survive a question that it cannot read.
    if (specifierPart({ kernel, session, state }, 'session') === undefined || !/^[\w -]+$/.test(session)) {
      fail(`'${text}' is no session, and no event of one: write desk, or desk/add`, EXIT.usage);
    }
    const answer = await client.call('IKC/do_you_have', [{ kernel, session, state }, client.name]);
    if (answer === undefined) failAs(client);
    answers[text] = Array.isArray(answer);
  }
  return answers;
}

function shown({ kernel, aliases, published, asked }: Listing, place: string): string {
  const lines = [`kernel   ${kernel}`, `aliases  ${aliases.join(' ') || '-'}`];
  if (published !== undefined) {
    for (const [session, events] of Object.entries(published))
      lines.push(`${session}/`, ...events.map((e) => `  ${e}`));
  } else if (asked !== undefined) {
    for (const [what, there] of Object.entries(asked)) lines.push(`${there ? 'yes' : 'no '}      ${what}`);
  } else {
    lines.push(`It does not tell what it has published. Ask by name: poe ls ${place} SESSION[/EVENT]...`);
  }
  return lines.join('\n');
}
