import { Server } from 'node:net';
import { Duplex, Readable, Writable } from 'node:stream';
import { PoeUsageError } from '../errors.ts';
import { Descriptors, descriptorOf } from './descriptor-ports.ts';
import type { FileHost } from './files.ts';
import { type Handle, type HandleHost, type Port, port } from './handles.ts';
import { ServerPort } from './server-port.ts';
import { StreamPort } from './stream-port.ts';

/** Makes ports for Node's streams and servers, and for descriptors of a host's files. */
export class NodeHandleHost implements HandleHost {
  readonly #ports = new WeakMap<object, Port>();
  readonly #descriptors: Descriptors;

  constructor(files: FileHost) {
    this.#descriptors = new Descriptors(files, (stream) => this.#portOfObject(stream));
  }

  portOf(handle: Handle): Port {
    const own = (handle as { [port]?: Port } | null | undefined)?.[port];
    if (own !== undefined) return own;
    const descriptor = this.descriptorOf(handle);
    return descriptor === undefined ? this.#portOfObject(handle) : this.#descriptors.portOf(descriptor);
  }

  descriptorOf(handle: Handle): number | undefined {
    return handle === undefined || handle === null ? undefined : descriptorOf(handle);
  }

  #portOfObject(handle: Handle): Port {
    let made = this.#ports.get(handle as object);
    if (made === undefined) {
      made = this.#makePort(handle);
      this.#ports.set(handle as object, made);
    }
    return made;
  }

  #makePort(handle: Handle): Port {
    if (handle instanceof Server) return new ServerPort(handle, (socket) => this.portOf(socket));
    if (handle instanceof Readable || handle instanceof Writable || handle instanceof Duplex) {
      return new StreamPort(handle);
    }
    throw new PoeUsageError('POE_ERR_HANDLE', `Cannot watch a handle: ${String(handle)} is none`, {
      hint: 'Pass a Node stream, socket or server, a descriptor number, a FileHandle, or an object with a port of its own',
    });
  }
}
