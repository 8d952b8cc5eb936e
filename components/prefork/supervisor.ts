import { debugFor, type KernelView, Session } from '../../core/index.ts';
import type { ChildInfo } from './child-info.ts';
import { Handover } from './handover.ts';
import { createSupervisorHooks, type SupervisorHooks } from './hooks.ts';
import type { Launcher } from './launcher.ts';
import { checkCount, type PreforkSettings } from './options.ts';
import { Pool } from './pool.ts';

const debug = debugFor('prefork:supervisor');

/** What keeps the parent alive. POE: a delay that wastes time. PERF: self-yield-plugins: each pending delay has the kernel read the clock for every event. */
const ALIVE = 'prefork';

/**
 * The parent's side of a program that runs in several processes: starts children, replaces those that end, and keeps spares that have
 * booted. It never accepts a connection.
 *
 * Found with {@link supervisorOf}. What it does shows in its {@link hooks}; who wants more than that (a watchdog, a metric, a command)
 * builds on its methods.
 *
 * @example
 * const supervisor = supervisorOf(kernel);
 * supervisor?.hooks.childExited.tap('log', ({ pid, reason }) => console.log(`${pid}: ${reason}`));
 * supervisor?.replace(pid, 'rss');
 * @remarks Does what POE::Component::IKC::Server does by `fork`, `retry` and `sig_CHLD`.
 */
export class Supervisor {
  readonly hooks: SupervisorHooks;
  readonly #settings: PreforkSettings;
  #kernel!: KernelView;
  #pool!: Pool;
  #handover!: Handover;
  #started = false;
  /** Sockets that are still to come before children can be started. */
  #expected = 0;
  #stopping = false;
  #ended = false;
  /** The signal that goes its way once the children have gone. */
  #heldSignal: string | undefined;

  /** @internal */
  constructor(kernel: KernelView, settings: PreforkSettings, launcher: Launcher) {
    this.#settings = settings;
    this.hooks = kernel.guardHooks(createSupervisorHooks());
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => this.#begin(kernel, launcher),
        start: () => this.#start(),
        // POE: another child, at once or after one could not be started.
        fork: () => this.#pool.startMissing(),
        retry: () => this.#pool.startMissing(),
        settled: (_, id: number) => this.#pool.settled(id),
        deadline: (_, id: number) => this.#pool.overdue(id),
        fewer_spares: () => this.#pool.fewerSpares(),
        handover_deadline: () => this.#handover.overdue(),
        sig_INT: () => this.#interrupted('INT'),
        sig_TERM: () => this.#interrupted('TERM'),
        sig_HUP: () => this.#signalled(() => this.reload()),
        sig_TTIN: () => this.#signalled(() => this.scale(this.size + 1)),
        sig_TTOU: () => this.#signalled(() => this.scale(Math.max(0, this.size - 1))),
        sig_handover: () => this.#signalled(() => this.handover()),
        _stop: () => this.#stopped(),
      },
    });
  }

  // --- what there is

  /** The children that run, in the order in which they were started. */
  children(): ChildInfo[] {
    return this.#pool.children.all().map((child) => child.info());
  }

  /** The last 100 that have ended, with their reasons; the latest one last. */
  exits(): readonly ChildInfo[] {
    return this.#pool.children.exits();
  }

  /** How many children are to serve. */
  get size(): number {
    return this.#pool.size;
  }

  /** Seconds from one sign of life of a child to the next. */
  get heartbeat(): number {
    return this.#settings.heartbeat;
  }

  /** How often {@link reload} has been called. */
  get generation(): number {
    return this.#pool.generation;
  }

  /** Whether all children are ending or have ended. */
  get stopping(): boolean {
    return this.#stopping;
  }

  // --- what can be asked for

  /**
   * Replaces a child: as soon as another one serves in its place it is to finish what it has and end.
   *
   * @param pid - Its process number.
   * @param reason - One word or a few, which {@link ChildInfo.reason} then has.
   * @returns Whether there is such a child that is not ending already.
   */
  replace(pid: number, reason: string): boolean {
    const child = this.#pool.children.find(pid);
    if (child === undefined || child.state === 'draining') return false;
    this.#pool.outdate(child, reason);
    return true;
  }

  /**
   * Sends a signal to a child.
   *
   * @param name - Without `SIG`.
   * @param reason - What is remembered as the reason if the child ends by it.
   * @returns Whether there is such a child.
   */
  signal(pid: number, name: string, reason?: string): boolean {
    const child = this.#pool.children.find(pid);
    if (child === undefined) return false;
    if (reason !== undefined) child.reason = reason;
    return child.process.kill(name);
  }

  /**
   * Has more or fewer children serve. Those that are too many finish what they have.
   * @param count - How many are to serve.
   * @throws PoeUsageError `POE_ERR_PREFORK_OPTION` for what is no whole number from 0 on.
   */
  scale(count: number): void {
    checkCount('count', count);
    this.#pool.size = count;
  }

  /**
   * Replaces all children one after the other, each once another one serves. The new ones run the program as it is now on disk. If
   * they do not come up, the old ones go on.
   */
  reload(): void {
    this.#pool.outdateAll('reload');
  }

  /**
   * Starts the program anew as a parent of its own, which takes the sockets over. Once its children serve, this one ends as by
   * {@link stop}. If it does not come that far, nothing has happened.
   *
   * @returns The number of the new process; undefined while a handover is under way, or if no process can be started.
   */
  handover(): number | undefined {
    return this.#stopping ? undefined : this.#handover.start();
  }

  /**
   * Ends all children, which finish what they have, and then this supervisor. The parent's own sessions are none of its business.
   * @param reason - Default `stop`.
   */
  stop(reason = 'stop'): void {
    if (this.#stopping) return;
    this.#stopping = true;
    if (debug.enabled) debug('stop: %s', reason);
    this.#handover.abandon();
    this.hooks.stopping.call(reason);
    this.#pool.end(reason);
  }

  /**
   * Puts off the start of children until one more socket is held: one whose address is still being looked up, for instance.
   */
  expectSocket(): void {
    this.#expected++;
  }

  /** A socket is held. @internal */
  socketHeld(): void {
    if (this.#expected === 0 || this.#started) return;
    this.#expected--;
    if (this.#expected === 0) this.#kernel.yield('start');
  }

  // --- beginnings

  #begin(kernel: KernelView, launcher: Launcher): void {
    const { hooks } = this;
    const settings = this.#settings;
    this.#kernel = kernel;
    this.#pool = new Pool(kernel, settings, launcher, hooks, () => this.#end());
    this.#handover = new Handover(kernel, launcher, hooks, settings.handoverTimeout, () => this.#handedOver());
    kernel.aliasSet(`prefork ${kernel.host.identity.pid}`);
    kernel.refcountIncrement(kernel.session.id, ALIVE);
    for (const signal of ['INT', 'TERM', 'HUP', 'TTIN', 'TTOU']) kernel.sig(signal, `sig_${signal}`);
    if (settings.handoverSignal !== '') kernel.sig(settings.handoverSignal, 'sig_handover');
    // What listens in the same turn is shared with the children.
    kernel.yield('start');
  }

  #start(): void {
    if (this.#started || this.#stopping || this.#expected > 0) return;
    this.#started = true;
    this.#pool.begin();
    this.#kernel.signal(this.#kernel, '__parent');
  }

  // --- ends

  /** All children have ended. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const kernel = this.#kernel;
    kernel.alarmRemoveAll();
    for (const signal of ['INT', 'TERM', 'HUP', 'TTIN', 'TTOU', this.#settings.handoverSignal]) kernel.sig(signal);
    kernel.aliasRemove(`prefork ${kernel.host.identity.pid}`);
    kernel.refcountDecrement(kernel.session.id, ALIVE);
    // Who has waited for it gets it now.
    if (this.#heldSignal !== undefined) kernel.signal(kernel, this.#heldSignal);
  }

  /** POE: the session ended before its children did. */
  #stopped(): void {
    this.#handover.abandon();
    for (const child of this.#pool.children.all()) child.process.kill('INT');
  }

  #handedOver(): void {
    this.#heldSignal = 'TERM';
    this.stop('handover');
  }

  // --- signals

  #signalled(act: () => void): void {
    this.#kernel.sigHandled();
    if (!this.#stopping) act();
  }

  /**
   * TERM has the children finish what they have, INT ends them at once; a second one kills them. The signal goes to the other sessions of
   * the parent once they have gone.
   */
  #interrupted(signal: 'INT' | 'TERM'): void {
    this.#kernel.sigHandled();
    this.#heldSignal = signal;
    const children = this.#pool.children.all();
    if (this.#stopping) {
      for (const child of children) {
        child.killed = true;
        child.process.kill('KILL');
      }
      return;
    }
    this.stop(signal);
    if (signal === 'INT') for (const child of children) child.process.kill('INT');
  }
}
