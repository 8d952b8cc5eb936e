import type { Engine } from './engine.ts';
import { KernelView } from './kernel-view.ts';
import { SessionNode } from './session-node.ts';

/**
 * The kernel as a session: parent of every session that has no other, sender of signals, target of events that are
 * for nobody. It has no handlers and never runs out of reasons to live.
 */
export class KernelSession extends SessionNode {
  readonly id: string;

  constructor(engine: Engine, id: string) {
    super(engine, new KernelView(engine, null));
    this.id = id;
  }

  /** POE: Kernel, _invoke_state: 0 is what a call to the kernel returns. */
  override _invoke(): unknown {
    return 0;
  }
}
