import type { Engine } from '../engine.ts';
import { PoeUsageError } from '../errors.ts';
import { CHILD, PARENT, SIGNAL, START, STOP } from '../event.ts';
import type { KernelView } from '../kernel-view.ts';
import { around } from '../trace/around.ts';
import { shown } from '../trace/describe.ts';

/** POE's own events: sending one by hand only runs the handler. */
const OWN_EVENTS: ReadonlySet<unknown> = new Set([CHILD, PARENT, SIGNAL, START, STOP]);

/** What is asked of the arguments of a method, and of the place where it is called. */
interface Rule {
  /** Only inside of a session. */
  readonly inSession?: true;
  /** Arguments that have to be there, in their order; those after them may be missing. */
  readonly needs?: readonly string[];
  /** Places of arguments that are names of events. */
  readonly events?: readonly number[];
  /** The first argument is a handle. */
  readonly handle?: true;
}

const timer: Rule = { inSession: true, needs: ['event', 'time'], events: [0] };
const namedTimer: Rule = { ...timer, needs: ['event'] };
const watcher: Rule = { inSession: true, needs: ['handle'], events: [1], handle: true };
const flow: Rule = { inSession: true, needs: ['handle'], handle: true };
// That the event is missing is refused in any case.
const call: Rule = { needs: ['destination'], events: [1] };

/** POE: the methods of Kernel that ASSERT_USAGE looks at. */
const RULES = {
  post: call,
  call,
  callList: call,
  callVoid: call,
  yield: { inSession: true, events: [0] },
  alarm: namedTimer,
  delay: namedTimer,
  alarmAdd: timer,
  delayAdd: timer,
  alarmSet: timer,
  delaySet: timer,
  alarmAdjust: { inSession: true, needs: ['timer', 'delta'] },
  delayAdjust: { inSession: true, needs: ['timer', 'delay'] },
  alarmRemove: { inSession: true, needs: ['timer'] },
  alarmRemoveAll: { inSession: true },
  aliasSet: { needs: ['name'] },
  aliasRemove: { needs: ['name'] },
  aliasResolve: { needs: ['name'] },
  idIdToSession: { needs: ['ID'] },
  idSessionToId: { needs: ['session'] },
  refcountIncrement: { needs: ['session', 'tag'] },
  refcountDecrement: { needs: ['session', 'tag'] },
  detachChild: { inSession: true, needs: ['child'] },
  detachMyself: { inSession: true },
  select: { ...watcher, events: [1, 2, 3] },
  selectRead: watcher,
  selectWrite: watcher,
  selectExpedite: watcher,
  selectPauseRead: flow,
  selectResumeRead: flow,
  selectPauseWrite: flow,
  selectResumeWrite: flow,
  sig: { inSession: true, needs: ['signal'], events: [1] },
  sigChild: { inSession: true, needs: ['process'], events: [1] },
  signal: { needs: ['destination', 'signal'] },
  state: { inSession: true, needs: ['event'] },
} as const satisfies { readonly [name in Exclude<keyof KernelView, 'toString'>]?: Rule };

/** `POE_ASSERT_USAGE`: methods of the kernel look at their arguments, and at where they are called, before they do anything. */
export function assertUsage(engine: Engine): void {
  engine.readyView = readyView;
}

/** Puts checking methods in the place of those of one view. */
function readyView(view: KernelView): void {
  for (const [method, rule] of Object.entries(RULES) as [keyof typeof RULES, Rule][]) {
    // Methods of many signatures, of which nothing but the place of the arguments matters here.
    around(view as unknown as Record<string, (...args: unknown[]) => unknown>, method, (original) => (...args) => {
      check(view, method, rule, args);
      const value = original(...args);
      // POE: of names a miss is wrong use, too.
      if ((method === 'aliasSet' || method === 'aliasRemove') && value !== 0) {
        throw wrongUse(method, `the name ${shown(args[0])} gives ${value}`, 'Ask with aliasResolve whose name it is');
      }
      return value;
    });
  }
  around(view, 'hasForked', (hasForked) => () => {
    hasForked();
    view._engine.warn(
      'POE_WARN_USAGE',
      'hasForked was called: Node does not fork a running program, so there is no child',
    );
  });
}

function check(view: KernelView, method: string, rule: Rule, args: readonly unknown[]): void {
  const { kernelSession, active, host } = view._engine;
  if (rule.inSession && (view._bound ?? active) === kernelSession) {
    throw wrongUse(method, 'no session is active', 'Call it in a handler, or on the kernel that a handler was given');
  }
  for (const [place, name] of (rule.needs ?? []).entries()) {
    if (args[place] !== undefined && args[place] !== null) continue;
    throw wrongUse(method, `the ${name} is ${args[place]}`, `Give the ${name} as argument ${place + 1}`);
  }
  // What is no handle is refused in the words of whoever knows.
  if (rule.handle) host.handles.portOf(args[0] as object);
  for (const place of rule.events ?? []) {
    if (!OWN_EVENTS.has(args[place])) continue;
    const message = `'${args[place]}' is one of POE's own events: ${method} runs its handler, but has no other effect`;
    view._engine.warn('POE_WARN_USAGE', message);
  }
}

function wrongUse(method: string, found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_ASSERT_USAGE', `Cannot ${method}: ${found}`, { hint });
}
