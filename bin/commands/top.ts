import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { PeekClient, TopRecord } from '../../plugins/index.ts';
import { fail } from '../fail.ts';
import { age, type Cell, printable, table } from '../table.ts';
import { guarded, loadPeekClient } from './peek.ts';

interface Options {
  json?: boolean;
  folder?: string;
  interval: number;
}

type Busy = TopRecord['busiest'][number];

/** The columns to sort by, in the order in which the key `s` goes through them. */
const ORDERS: readonly { name: string; key: string; compare: (a: Busy, b: Busy) => number }[] = [
  { name: 'events', key: 'e', compare: (a, b) => b.rate - a.rate },
  { name: 'busy', key: 'b', compare: (a, b) => b.busy - a.busy },
  { name: 'waiting', key: 'w', compare: (a, b) => b.waiting - a.waiting },
  { name: 'id', key: 'i', compare: (a, b) => Number(a.id) - Number(b.id) },
];

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const BOLD = '\x1b[1m';
const REVERSE = '\x1b[7m';
const PLAIN = '\x1b[0m';

const CTRL_C = '\x03';

/** `poe top`: the sessions of a program by how busy they are, again and again. */
export function addTopCommand(program: Command): void {
  program
    .command('top <program>')
    .description('shows which sessions of a running program are busy; q ends it, s or e, b, w, i sort')
    .option('--json', 'print one line of JSON at each interval')
    .option('--folder <folder>', 'folder of the sockets, if the program was given one')
    .option('-n, --interval <seconds>', 'from one look to the next', seconds, 1)
    .action((name: string, options: Options) => guarded(() => top(name, options)));
}

async function top(program: string, { json, folder, interval }: Options): Promise<void> {
  const client = await (await loadPeekClient()).connect(program, { folder, timeout: Math.max(5, 2 * interval) });
  try {
    if (json) await printLines(client, interval);
    else if (process.stdout.isTTY && process.stdin.isTTY) await new Screen(client, interval).run();
    else fail('poe top needs a terminal; without one use --json');
  } finally {
    client.close();
  }
}

/** Until whoever reads has had enough. */
async function printLines(client: PeekClient, interval: number): Promise<void> {
  let over = false;
  process.stdout.on('error', () => {
    over = true;
  });
  // The first look only begins to count.
  await client.ask({ ask: 'top', limit: 1 });
  while (!over) {
    await sleep(interval);
    process.stdout.write(`${JSON.stringify(await client.ask({ ask: 'top', limit: 1000 }))}\n`);
  }
}

/** The terminal while `poe top` has it. It is given back as it was, however the program ends. */
class Screen {
  readonly #client: PeekClient;
  readonly #interval: number;
  readonly #over = new AbortController();
  #order = 0;
  #record: TopRecord | undefined;

  constructor(client: PeekClient, interval: number) {
    this.#client = client;
    this.#interval = interval;
  }

  async run(): Promise<void> {
    const { stdin, stdout } = process;
    const restore = (): void => {
      stdin.setRawMode(false);
      stdout.write(LEAVE);
    };
    const end = (): void => this.#over.abort();
    const draw = (): void => this.#draw();
    const key = (text: string): void => this.#key(text);
    stdin.setRawMode(true);
    stdin.setEncoding('utf8').on('data', key);
    stdout.on('resize', draw);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
    stdout.write(ENTER);
    try {
      await this.#watch();
    } finally {
      stdin.off('data', key).pause();
      stdout.off('resize', draw);
      restore();
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#record = await this.#client.ask({ ask: 'top', limit: 1000 });
      this.#draw();
      await sleep(this.#interval, signal);
    }
  }

  #key(text: string): void {
    for (const key of text) {
      if (key === 'q' || key === CTRL_C) this.#over.abort();
      else if (key === 's') this.#order = (this.#order + 1) % ORDERS.length;
      else {
        const wanted = ORDERS.findIndex((order) => order.key === key);
        if (wanted >= 0) this.#order = wanted;
      }
    }
    this.#draw();
  }

  #draw(): void {
    if (this.#record === undefined || this.#over.signal.aborted) return;
    const { columns = 80, rows = 24 } = process.stdout;
    const lines = screenLines(this.#record, ORDERS[this.#order] as (typeof ORDERS)[number], rows);
    const drawn = lines
      .slice(0, rows)
      .map(({ text, style }) => `${style}${[...text].slice(0, columns).join('')}${PLAIN}${CLEAR_LINE}`);
    process.stdout.write(`${HOME}${drawn.join('\n')}${CLEAR_BELOW}`);
  }
}

interface Line {
  readonly text: string;
  readonly style: string;
}

function screenLines(record: TopRecord, order: (typeof ORDERS)[number], rows: number): Line[] {
  const { name, pid, uptime, sessions, kernel, rate, delay, memory } = record;
  const { events, timers, handles } = kernel.counts;
  const ms = (value: number): string => `${(value * 1000).toFixed(1)} ms`;
  const mib = (value: number): string => `${(value / 2 ** 20).toFixed(1)} MiB`;
  const children = childrenLines(record, Math.floor(rows / 3));
  const busiest = [...record.busiest].sort((a, b) => order.compare(a, b) || Number(a.id) - Number(b.id));
  const cells = busiest
    .slice(0, Math.max(rows - 5 - children.length, 0))
    .map(({ id, name, rate, busy, waiting }): Cell[] => {
      return [
        String(id).padStart(6),
        rate.toFixed(1).padStart(10),
        `${(busy * 100).toFixed(1)}`.padStart(6),
        String(waiting).padStart(8),
        name,
      ];
    });
  const head = ['    ID', '  EVENTS/S', 'BUSY %', ' WAITING', 'SESSION'];
  const [titles = '', ...body] = table(head, cells).split('\n');
  const plain = (text: string): Line => ({ text, style: '' });
  return [
    { text: printable(`${name}  process ${pid}  up ${age(uptime)}`), style: BOLD },
    plain(`${sessions} sessions, ${rate.toFixed(1)} events/s, queue ${events}, timers ${timers}, handles ${handles}`),
    plain(
      `loop delay ${ms(delay.mean)} mean, ${ms(delay.p99)} 99 %, ${ms(delay.max)} max; memory ${mib(memory.rss)}, heap ${mib(memory.heap)}`,
    ),
    plain(`sorted by ${order.name}; q quit, s sort`),
    ...children,
    { text: titles, style: REVERSE },
    ...body.map(plain),
  ];
}

/** The children of a program that runs in several processes, as many as there is room for. */
function childrenLines({ children }: TopRecord, room: number): Line[] {
  if (children === null) return [];
  const plain = (text: string): Line => ({ text, style: '' });
  const counts = new Map<string, number>();
  for (const { state } of children) counts.set(String(state), (counts.get(String(state)) ?? 0) + 1);
  const states = [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
  const head = ['   PID', 'STATE   ', '     AGE', 'ACCEPTED', '    OPEN', 'HEARD', 'REASON'];
  const cells = children.slice(0, Math.max(room - 2, 0)).map((child): Cell[] => {
    const { pid, state, connections, open, reason } = child;
    return [
      String(pid).padStart(6),
      state,
      age(Number(child['age, s'])).padStart(8),
      String(connections).padStart(8),
      String(open).padStart(8),
      age(Number(child['heard, s ago'])).padStart(5),
      reason,
    ];
  });
  const [titles = '', ...body] = table(head, cells).split('\n');
  return [plain(`children: ${states || 'none'}`), { text: titles, style: REVERSE }, ...body.map(plain)];
}

/** Does not wait when it is to be over, nor keep the process. */
async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 3600)) throw new InvalidArgumentError('Give seconds, from 0.1 to 3600.');
  return value;
}
