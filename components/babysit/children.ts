import { type KernelHooks, type KernelView, Session, warn } from '../../core/index.ts';
import { type ChildState, type Supervisor, supervisorOf } from '../prefork/index.ts';
import { type Babysitter, babysit } from './babysitter.ts';
import type { Nursery, NurseryChild } from './nursery.ts';
import { type BabysitOptions, babysitSettings } from './options.ts';

/** Kernels whose children are looked after, by the hooks that all views of one share. */
const asked = new WeakSet<KernelHooks>();

const PHASES: Readonly<Record<ChildState, NurseryChild['phase']>> = {
  starting: 'starting',
  spare: 'up',
  serving: 'up',
  draining: 'ending',
  exited: 'ending',
};

/**
 * Looks after the children that `prefork` has started, from the kernel's next turn on until they are to end. In a child, and in a program
 * that is not preforked, it does nothing.
 *
 * @param kernel - The kernel that is, or in this turn will be, preforked.
 * @param options - See {@link BabysitOptions}. A second call changes nothing: the first one's stay.
 * @returns What ends it.
 * @throws PoeUsageError `POE_ERR_BABYSIT_OPTION` for an option that cannot be.
 * @example
 * prefork(kernel, { processes: 4 });
 * babysitChildren(kernel, { interval: 10, maxRss: 512 * 1024 * 1024 });
 * @remarks Does what POE::Component::IKC::Server does for `babysit`.
 */
export function babysitChildren(kernel: KernelView, options: BabysitOptions = {}): () => void {
  babysitSettings(options);
  if (asked.has(kernel.hooks)) return () => {};
  asked.add(kernel.hooks);
  let babysitter: Babysitter | undefined;
  let isOver = false;
  Session.create({
    kernel,
    inlineStates: {
      _start: ({ kernel }) => void kernel.yield('begin'),
      // By now the program has said whether it is to be preforked.
      begin() {
        const supervisor = supervisorOf(kernel);
        if (supervisor === undefined || isOver) return;
        babysitter = babysit(kernel, nurseryOf(supervisor), patient(kernel, options, supervisor.heartbeat));
        supervisor.hooks.stopping.tap('babysit', () => babysitter?.stop());
      },
    },
  });
  return () => {
    isOver = true;
    babysitter?.stop();
  };
}

/** Every child is silent from one heartbeat to the next: what is less than two of them would be held against all. */
function patient(kernel: KernelView, options: BabysitOptions, heartbeat: number): BabysitOptions {
  const { silence } = babysitSettings(options);
  const least = 2 * heartbeat;
  if (silence === 0 || silence >= least) return options;
  warn(
    'POE_WARN_BABYSIT',
    `A silence of ${silence} s is less than two heartbeats, of ${heartbeat} s each: ${least} s are waited`,
    kernel,
  );
  return { ...options, silence: least };
}

function nurseryOf(supervisor: Supervisor): Nursery {
  return {
    children: () =>
      supervisor.children().map(({ id, pid, state, heardAt }) => ({ id, pid, phase: PHASES[state], heardAt })),
    replace: (pid, reason) => supervisor.replace(pid, reason),
    signal: (pid, name, reason) => supervisor.signal(pid, name, reason),
  };
}
