import { type Command, InvalidArgumentError } from 'commander';
import type { Reason } from '../../core/index.ts';
import type { Answers, PeekClient, Question } from '../../plugins/index.ts';
import { EXIT } from '../exit.ts';
import { fail } from '../fail.ts';
import { age, type Cell, printable, table } from '../table.ts';

interface Options {
  json?: boolean;
  folder?: string;
  timeout?: number;
}

/** What is asked for by commands of its own. */
type Order = 'reload' | 'scale' | 'handover';

/** For each question that `poe peek` knows how the answer is shown. */
const SHOWN: {
  [Q in Exclude<keyof Answers, 'hello' | 'dump' | 'top' | 'family' | Order>]: (answer: Answers[Q]) => string;
} = {
  why: whyText,
  sessions: (sessions) =>
    table(
      ['ID', 'NAME', 'PARENT', 'REFS', 'KEPT BY'],
      sessions.map(({ id, name, parent, refcount, reasons }) => {
        const wrong = refcount.held === refcount.counted ? '' : ` (counted ${refcount.counted})`;
        const strong = reasons.filter(({ weak }) => !weak).map(({ text }) => text);
        return [id, name, parent, `${refcount.held}${wrong}`, strong.join('; ') || 'its name or its children'];
      }),
    ),
  queue: (queue) =>
    table(
      ['ID', 'DUE', 'TYPE', 'EVENT', 'FROM', 'TO'],
      queue.map(({ id, due, type, event, signal, source, destination }) => {
        const left = due - Date.now() / 1000;
        return [id, left > 0 ? `in ${left.toFixed(1)} s` : 'now', type, signal ?? event, source, destination];
      }),
    ),
  aliases: (aliases) =>
    table(
      ['ALIAS', 'SESSION'],
      aliases.map(({ alias, session }) => [alias, session]),
    ),
  handles: (handles) =>
    table(
      ['SESSION', 'HANDLE', 'WATCHED FOR'],
      handles.map(({ session, handle, modes }) => [
        session,
        handle,
        modes.map(({ mode, event, paused }) => `${mode} '${event}'${paused ? ' (paused)' : ''}`).join(', '),
      ]),
    ),
  signals: (signals) =>
    table(
      ['SIGNAL', 'SESSION', 'EVENT'],
      signals.map(({ signal, session, event }) => [signal, session, event]),
    ),
  kernels: (links) =>
    links === null
      ? 'The program does not take part in IKC.'
      : table(
          ['KERNEL', 'STATE', 'SESSION', 'ALIASES'],
          links.map(({ kernel, state, session, aliases, isDefault }) => [
            kernel || '?',
            isDefault ? `${state}, default` : state,
            session,
            aliases.join(', '),
          ]),
        ),
  sections: (sections) =>
    sections.length === 0
      ? 'Nothing has added a section.'
      : sections
          .map(({ name, rows }) => {
            const keys = Object.keys(rows[0] ?? {});
            const cells = rows.map((row) => keys.map((key): Cell => row[key]));
            return `${name}:\n${table(
              keys.map((key) => key.toUpperCase()),
              cells,
            )}`;
          })
          .join('\n\n'),
};

/** `poe peek`, and what `poe ls` shows without an address: looks into programs that run with the plugin `peek`. */
export function addPeekCommands(program: Command): void {
  const command = program.command('peek').description('looks into a running program');
  withOptions(command.command('all [program]', { isDefault: true }))
    .description('all of it: `poe peek PROGRAM` does the same')
    .action((name: string | undefined, options: Options) =>
      name === undefined ? command.help({ error: true }) : guarded(() => lookAtAll(name, options)),
    );
  const asks: [keyof typeof SHOWN | 'dump', string][] = [
    ['sessions', 'its sessions, and what keeps each alive'],
    ['queue', 'what waits to happen'],
    ['aliases', 'names of sessions'],
    ['handles', 'handles that are watched'],
    ['signals', 'signals that are watched'],
    ['kernels', 'connections to other kernels'],
    ['sections', 'what plugins have to tell, as of children'],
    ['dump', 'all of it as JSON'],
  ];
  for (const [ask, description] of asks) {
    withOptions(command.command(`${ask} <program>`))
      .description(description)
      .action((name: string, options: Options) =>
        guarded(() => look(name, { ask }, ask === 'dump' ? { ...options, json: true } : options)),
      );
  }
  withOptions(command.command('why <program> [session]'))
    .description('what keeps a session alive, or each of them')
    .action((name: string, session: string | undefined, options: Options) =>
      guarded(() => (session === undefined ? whyEach(name, options) : look(name, { ask: 'why', session }, options))),
    );
}

function whyText(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return 'Nothing keeps it alive.';
  return reasons.map(({ text, weak }) => `${weak ? '(weak) ' : ''}${printable(text)}`).join('\n');
}

function withOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .option('--folder <folder>', 'folder of the sockets, if the program was given one')
    .option('--timeout <seconds>', 'how long to wait for an answer', seconds, 5);
}

/** Trouble that has a name is told in its words. */
export async function guarded(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // Not loaded before it is wanted, as the rest.
    const { PoeError } = await import('../../core/index.ts');
    if (!(error instanceof PoeError)) throw error;
    const status = error.code === 'POE_ERR_PEEK_NOBODY' ? EXIT.unreachable : EXIT.error;
    fail(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`, status);
  }
}

/** Loaded when it is wanted: other commands start sooner without it. */
export async function loadPeekClient() {
  return (await import('../../plugins/index.ts')).PeekClient;
}

/** Lists the running programs that can be looked into. */
export async function listPrograms({ json, ...options }: Options): Promise<void> {
  const PeekClient = await loadPeekClient();
  const programs = await PeekClient.list(options);
  if (json) return print(programs);
  if (programs.length === 0)
    fail("No program answers: one does that 'poe run' runs, or that has the plugin 'peek'", EXIT.unreachable);
  const rows = programs.map(({ pid, name, role, serving, uptime, sessions, id }): Cell[] => {
    return [pid, name, role, serving, age(uptime), sessions, id];
  });
  console.log(table(['PID', 'NAME', 'ROLE', 'SERVING', 'UPTIME', 'SESSIONS', 'KERNEL'], rows));
}

async function look(program: string, question: Question, { json, ...options }: Options): Promise<void> {
  await withClient(program, options, async (client) => {
    const answer = await client.ask(question);
    if (json) print(answer);
    else console.log((SHOWN[question.ask as keyof typeof SHOWN] as (answer: unknown) => string)(answer));
  });
}

/** What keeps each session alive. */
async function whyEach(program: string, { json, ...options }: Options): Promise<void> {
  await withClient(program, options, async (client) => {
    const sessions = await client.ask({ ask: 'sessions' });
    const found = sessions.map(({ id, name, reasons }) => ({ id, name, reasons }));
    if (json) print(found);
    else console.log(found.map(({ name, reasons }) => `${printable(name)}:\n${indented(whyText(reasons))}`).join('\n'));
  });
}

/** One section after the other, those that are empty left out. */
async function lookAtAll(program: string, { json, ...options }: Options): Promise<void> {
  if (json) return look(program, { ask: 'dump' }, { json, ...options });
  await withClient(program, options, async (client) => {
    const { name, pid, role, uptime, id, node } = await client.ask({ ask: 'hello' });
    const parts = [
      `${printable(name)}, ${role === null ? '' : `${role}, `}process ${pid}, up ${age(uptime)}, kernel ${id}, node ${node}`,
    ];
    for (const ask of ['sessions', 'queue', 'handles', 'signals', 'kernels', 'sections'] as const) {
      const answer = await client.ask({ ask });
      if (answer === null || answer.length === 0) continue;
      const text = (SHOWN[ask] as (answer: unknown) => string)(answer);
      parts.push(ask === 'sections' ? text : `${ask}:\n${text}`);
    }
    console.log(parts.join('\n\n'));
  });
}

async function withClient(
  program: string,
  options: Omit<Options, 'json'>,
  act: (client: PeekClient) => Promise<void>,
): Promise<void> {
  const PeekClient = await loadPeekClient();
  const client = await PeekClient.connect(program, options);
  try {
    await act(client);
  } finally {
    client.close();
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

function print(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number of seconds.');
  return value;
}
