import { debugFor, type KernelView, Session, warn } from '../../core/index.ts';
import { Brake } from './brake.ts';
import { Child } from './child.ts';
import type { ChildInfo } from './child-info.ts';
import { exitReason, isOwnFault, waitStatus } from './exit.ts';
import { createSupervisorHooks } from './hooks.ts';
import type { Launcher, StartedProcess } from './launcher.ts';
import type { FromChild } from './messages.ts';
import { checkCount, type PreforkSettings } from './options.ts';
import { plan } from './plan.ts';

const debug = debugFor('prefork:supervisor');

/** Ends that are remembered. */
const KEPT_EXITS = 100;
/** A child that has been up for so long is sound. */
const SETTLED_SECONDS = 5;
/** After so long without need there is a spare less. */
const SPARE_DECAY_SECONDS = 10;
/** POE: the event that keeps the parent alive. */
const WASTE_SECONDS = 60;
const RETRY_SECONDS = 1;

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
 * @remarks Does what POE::Component::IKC::Server does by `fork`, `retry`, `waste_time` and `sig_CHLD`.
 */
export class Supervisor {
  readonly hooks = createSupervisorHooks();
  readonly #settings: PreforkSettings;
  readonly #launcher: Launcher;
  readonly #children = new Map<number, Child>();
  readonly #exits: ChildInfo[] = [];
  readonly #brake: Brake;
  #kernel!: KernelView;
  #size: number;
  #spares: number;
  #lastId = 0;
  #generation = 0;
  #started = false;
  /** Sockets that are still to come before children can be started. */
  #expected = 0;
  #toldParent = false;
  #stopping = false;
  #ended = false;
  /** The signal that goes its way once the children have gone. */
  #heldSignal: string | undefined;
  #successor: StartedProcess | null = null;

  /** @internal */
  constructor(kernel: KernelView, settings: PreforkSettings, launcher: Launcher) {
    this.#settings = settings;
    this.#launcher = launcher;
    this.#size = Math.max(0, settings.processes - 1);
    this.#spares = settings.minSpares;
    this.#brake = new Brake(() => kernel.host.random.number());
    Session.create({
      kernel,
      inlineStates: {
        _start: ({ kernel }) => this.#begin(kernel),
        start: () => this.#start(),
        fork: () => this.#reconcile(),
        retry: () => this.#reconcile(),
        waste_time: () => this.#wasteTime(),
        settled: (_, id: number) => this.#settled(id),
        deadline: (_, id: number) => this.#overdue(id),
        fewer_spares: () => this.#decay(),
        handover_deadline: () => this.#failHandover(`it does not serve after ${this.#settings.handoverTimeout} s`),
        sig_INT: () => this.#interrupted('INT'),
        sig_TERM: () => this.#interrupted('TERM'),
        sig_HUP: () => this.#signalled(() => this.reload()),
        sig_TTIN: () => this.#signalled(() => this.scale(this.#size + 1)),
        sig_TTOU: () => this.#signalled(() => this.scale(Math.max(0, this.#size - 1))),
        sig_handover: () => this.#signalled(() => this.handover()),
        _stop: () => this.#stopped(),
      },
    });
  }

  // --- what there is

  /** The children that run, in the order in which they were started. */
  children(): ChildInfo[] {
    return [...this.#children.values()].map((child) => child.info());
  }

  /** The last 100 that have ended, with their reasons; the latest one last. */
  exits(): readonly ChildInfo[] {
    return [...this.#exits];
  }

  /** How many children are to serve. */
  get size(): number {
    return this.#size;
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
    const child = this.#find(pid);
    if (child === undefined || child.state === 'draining') return false;
    child.outdated = reason;
    this.#reconcile();
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
    const child = this.#find(pid);
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
    if (debug.enabled) debug('scale from %d to %d', this.#size, count);
    this.#size = count;
    this.#reconcile();
  }

  /**
   * Replaces all children one after the other, each once another one serves. The new ones run the program as it is now on disk. If
   * they do not come up, the old ones go on.
   */
  reload(): void {
    this.#generation++;
    if (debug.enabled) debug('reload: generation %d', this.#generation);
    for (const child of this.#children.values()) if (child.state !== 'draining') child.outdated ??= 'reload';
    this.#reconcile();
  }

  /**
   * Starts the program anew as a parent of its own, which takes the sockets over. Once its children serve, this one ends as by
   * {@link stop}. If it does not come that far, nothing has happened.
   *
   * @returns The number of the new process; undefined while a handover is under way, or if no process can be started.
   */
  handover(): number | undefined {
    if (this.#successor !== null || this.#stopping) return undefined;
    try {
      this.#successor = this.#launcher.successor({
        message: () => this.#handedOver(),
        exited: (code, signal) => this.#failHandover(`it ${exitReason(code, signal)}`),
      });
    } catch (error) {
      warn('POE_WARN_PREFORK_HANDOVER', `No handover: the new parent cannot be started: ${(error as Error).message}`);
      return undefined;
    }
    this.#kernel.delay('handover_deadline', this.#settings.handoverTimeout);
    this.#tell(() => this.hooks.handover.call('started', this.#successor?.pid ?? 0));
    return this.#successor.pid;
  }

  /**
   * Ends all children, which finish what they have, and then this supervisor. The parent's own sessions are none of its business.
   * @param reason - Default `stop`.
   */
  stop(reason = 'stop'): void {
    if (this.#stopping) return;
    this.#stopping = true;
    if (debug.enabled) debug('stop: %s', reason);
    this.#killSuccessor();
    this.#tell(() => this.hooks.stopping.call(reason));
    for (const name of ['waste_time', 'retry', 'fewer_spares', 'start']) this.#kernel.delay(name);
    for (const child of [...this.#children.values()]) {
      if (child.state === 'draining' && child.deadline === undefined) this.#hurry(child);
      else this.#retire(child, reason);
    }
    this.#endIfDone();
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

  #begin(kernel: KernelView): void {
    this.#kernel = kernel;
    kernel.aliasSet(`prefork ${kernel.host.identity.pid}`);
    for (const signal of ['INT', 'TERM', 'HUP', 'TTIN', 'TTOU']) kernel.sig(signal, `sig_${signal}`);
    if (this.#settings.handoverSignal !== '') kernel.sig(this.#settings.handoverSignal, 'sig_handover');
    // What listens in the same turn is shared with the children.
    kernel.yield('start');
  }

  #start(): void {
    if (this.#started || this.#stopping || this.#expected > 0) return;
    this.#started = true;
    this.#reconcile();
    this.#wasteTime();
  }

  /** POE: tells everybody that this is the parent, and keeps it alive. */
  #wasteTime(): void {
    if (this.#stopping) return;
    if (!this.#toldParent) {
      this.#toldParent = true;
      this.#kernel.signal(this.#kernel, '__parent');
    }
    this.#kernel.delay('waste_time', WASTE_SECONDS);
  }

  // --- as many children as there should be

  #reconcile(): void {
    if (!this.#started || this.#stopping) return;
    const { maxSpares } = this.#settings;
    const wanted = { size: this.#size, spares: this.#spares, maxSpares };
    const { promote, retire, start } = plan([...this.#children.values()], wanted);
    for (const [child, reason] of retire) this.#retire(child, reason);
    this.#startChildren(start);
    // Last: who is promoted may say so at once, and then there is a new plan.
    for (const child of promote) this.#promote(child);
  }

  #startChildren(count: number): void {
    for (let missing = count; missing > 0; missing--) {
      const now = this.#now();
      const isTrying = this.#brake.isOn && [...this.#children.values()].some(isUnsettled);
      if (isTrying) return;
      const wait = this.#brake.wait(now);
      if (wait > 0) {
        this.#kernel.delay('retry', wait);
        return;
      }
      this.#brake.tried(now);
      if (!this.#fork()) return;
    }
  }

  /** Starts a child. POE: if that fails it is tried again a second later. */
  #fork(): boolean {
    const child = new Child(++this.#lastId, this.#generation, this.#kernel.host.clock);
    try {
      child.process = this.#launcher.child(child.id, {
        message: (message) => this.#message(child, message),
        exited: (code, signal) => this.#exited(child, code, signal),
      });
    } catch (error) {
      warn('POE_WARN_PREFORK_SPAWN', `Cannot start a child: ${(error as Error).message}. Trying again in 1 s`);
      this.#kernel.delay('retry', RETRY_SECONDS);
      return false;
    }
    this.#children.set(child.id, child);
    this.#setDeadline(child, this.#settings.bootTimeout);
    if (debug.enabled) debug('start child %d, process %d', child.id, child.pid);
    this.#say(`Child ${child.pid} started`);
    this.#tell(() => this.hooks.childStarted.call(child.info()));
    return true;
  }

  #promote(child: Child): void {
    if (child.state !== 'spare' || child.promised) return;
    if (debug.enabled) debug('child %d is to serve', child.id);
    child.promised = true;
    this.#setDeadline(child, this.#settings.bootTimeout);
    child.process.send({ type: 'serve' });
  }

  /** Has a child finish what it has, and end. */
  #retire(child: Child, reason: string): void {
    if (child.state === 'draining') return;
    if (debug.enabled) debug('retire child %d: %s', child.id, reason);
    this.#hurry(child);
    this.#draining(child, reason);
  }

  /** A child has to end within the time for that. */
  #hurry(child: Child): void {
    const { drainTimeout } = this.#settings;
    child.process.send({ type: 'retire', seconds: drainTimeout });
    this.#setDeadline(child, drainTimeout);
  }

  #setDeadline(child: Child, seconds: number): void {
    this.#clearDeadline(child);
    child.deadline = this.#kernel.delaySet('deadline', seconds, child.id) as number;
  }

  #draining(child: Child, reason: string): void {
    child.state = 'draining';
    child.promised = false;
    child.reason = reason;
    this.#tell(() => this.hooks.childDraining.call(child.info()));
  }

  #clearDeadline(child: Child): void {
    if (child.deadline !== undefined) this.#kernel.alarmRemove(child.deadline);
    child.deadline = undefined;
  }

  // --- spares

  /** A child that served does so no more: another one takes its place. */
  #substitute(): void {
    const hasSpare = [...this.#children.values()].some(({ state, promised }) => state === 'spare' && !promised);
    if (!hasSpare) this.#moreSpares();
    this.#reconcile();
  }

  /** Children go faster than spares come up. */
  #moreSpares(): void {
    if (this.#stopping || this.#brake.isOn || this.#spares === 0) return;
    this.#spares = Math.min(this.#settings.maxSpares, this.#spares + 1);
    this.#kernel.delay('fewer_spares', SPARE_DECAY_SECONDS);
  }

  #decay(): void {
    if (this.#spares <= this.#settings.minSpares) return;
    this.#spares--;
    const [surplus] = [...this.#children.values()].filter((child) => child.state === 'spare' && !child.promised);
    if (surplus !== undefined) this.#retire(surplus, 'spare');
    this.#kernel.delay('fewer_spares', SPARE_DECAY_SECONDS);
  }

  // --- what children say

  #message(child: Child, message: FromChild): void {
    if (child.state === 'exited') return;
    child.heardAt = this.#kernel.host.clock.wall();
    switch (message.type) {
      case 'ready':
        this.#ready(child);
        break;
      case 'serving':
        this.#serves(child);
        break;
      case 'draining':
        if (child.state === 'draining') break;
        this.#clearDeadline(child);
        // Who has had its number of connections serves them to their end, however long that takes.
        if (message.reason !== 'connections') this.#hurry(child);
        this.#draining(child, message.reason);
        this.#substitute();
        break;
      case 'wants':
        if (child.state === 'serving') child.process.send({ type: 'socket', index: message.index }, message.index);
        break;
      case 'stats':
        child.connections = message.connections;
        child.open = message.open;
        this.#tell(() => this.hooks.childHeard.call(child.info()));
        break;
      case 'drained':
        child.connections = message.connections;
        child.open = 0;
        break;
    }
  }

  #ready(child: Child): void {
    if (child.state !== 'starting') return;
    child.state = 'spare';
    this.#clearDeadline(child);
    this.#kernel.delaySet('settled', SETTLED_SECONDS, child.id);
    this.#tell(() => this.hooks.childReady.call(child.info()));
    this.#reconcile();
  }

  #serves(child: Child): void {
    if (child.state !== 'spare') return;
    child.state = 'serving';
    child.promised = false;
    this.#clearDeadline(child);
    child.serving = this.#kernel.host.clock.wall();
    this.#say(`Child ${child.pid} serves`);
    this.#tell(() => this.hooks.childServing.call(child.info()));
    this.#reconcile();
  }

  #settled(id: number): void {
    const child = this.#children.get(id);
    if (child === undefined) return;
    child.settled = true;
    if (!this.#brake.isOn) return;
    this.#brake.release();
    this.#reconcile();
  }

  /** It has not booted, or not ended, in time. */
  #overdue(id: number): void {
    const child = this.#children.get(id);
    if (child === undefined) return;
    const { bootTimeout, drainTimeout } = this.#settings;
    const what =
      child.state === 'draining' ? `it has not ended in ${drainTimeout} s` : `it does not serve after ${bootTimeout} s`;
    warn('POE_WARN_PREFORK_KILLED', `Killed child ${child.pid}: ${what}`);
    child.reason ??= 'boot timeout';
    child.killed = true;
    child.process.kill('KILL');
  }

  // --- ends

  /** POE: another one is started for each child that ends. */
  #exited(child: Child, code: number | null, signal: string | null): void {
    if (!this.#children.delete(child.id)) return;
    const wasExpected = child.state === 'draining';
    const wasServing = child.state === 'serving';
    this.#clearDeadline(child);
    child.state = 'exited';
    child.ended = this.#kernel.host.clock.wall();
    child.status = waitStatus(code, signal);
    const how = exitReason(code, signal);
    child.reason ??= how;
    if (debug.enabled) debug('child %d, process %d %s (%s)', child.id, child.pid, how, child.reason);
    this.#exits.push(child.info());
    if (this.#exits.length > KEPT_EXITS) this.#exits.shift();
    if (wasExpected) this.#say(`Child ${child.pid} ${how}: ${child.reason}`);
    else this.#unexpected(child, how, isOwnFault(signal));
    this.#tell(() => this.hooks.childExited.call(child.info()));
    this.#endIfDone();
    if (wasServing) this.#substitute();
    else this.#reconcile();
  }

  #unexpected(child: Child, how: string, ownFault: boolean): void {
    // Who is killed from outside is not at fault, however young.
    const isFailure = ownFault && !child.settled;
    const wasOn = this.#brake.isOn;
    if (isFailure && !this.#stopping) this.#brake.failed(child.startedAt, this.#now());
    // A loop of crashes is told of once, not each time.
    if (isFailure && wasOn) return;
    const slower = isFailure ? '. Those that follow are started more slowly while it goes on' : '';
    const told = child.reason === how ? how : `${how} (${child.reason})`;
    warn('POE_WARN_PREFORK_EXIT', `Child ${child.pid} ${told}${slower}`);
  }

  #endIfDone(): void {
    if (!this.#stopping || this.#ended || this.#children.size > 0) return;
    this.#ended = true;
    const kernel = this.#kernel;
    kernel.alarmRemoveAll();
    for (const signal of ['INT', 'TERM', 'HUP', 'TTIN', 'TTOU', this.#settings.handoverSignal]) kernel.sig(signal);
    kernel.aliasRemove(`prefork ${kernel.host.identity.pid}`);
    // Who has waited for it gets it now.
    if (this.#heldSignal !== undefined) kernel.signal(kernel, this.#heldSignal);
  }

  /** POE: the session ended before its children did. */
  #stopped(): void {
    this.#killSuccessor();
    for (const child of this.#children.values()) child.process.kill('INT');
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
    if (this.#stopping) {
      for (const child of this.#children.values()) {
        child.killed = true;
        child.process.kill('KILL');
      }
      return;
    }
    const children = [...this.#children.values()];
    this.stop(signal);
    if (signal === 'INT') for (const child of children) child.process.kill('INT');
  }

  // --- the next program

  #handedOver(): void {
    const successor = this.#successor;
    if (successor === null) return;
    this.#successor = null;
    this.#kernel.delay('handover_deadline');
    this.#launcher.handedOver();
    this.#tell(() => this.hooks.handover.call('done', successor.pid));
    this.#heldSignal = 'TERM';
    this.stop('handover');
  }

  #failHandover(why: string): void {
    const successor = this.#successor;
    if (successor === null) return;
    this.#killSuccessor();
    warn('POE_WARN_PREFORK_HANDOVER', `No handover to process ${successor.pid}: ${why}. The old one goes on`);
    this.#tell(() => this.hooks.handover.call('failed', successor.pid));
  }

  #killSuccessor(): void {
    const successor = this.#successor;
    this.#successor = null;
    this.#kernel.delay('handover_deadline');
    successor?.kill('KILL');
  }

  // --- helpers

  #find(pid: number): Child | undefined {
    for (const child of this.#children.values()) if (child.pid === pid) return child;
    return undefined;
  }

  #now(): number {
    return this.#kernel.host.clock.monotonic();
  }

  #say(text: string): void {
    if (this.#settings.verbose) warn('POE_WARN_PREFORK_VERBOSE', text);
  }

  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      warn('POE_WARN_HOOK_FAILED', `A tap of a supervisor's hook threw: ${String(error)}`);
    }
  }
}

function isUnsettled({ state, settled }: Child): boolean {
  return state === 'starting' || ((state === 'spare' || state === 'serving') && !settled);
}
