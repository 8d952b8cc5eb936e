import { SyncHook } from 'tapable';
import type { ChildInfo } from './child-info.ts';

/** How a handover to a new parent process goes. */
export type HandoverStage = 'started' | 'done' | 'failed';

/** Makes the hooks of one supervisor. */
export function createSupervisorHooks() {
  return Object.freeze({
    /** Told when a child process has been started; it is booting. */
    childStarted: new SyncHook<[child: ChildInfo]>(['child'], 'childStarted'),
    /** Told when a child has booted and waits as a spare. */
    childReady: new SyncHook<[child: ChildInfo]>(['child'], 'childReady'),
    /** Told when a child accepts connections. */
    childServing: new SyncHook<[child: ChildInfo]>(['child'], 'childServing'),
    /** Told each time a child says how it is: see `heardAt`, `connections` and `open`. */
    childHeard: new SyncHook<[child: ChildInfo]>(['child'], 'childHeard'),
    /** Told when a child accepts no more; `child.reason` says why. */
    childDraining: new SyncHook<[child: ChildInfo]>(['child'], 'childDraining'),
    /** Told when a child has ended; `child.reason`, `status` and `ended` are filled in. */
    childExited: new SyncHook<[child: ChildInfo]>(['child'], 'childExited'),
    /** Told when a handover to a new parent begins, and how it ended. */
    handover: new SyncHook<[stage: HandoverStage, pid: number]>(['stage', 'pid'], 'handover'),
    /** Told once, when all children are to end. */
    stopping: new SyncHook<[reason: string]>(['reason'], 'stopping'),
  });
}

export type SupervisorHooks = ReturnType<typeof createSupervisorHooks>;

/** Makes the hooks of one worker. */
export function createWorkerHooks() {
  return Object.freeze({
    /** Told when the child accepts no more, with the reason. */
    draining: new SyncHook<[reason: string]>(['reason'], 'draining'),
    /** Told when its time is nearly up though connections are open: close them. */
    closing: new SyncHook<[]>([], 'closing'),
  });
}

export type WorkerHooks = ReturnType<typeof createWorkerHooks>;
