/** A host that gives a kernel its input one octet at a time. */
import { Socket } from 'node:net';
import type { Handle, HandleHost, Mode, Port } from '../../core/host/handles.ts';
import { nodeHost } from '../../core/host/node-host.ts';
import type { SystemError } from '../../core/index.ts';

class OctetPort implements Port {
  readonly #port: Port;

  constructor(port: Port) {
    this.#port = port;
  }

  read(): Uint8Array | null | undefined {
    return this.#port.read(1);
  }

  get onReady(): ((mode: Mode) => void) | null {
    return this.#port.onReady;
  }
  set onReady(callback: ((mode: Mode) => void) | null) {
    this.#port.onReady = callback;
  }
  get unwritten(): number {
    return this.#port.unwritten;
  }
  get error(): SystemError | null {
    return this.#port.error;
  }
  ready(mode: Mode): boolean {
    return this.#port.ready(mode);
  }
  watch(mode: Mode): void {
    this.#port.watch(mode);
  }
  unwatch(mode: Mode): void {
    this.#port.unwatch(mode);
  }
  write(octets: Uint8Array): void {
    this.#port.write(octets);
  }
  shutdown(mode: 0 | 1): void {
    this.#port.shutdown(mode);
  }
  close(): void {
    this.#port.close();
  }
}

/** The part of a host to give to a `Kernel`. */
export function octetHandles(): HandleHost {
  const { handles } = nodeHost();
  const ports = new WeakMap<Handle, Port>();
  return {
    portOf(handle) {
      if (!(handle instanceof Socket)) return handles.portOf(handle);
      let port = ports.get(handle);
      if (port === undefined) {
        port = new OctetPort(handles.portOf(handle));
        ports.set(handle, port);
      }
      return port;
    },
  };
}
