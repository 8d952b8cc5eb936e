import type { From } from './caller.ts';
import { HandlerContext } from './context.ts';
import type { NFA } from './nfa.ts';
import type { MachineEvents } from './typed-machine.ts';
import type { SessionLike } from './types.ts';

/**
 * First parameter of every handler of a machine. `session` and `heap` are the machine and its runstate, so that library code
 * written for sessions works in it.
 *
 * @remarks Mirrors POE::NFA, "Predefined Event Fields".
 */
// biome-ignore lint/suspicious/noExplicitAny: a runstate is whatever the program makes of it, and states need no declaration
export class MachineContext<R = any, S = any> extends HandlerContext<R, MachineEvents<S>> {
  /** `MACHINE`: the machine the event was sent to. */
  readonly machine: NFA<R, S>;
  /** `RUNSTATE`: the machine's own storage. */
  readonly runstate: R;
  /** `EVENT`: the name of the event, `_default` in a `_default` handler. `state` is the name of the machine's state. */
  readonly event: string;

  /** @internal */
  constructor(machine: NFA<R, S>, state: string, event: string, sender: SessionLike, from: From, object: unknown) {
    super(machine, machine.getHeap(), state, sender, from, object);
    this.machine = machine;
    this.runstate = machine.getHeap();
    this.event = event;
  }
}
