import { type HandlerContext, Kernel, list } from '../../../core/index.ts';
import type { KernelView } from '../../../core/kernel-view.ts';
import { type Actor, type Maker, perform } from './operations.ts';
import { type Program, type Returned, STUCK, type Step } from './program.ts';
import type { SimulatedTime } from './simulated-time.ts';
import { errorText, State } from './state.ts';

/**
 * Which kernel the handlers of a program use: the one of their context, which is bound to their session, or the one of
 * the main program, which acts for the active session as Perl's `$poe_kernel` does.
 */
export type KernelChoice = 'bound' | 'active';

/** Runs a program on ours and gives its trace. */
export async function interpret(program: Program, choice: KernelChoice = 'bound'): Promise<string[]> {
  return new Interpreter(program, choice).run();
}

const LIFE_CYCLE: ReadonlySet<string> = new Set(['_stop', '_child', '_parent']);

function simulatedKernel(time: SimulatedTime): Kernel {
  const signals = { exists: () => false, watch: () => () => {} };
  return new Kernel({ host: { clock: time, loop: time, signals } });
}

class Interpreter implements Maker {
  readonly #choice: KernelChoice;
  readonly #state: State;
  /** Whether what the program holds has been given back in this run of the kernel. */
  #released = false;

  constructor(program: Program, choice: KernelChoice) {
    this.#choice = choice;
    this.#state = new State(program, simulatedKernel);
    this.#state.kernel.hooks.warn.tap('fuzz', (code, message) => {
      const event = /^A '(\w+)' event/.exec(message)?.[1];
      if (code === 'POE_WARN_UNHANDLED') this.#state.say(`warning: unhandled ${event}`);
      return false;
    });
  }

  async run(): Promise<string[]> {
    const state = this.#state;
    for (const [phase, steps] of state.program.main.entries()) {
      state.say(`main ${phase + 1}`);
      state.depth = 1;
      try {
        this.#runSteps(steps, { kernel: state.kernel });
      } catch (error) {
        state.say(`main died: ${errorText(error)}`);
      }
      state.depth = 0;
      state.say('run');
      if (!(await this.#runKernel())) break;
    }
    return state.trace;
  }

  /** False if the run does not end. */
  async #runKernel(): Promise<boolean> {
    const { kernel, time } = this.#state;
    this.#released = false;
    const running = kernel.run();
    if (!(await time.turnUntil(running, () => this.#stuck()))) return false;
    try {
      await running;
      this.#state.say('run returned');
    } catch (error) {
      this.#state.say(`run died: ${errorText(error)}`);
    }
    return true;
  }

  /** Nothing can happen any more, but something is held: have it given back once, then give up. */
  #stuck(): boolean {
    const { slots, time, sessions, kernel } = this.#state;
    if (this.#released) {
      this.#state.say(STUCK);
      return false;
    }
    this.#released = true;
    this.#state.say('waits for ever');
    time.passUntil(slots.timeOf(slots.now + 5000));
    const first = sessions.find((session) => session && kernel.idSessionToId(session) !== undefined);
    if (first !== undefined) kernel.post(first, 'release');
    return first !== undefined;
  }

  #releaseAll(kernel: KernelView): void {
    const { postbacks, held, sessions } = this.#state;
    for (const postback of postbacks) postback?.destroy();
    postbacks.fill(null);
    for (const [key, count] of [...held].sort()) {
      const [n, tag] = key.split(' ') as [string, string];
      const id = sessions[Number(n)]?.id ?? 0;
      for (let left = count; left > 0; left--) kernel.refcountDecrement(id, tag);
    }
    held.clear();
  }

  // --- handlers

  handler(n: number, body: number) {
    return (context: HandlerContext, ...args: unknown[]): unknown => this.#handle(n, body, context, args);
  }

  releaseHandler(n: number) {
    return ({ kernel }: HandlerContext): void => {
      this.#state.say(`s${n} release`);
      this.#releaseAll(kernel);
    };
  }

  #handle(n: number, body: number, context: HandlerContext, args: unknown[]): unknown {
    const state = this.#state;
    const { session, state: event, sender, callerState, object, wantarray } = context;
    state.sessions[n] = session;
    const parts = [state.labelOf(session), event, 'from', state.labelOf(sender), 'in', callerState ?? 'undef'];
    parts.push(state.showArgs(args), 'for', wantarray === undefined ? 'void' : wantarray ? 'list' : 'scalar');
    if (object !== undefined) parts.push('as object');
    state.say(parts.join(' '));
    if (++state.handlers > state.program.limits.handlers) return undefined;

    const kernel = this.#choice === 'bound' ? context.kernel : state.kernel;
    const { depth, inLifeCycle } = state;
    state.depth++;
    state.inLifeCycle ||= LIFE_CYCLE.has(event === '_default' ? (args[0] as string) : event);
    try {
      return this.#returned(this.#runSteps(state.program.bodies[body] ?? [], { kernel, session }), kernel);
    } finally {
      state.depth = depth;
      state.inLifeCycle = inLifeCycle;
    }
  }

  #returned(returned: Returned | undefined, kernel: KernelView): unknown {
    if (returned === undefined || returned.kind === 'none') return undefined;
    if (returned.kind === 'value') return this.#state.value(returned.value, kernel);
    return list(...this.#state.values(returned.values, kernel));
  }

  /** Runs the steps of a body until a return, and gives that. */
  #runSteps(steps: readonly Step[], actor: Actor): Returned | undefined {
    for (const step of steps) {
      if (step.op === 'return') return step;
      if (actor.session !== undefined && actor.kernel.idSessionToId(actor.session) === undefined) {
        this.#state.say('gone');
        return undefined;
      }
      perform(step, this.#state, actor, this);
    }
    return undefined;
  }
}
