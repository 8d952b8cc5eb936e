import { ikcHooks, supervisorOf, workerOf } from '../../components/index.ts';
import { debugFor, type KernelView, type Plugin, Session, warn } from '../../core/index.ts';
import { Collector } from './collector.ts';
import { type Family, merge } from './exposition.ts';
import { FamilyRoom } from './family-room.ts';
import { type MetricsOptions, schema } from './options.ts';
import { Page } from './page.ts';
import { openTelemetry, watchSpans } from './spans.ts';

const debug = debugFor('plugin:metrics');

/**
 * Shows what happens in a kernel as Prometheus reads it, at `http://127.0.0.1:9464/metrics`, and makes OpenTelemetry spans of IKC calls if
 * `@opentelemetry/api` is installed. In a preforked program the parent shows the metrics of all its children, told apart by `pid`.
 *
 * @example
 * applyPlugins(kernel, [[metrics, { port: 9464 }]]);
 */
export const metrics: Plugin<MetricsOptions> = {
  name: 'metrics',
  once: true,
  schema,
  apply(kernel, options) {
    const collector = new Collector(kernel);
    const room = new FamilyRoom();
    const page = new Page(
      () => familiesOf(kernel, collector, room),
      (error) => warn('POE_WARN_METRICS', `Metrics cannot be shown: ${error.message}`, kernel),
    );
    const endSpans = options.spans ? spans(kernel) : undefined;
    let isOver = false;
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => void kernel.yield('begin'),
        // Behind the kernel's first turn: by then the program has said whether it is preforked, and babysat.
        begin: ({ kernel }) => void kernel.yield('open'),
        open() {
          if (isOver) return;
          collector.watchChildren();
          if (supervisorOf(kernel) !== undefined) makeRoom(kernel, room);
          // The port is the parent's: a child answers its parent only.
          const path = workerOf(kernel) === undefined ? undefined : room.place;
          const { port, address } = options;
          page.open(path === undefined ? { port, address } : { path }, (bound) =>
            debug('show metrics on port %d', bound),
          );
        },
      },
    });
    return () => {
      isOver = true;
      endSpans?.();
      page.close();
      room.close();
      collector.stop();
    };
  },
};

/** A disk that is full must not end the program: the parent shows its own metrics then. */
function makeRoom(kernel: KernelView, room: FamilyRoom): void {
  try {
    room.make();
  } catch (error) {
    warn('POE_WARN_METRICS', `Metrics of children cannot be shown: ${(error as Error).message}`, kernel);
  }
}

/** What the process knows, and its children do. */
async function familiesOf(kernel: KernelView, collector: Collector, room: FamilyRoom): Promise<readonly Family[]> {
  const own = collector.families();
  const supervisor = supervisorOf(kernel);
  if (supervisor === undefined) return own;
  const answers = await room.ask(supervisor.children().map(({ pid }) => pid));
  const all = [[process.pid, own] as const, ...answers];
  return merge(all.map(([pid, families]) => [{ pid: String(pid) }, families]));
}

function spans(kernel: KernelView): () => void {
  const api = openTelemetry();
  return api === undefined ? () => {} : watchSpans(api, ikcHooks(kernel));
}
