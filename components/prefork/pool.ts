import { debugFor, type KernelView, warn } from '../../core/index.ts';
import { Brake } from './brake.ts';
import { Child } from './child.ts';
import { exitReason, isOwnFault, waitStatus } from './exit.ts';
import type { SupervisorHooks } from './hooks.ts';
import type { Launcher } from './launcher.ts';
import type { FromChild } from './messages.ts';
import type { PreforkSettings } from './options.ts';
import { type Plan, plan } from './plan.ts';
import { Roster } from './roster.ts';
import { Spares } from './spares.ts';

const debug = debugFor('prefork:supervisor');

/** How long a spare may take to say that it serves; then another one is told to. */
const TAKEOVER_SECONDS = 1;
/** A child that has been up for so long is sound. */
const SETTLED_SECONDS = 5;
/** After so long without need there is a spare less. */
const SPARE_DECAY_SECONDS = 10;
/** POE: until it is tried again where no process could be started. */
const RETRY_SECONDS = 1;

/** Keeps as many children as there should be: starts, promotes and retires them, hears what they say, and records how they end. */
export class Pool {
  readonly children = new Roster();
  readonly #kernel: KernelView;
  readonly #settings: PreforkSettings;
  readonly #launcher: Launcher;
  readonly #hooks: SupervisorHooks;
  readonly #brake: Brake;
  readonly #spares: Spares;
  readonly #emptied: () => void;
  #size: number;
  #lastId = 0;
  #generation = 0;
  #phase: 'new' | 'up' | 'ending' = 'new';

  /**
   * @param kernel - The view of the supervisor's session, whose events `fork`, `retry`, `settled`, `deadline` and `fewer_spares` come here.
   * @param emptied - Called when the last child has ended after {@link end}.
   */
  constructor(
    kernel: KernelView,
    settings: PreforkSettings,
    launcher: Launcher,
    hooks: SupervisorHooks,
    emptied: () => void,
  ) {
    this.#kernel = kernel;
    this.#settings = settings;
    this.#launcher = launcher;
    this.#hooks = hooks;
    this.#emptied = emptied;
    this.#size = Math.max(0, settings.processes - 1);
    this.#spares = new Spares(settings);
    this.#brake = new Brake(() => kernel.host.random.number());
  }

  /** How many children are to serve. */
  get size(): number {
    return this.#size;
  }

  set size(count: number) {
    if (debug.enabled) debug('scale from %d to %d', this.#size, count);
    this.#size = count;
    this.#reconcile();
  }

  /** How often all of them were to be replaced. */
  get generation(): number {
    return this.#generation;
  }

  /** Starts the first ones. */
  begin(): void {
    this.#phase = 'up';
    this.startMissing();
  }

  /** Has a child replaced. */
  outdate(child: Child, reason: string): void {
    child.outdated = reason;
    this.#reconcile();
  }

  /** Has all of them replaced. */
  outdateAll(reason: string): void {
    this.#generation++;
    if (debug.enabled) debug('%s: generation %d', reason, this.#generation);
    for (const child of this.children.all()) if (child.state !== 'draining') child.outdated ??= reason;
    this.#reconcile();
  }

  /** Has all of them finish what they have and end; none is started any more. */
  end(reason: string): void {
    this.#phase = 'ending';
    for (const name of ['fork', 'retry', 'fewer_spares']) this.#kernel.delay(name);
    for (const child of this.children.all()) {
      if (child.state === 'draining' && child.deadline === undefined) this.#hurry(child);
      else this.#retire(child, reason);
    }
    if (this.children.size === 0) this.#emptied();
  }

  // --- as many as there should be

  #plan(): Plan {
    const { maxSpares } = this.#settings;
    return plan(this.children.all(), { size: this.#size, spares: this.#spares.wanted, maxSpares });
  }

  /**
   * Brings the children there are nearer to those there should be. Who is booted is told to serve at once. Others are started in turns of
   * their own: that takes milliseconds, for which neither a message nor the end of another child should have to wait.
   */
  #reconcile(): void {
    if (this.#phase !== 'up') return;
    const { promote, retire, start } = this.#plan();
    for (const [child, reason] of retire) this.#retire(child, reason);
    if (start > 0) this.#kernel.yield('fork');
    // Last: who is promoted may say so at once, and then there is a new plan.
    for (const child of promote) this.#promote(child);
  }

  /** Starts one child, if one is missing, and sees to the others in the next turn. */
  startMissing(): void {
    if (this.#phase !== 'up' || this.#plan().start === 0) return;
    const booting = this.children.all().filter(({ state }) => state === 'starting');
    // Whoever is through with it looks again.
    if (booting.length >= this.#launcher.atOnce) return;
    const isTrying = this.#brake.isOn && this.children.all().some(isUnsettled);
    if (isTrying) return;
    const now = this.#now();
    const wait = this.#brake.wait(now);
    if (wait > 0) {
      this.#kernel.delay('retry', wait);
      return;
    }
    this.#brake.tried(now);
    if (this.#start()) this.#kernel.yield('fork');
  }

  /** Starts a child. POE: if that fails it is tried again a second later. */
  #start(): boolean {
    const child = new Child(++this.#lastId, this.#generation, this.#kernel.host.clock);
    try {
      child.process = this.#launcher.child(child.id, {
        message: (message) => this.#message(child, message),
        exited: (code, signal) => this.#exited(child, code, signal),
      });
    } catch (error) {
      warn(
        'POE_WARN_PREFORK_SPAWN',
        `Cannot start a child: ${(error as Error).message}. Trying again in 1 s`,
        this.#kernel,
      );
      this.#kernel.delay('retry', RETRY_SECONDS);
      return false;
    }
    this.children.add(child);
    this.#setDeadline(child, this.#settings.bootTimeout);
    if (debug.enabled) debug('start child %d, process %d', child.id, child.pid);
    this.#say(`Child ${child.pid} started`);
    this.#hooks.childStarted.call(child.info());
    return true;
  }

  #promote(child: Child): void {
    if (child.state !== 'spare' || child.promised) return;
    if (debug.enabled) debug('child %d is to serve', child.id);
    child.promised = true;
    this.#setDeadline(child, TAKEOVER_SECONDS);
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

  #draining(child: Child, reason: string): void {
    child.state = 'draining';
    child.promised = false;
    child.reason = reason;
    this.#hooks.childDraining.call(child.info());
  }

  // --- spares

  /** A child has gone before its time: another one takes its place. */
  #substitute(): void {
    if (this.children.spares().length === 0 && !this.#brake.isOn) this.#spares.more();
    // It is counted from the last time that one was needed.
    if (this.#spares.areMany && this.#phase === 'up') this.#kernel.delay('fewer_spares', SPARE_DECAY_SECONDS);
    this.#reconcile();
  }

  fewerSpares(): void {
    if (!this.#spares.areMany) return;
    this.#spares.fewer();
    const [surplus] = this.children.spares();
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
        this.#hooks.childHeard.call(child.info());
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
    this.#hooks.childReady.call(child.info());
    this.#reconcile();
  }

  #serves(child: Child): void {
    if (child.state !== 'spare') return;
    child.state = 'serving';
    child.promised = false;
    this.#clearDeadline(child);
    child.serving = this.#kernel.host.clock.wall();
    this.#say(`Child ${child.pid} serves`);
    this.#hooks.childServing.call(child.info());
    this.#reconcile();
  }

  settled(id: number): void {
    const child = this.children.get(id);
    if (child === undefined) return;
    child.settled = true;
    if (!this.#brake.isOn) return;
    this.#brake.release();
    this.#reconcile();
  }

  // --- ends

  /** It has not booted, not taken over, or not ended, in time. */
  overdue(id: number): void {
    const child = this.children.get(id);
    if (child === undefined) return;
    child.deadline = undefined;
    if (child.promised) {
      if (debug.enabled) debug('child %d does not take over', child.id);
      child.promised = false;
      child.outdated ??= 'takeover timeout';
      this.#substitute();
      return;
    }
    const { bootTimeout, drainTimeout } = this.#settings;
    const what =
      child.state === 'draining' ? `it has not ended in ${drainTimeout} s` : `it has not booted in ${bootTimeout} s`;
    warn('POE_WARN_PREFORK_KILLED', `Killed child ${child.pid}: ${what}`, this.#kernel);
    child.reason ??= 'boot timeout';
    child.killed = true;
    child.process.kill('KILL');
  }

  /** POE: another one is started for each child that ends. */
  #exited(child: Child, code: number | null, signal: string | null): void {
    if (!this.children.ended(child)) return;
    const wasExpected = child.state === 'draining';
    this.#clearDeadline(child);
    child.state = 'exited';
    child.ended = this.#kernel.host.clock.wall();
    child.status = waitStatus(code, signal);
    const how = exitReason(code, signal);
    child.reason ??= how;
    if (debug.enabled) debug('child %d, process %d %s (%s)', child.id, child.pid, how, child.reason);
    this.children.remember(child.info());
    if (!wasExpected) this.#blame(child, how, isOwnFault(signal));
    // Before anybody is told: clients wait.
    if (wasExpected) this.#reconcile();
    else this.#substitute();
    if (wasExpected) this.#say(`Child ${child.pid} ${how}: ${child.reason}`);
    this.#hooks.childExited.call(child.info());
    if (this.#phase === 'ending' && this.children.size === 0) this.#emptied();
  }

  /** Says why a child has ended that was not to, and slows its replacement down if they do nothing else. */
  #blame(child: Child, how: string, ownFault: boolean): void {
    // Who is killed from outside is not at fault, however young.
    const isFailure = ownFault && !child.settled;
    const wasOn = this.#brake.isOn;
    if (isFailure && this.#phase === 'up') this.#brake.failed(child.startedAt, this.#now());
    // A loop of crashes is told of once, not each time.
    if (isFailure && wasOn) return;
    const slower = isFailure ? '. Those that follow are started more slowly while it goes on' : '';
    const told = child.reason === how ? how : `${how} (${child.reason})`;
    warn('POE_WARN_PREFORK_EXIT', `Child ${child.pid} ${told}${slower}`, this.#kernel);
  }

  // --- helpers

  #setDeadline(child: Child, seconds: number): void {
    this.#clearDeadline(child);
    child.deadline = this.#kernel.delaySet('deadline', seconds, child.id) as number;
  }

  #clearDeadline(child: Child): void {
    if (child.deadline !== undefined) this.#kernel.alarmRemove(child.deadline);
    child.deadline = undefined;
  }

  #now(): number {
    return this.#kernel.host.clock.monotonic();
  }

  #say(text: string): void {
    if (this.#settings.verbose) warn('POE_WARN_PREFORK_VERBOSE', text, this.#kernel);
  }
}

function isUnsettled({ state, settled }: Child): boolean {
  return state === 'starting' || ((state === 'spare' || state === 'serving') && !settled);
}
