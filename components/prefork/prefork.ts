import {
  debugFor,
  type Handle,
  type KernelHooks,
  type KernelView,
  type ListenOptions,
  PoeUsageError,
  type SocketAddress,
  type SocketResult,
} from '../../core/index.ts';
import { type Announcement, announcement, SocketKeys } from './announcement.ts';
import { type KeyedSocket, NodeLauncher } from './node-launcher.ts';
import { type PreforkOptions, type PreforkSettings, preforkSettings } from './options.ts';
import { ProcessLine } from './parent-line.ts';
import { Supervisor } from './supervisor.ts';
import { Worker } from './worker.ts';

const debug = debugFor('prefork:sockets');

/** Whether another process has bound the socket that the program asks for next under this address. */
type Inherits = (address: SocketAddress) => boolean;

/** What this process is in a program of several. */
export type Preforked =
  | { readonly role: 'parent'; readonly supervisor: Supervisor; readonly inherits: Inherits }
  | { readonly role: 'child'; readonly worker: Worker; readonly inherits: Inherits };

/** By the hooks of the kernel, which all its views share. */
const preforked = new WeakMap<KernelHooks, Preforked>();
/** A process has one parent and one announcement, and so one kernel that is in on it. */
let taken = false;

/**
 * Has the program run in several processes: a parent, which holds the sockets and accepts nothing, and children, which serve.
 *
 * Every socket on which the program starts to listen from here until the kernel's next turn is shared. Children are the same program run
 * again from its beginning; sessions there get the signal `__child`, those in the parent `__parent`.
 *
 * @param kernel - The kernel whose sockets are to be shared.
 * @param options - See {@link PreforkOptions}. A second call changes nothing: the first one's stay.
 * @returns What this process is: `role` is `parent` or `child`.
 * @throws PoeUsageError `POE_ERR_PREFORK_OPTION` for options that cannot be, `POE_ERR_PREFORK_PROGRAM` for a program without a file,
 * `POE_ERR_PREFORK_KERNEL` for a second kernel of one process, `POE_ERR_PREFORK_HOST` for a host that cannot share sockets.
 * @example
 * prefork(kernel, { processes: 4, connections: 10_000 });
 * Session.create({ inlineStates: {
 *   _start({ heap }) {
 *     heap.listener = new SocketFactory({ bindPort: 8080, successEvent: 'accepted', failureEvent: 'failed' });
 *   },
 *   // ...
 * } });
 * @remarks Does what POE::Component::IKC::Server does for `processes`.
 */
export function prefork(kernel: KernelView, options: PreforkOptions = {}): Preforked {
  const settings = preforkSettings(options);
  const existing = preforked.get(kernel.hooks);
  if (existing !== undefined) return existing;
  if (taken) {
    throw new PoeUsageError(
      'POE_ERR_PREFORK_KERNEL',
      'Cannot prefork: another kernel of this process does so already',
      {
        hint: 'Let one kernel have all the sockets that children are to serve',
      },
    );
  }
  if (kernel.host.sockets.held === undefined) {
    throw new PoeUsageError('POE_ERR_PREFORK_HOST', 'Cannot prefork: the sockets of this host cannot be shared', {
      hint: 'Use the real host; a simulated one has one process',
    });
  }
  const made = announcement?.role === 'child' ? asChild(kernel, settings, announcement) : asParent(kernel, settings);
  taken = true;
  preforked.set(kernel.hooks, made);
  return made;
}

/** What {@link prefork} has made of a kernel, if it has been called for it. */
export function preforkedOf(kernel: KernelView): Preforked | undefined {
  return preforked.get(kernel.hooks);
}

/** The supervisor of a kernel, if it is the parent of a program that runs in several processes. */
export function supervisorOf(kernel: KernelView): Supervisor | undefined {
  const found = preforked.get(kernel.hooks);
  return found?.role === 'parent' ? found.supervisor : undefined;
}

/** The worker of a kernel, if it is a child of a program that runs in several processes. */
export function workerOf(kernel: KernelView): Worker | undefined {
  const found = preforked.get(kernel.hooks);
  return found?.role === 'child' ? found.worker : undefined;
}

function asChild(kernel: KernelView, settings: PreforkSettings, { sockets }: Announcement): Preforked {
  const worker = new Worker(kernel, settings, new ProcessLine(), sockets);
  kernel.hooks.listen.tap('prefork', (address, options) => worker.listen(address, options));
  return { role: 'child', worker, inherits: (address) => worker.inherits(address) };
}

function asParent(kernel: KernelView, settings: PreforkSettings): Preforked {
  const inherited = new Map(announcement?.sockets.map((socket) => [socket.key, socket]));
  const keys = new SocketKeys();
  const sockets: KeyedSocket[] = [];
  const supervisor = new Supervisor(kernel, settings, new NodeLauncher(kernel.host.identity, sockets));
  // What listens once children have been started is this process's own.
  let isOpen = true;
  supervisor.hooks.childStarted.tap('prefork', () => {
    isOpen = false;
  });
  if (announcement?.role === 'successor') reportToPredecessor(supervisor);

  const listen = (address: SocketAddress, options: ListenOptions): SocketResult<Handle> | undefined => {
    const { held } = kernel.host.sockets;
    if (!isOpen || held === undefined) return undefined;
    const key = keys.next(address);
    const known = inherited.get(key);
    const result =
      known === undefined ? held.hold(address, options) : { ok: held.adopt(known.descriptor, known.address) };
    if ('failed' in result) return result;
    if (debug.enabled) debug('hold %s, descriptor %d', key, result.ok.descriptor);
    const socket = result.ok;
    sockets.push({ key, socket });
    // POE: when the server has shut down in the parent, its children end.
    socket.onClosed = () => {
      if (sockets.every((one) => one.socket.descriptor < 0)) supervisor.stop('closed');
    };
    supervisor.socketHeld();
    return result;
  };
  kernel.hooks.listen.tap('prefork', listen);
  return { role: 'parent', supervisor, inherits: (address) => inherited.has(keys.peek(address)) };
}

/** A new parent tells the old one once as many children serve as should. */
function reportToPredecessor(supervisor: Supervisor): void {
  // The line does not keep the process alive.
  process.channel?.unref();
  supervisor.hooks.childServing.tap('prefork', () => {
    const serving = supervisor.children().filter(({ state }) => state === 'serving').length;
    if (serving < supervisor.size || !process.connected) return;
    process.send?.({ type: 'serving' }, undefined, undefined, () => {
      if (process.connected) process.disconnect();
    });
  });
}
