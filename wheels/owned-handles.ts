import type { Handle, KernelView } from '../core/index.ts';

/** Per handle that wheels own: how many of them hold it. Numbers are always the program's own. */
const holders = new WeakMap<object, number>();

/**
 * Makes a handle the wheels' own, as a socket is that a wheel accepted or connected: it is closed with the last wheel that
 * holds it. For a handle that the program has wrapped around such a socket.
 *
 * @example
 * const secure = new TLSSocket(socket, { isServer: true, secureContext });
 * own(secure);
 * heap.wheel = new ReadWrite({ handle: secure, inputEvent: 'line' });
 */
export function own(handle: Handle): void {
  if (typeof handle !== 'number' && !holders.has(handle)) holders.set(handle, 0);
}

/** Notes that a wheel uses a handle. */
export function hold(handle: Handle): void {
  if (typeof handle === 'number') return;
  const count = holders.get(handle);
  if (count !== undefined) holders.set(handle, count + 1);
}

/**
 * Notes that a wheel has let a handle go. A handle that wheels own is closed with the last of them, as Perl closes one with
 * its last reference: not at once but when the running handlers are through, so that the next wheel can take it.
 */
export function letGo(handle: Handle, kernel: KernelView): void {
  if (typeof handle === 'number') return;
  const count = holders.get(handle);
  if (count === undefined) return;
  holders.set(handle, count - 1);
  if (count === 1) kernel.host.loop.soon(() => closeUnheld(handle, kernel));
}

/**
 * Closes a socket that came from a wheel, at once, unless a wheel holds it. For what the program does not want after all;
 * in Perl such a socket is closed with the last reference to it.
 *
 * @param kernel - The kernel that a handler was given.
 * @example
 * accepted({ kernel, heap }, socket) {
 *   if (heap.closing) closeUnheld(socket, kernel);
 * }
 */
export function closeUnheld(handle: Handle, kernel: KernelView): void {
  if (typeof handle === 'number' || holders.get(handle) !== 0) return;
  kernel.host.handles.portOf(handle).close();
}

/** Takes a handle back from the wheels: closing it is the program's business from now on. */
export function disown(handle: Handle): void {
  if (typeof handle !== 'number') holders.delete(handle);
}
