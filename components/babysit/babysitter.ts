import { debugFor, type KernelHooks, type KernelView, Session, warn } from '../../core/index.ts';
import { type BabysitHooks, createBabysitHooks } from './hooks.ts';
import { LinuxProcessTable } from './linux-process-table.ts';
import type { Nursery } from './nursery.ts';
import { type BabysitOptions, type BabysitSettings, babysitSettings } from './options.ts';
import { Policy, type Treatment } from './policy.ts';
import { PortableProcessTable } from './portable-process-table.ts';
import type { ProcessTable } from './process-table.ts';

const debug = debugFor('babysit:children');

/** What keeps its session alive until it is to look no more. */
const ALIVE = 'babysit';

/** By the hooks of the kernel, which all its views share. */
const babysitters = new WeakMap<KernelHooks, Babysitter>();

/**
 * Looks after the children of a program that runs in several processes. Its session has the events `babysit`, each time children are looked
 * at, and `rogues`, each step with those that burn processor time.
 *
 * @remarks Does what POE::Component::IKC::Server does by its events of those names.
 */
export class Babysitter {
  readonly hooks: BabysitHooks;
  readonly settings: BabysitSettings;
  readonly #nursery: Nursery;
  readonly #table: ProcessTable;
  readonly #policy: Policy;
  /** For people who look into the kernel. */
  readonly #alias: string;
  #kernel!: KernelView;
  #stopped = false;
  /** Takes the next look back. */
  #cancelLook = (): void => {};
  /** Whether a step with rogues is due. */
  #steps = false;

  /** @internal */
  constructor(kernel: KernelView, nursery: Nursery, options: BabysitOptions, table: ProcessTable) {
    this.settings = babysitSettings(options);
    this.hooks = kernel.guardHooks(createBabysitHooks());
    this.#nursery = nursery;
    this.#alias = `babysit ${kernel.host.identity.pid}`;
    this.#table = table;
    this.#policy = new Policy(this.settings, table.seesStates);
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => {
          this.#kernel = kernel;
          kernel.detachMyself();
          kernel.aliasSet(this.#alias);
          kernel.refcountIncrement(kernel.session.id, ALIVE);
          if (debug.enabled) debug('look every %d s', this.settings.interval);
          if (!table.seesStates) {
            debug(
              'this system does not tell what processes do: stopped ones and zombies are only found by their silence',
            );
          }
          kernel.yield('babysit');
        },
        babysit: () => this.#look(),
        rogues: () => this.#step(),
      },
    });
  }

  /** Looks no more. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelLook();
    this.#kernel.delay('rogues');
    this.#kernel.aliasRemove(this.#alias);
    this.#kernel.refcountDecrement(this.#kernel.session.id, ALIVE);
  }

  async #look(): Promise<void> {
    if (this.#stopped) return;
    const kernel = this.#kernel;
    const pids = this.#nursery.children().map(({ pid }) => pid);
    const readings = await this.#table.read(pids);
    if (this.#stopped) return;
    // Those that came meanwhile were not asked for.
    const asked = new Set(pids);
    const children = this.#nursery.children().filter(({ pid }) => asked.has(pid));
    if (debug.enabled) debug('look at %d children: %s', pids.length, pids.join(', '));
    this.hooks.childrenLooked.call(readings);
    this.#treat(this.#policy.look(children, readings, kernel.host.clock.wall()));
    if (this.#policy.hasRogues && !this.#steps) {
      this.#steps = true;
      kernel.yield('rogues');
    }
    // PERF: self-yield-plugins: a delay of the kernel, while it is pending, has it read the clock for every event.
    this.#cancelLook = kernel.host.loop.after(this.settings.interval, () => kernel.yield('babysit'));
  }

  #step(): void {
    if (this.#stopped) return;
    if (!this.#policy.hasRogues) {
      this.#steps = false;
      return;
    }
    this.#treat(this.#policy.step());
    this.#kernel.delay('rogues', 2 * this.settings.interval);
  }

  #treat(treatments: readonly Treatment[]): void {
    for (const treatment of treatments) {
      const { id, pid, action, ailment, signal } = treatment;
      const isDone =
        action === 'forgive' ||
        (action === 'replace'
          ? this.#nursery.replace(pid, ailment)
          : this.#nursery.signal(pid, signal as string, ailment));
      if (!isDone) {
        if (debug.enabled) debug('cannot %s %d: it is ending, or has gone', action, pid);
        if (action === 'signal') this.#policy.lost(id);
        continue;
      }
      warn('POE_WARN_BABYSIT', inWords(treatment), this.#kernel);
      this.hooks.childTreated.call(treatment);
    }
  }
}

/**
 * Looks after children from now on.
 *
 * @param kernel - The kernel of the parent.
 * @param nursery - Whose children they are.
 * @param options - See {@link BabysitOptions}.
 * @param table - Where processes are looked up. Default: the system.
 * @returns The babysitter; of a kernel that has one, that one.
 * @throws PoeUsageError `POE_ERR_BABYSIT_OPTION` for an option that cannot be.
 * @example
 * const babysitter = babysit(kernel, nursery, { interval: 10, maxRss: 512 * 1024 * 1024 });
 * babysitter.hooks.childTreated.tap('log', ({ pid, action, found }) => console.log(pid, action, found));
 */
export function babysit(
  kernel: KernelView,
  nursery: Nursery,
  options: BabysitOptions = {},
  table: ProcessTable = systemProcessTable(),
): Babysitter {
  const existing = babysitters.get(kernel.hooks);
  if (existing !== undefined) return existing;
  const babysitter = new Babysitter(kernel, nursery, options, table);
  babysitters.set(kernel.hooks, babysitter);
  return babysitter;
}

/** The babysitter of a kernel, if its children are looked after. */
export function babysitterOf(kernel: KernelView): Babysitter | undefined {
  return babysitters.get(kernel.hooks);
}

function systemProcessTable(): ProcessTable {
  return process.platform === 'linux' ? new LinuxProcessTable() : new PortableProcessTable();
}

function inWords({ pid, action, ailment, signal, found }: Treatment): string {
  const doing = action === 'signal' ? `Send ${signal} to` : action === 'replace' ? 'Replace' : 'Forgive';
  return `${doing} the child ${pid} (${ailment}): ${found}`;
}
