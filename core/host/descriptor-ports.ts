import { Stream } from 'node:stream';
import { PoeUsageError } from '../errors.ts';
import { DescriptorPort } from './descriptor-port.ts';
import { FilePort } from './file-port.ts';
import type { FileHost, FileKind } from './files.ts';
import type { Handle, Port } from './handles.ts';

interface Known {
  readonly port: Port;
  readonly identity: string;
}

/** Ports of descriptors: the same for the same number, for as long as it stands for the same file. */
export class Descriptors {
  readonly #files: FileHost;
  readonly #known = new Map<number, Known>();
  readonly #streamPort: (stream: Stream) => Port;

  /** @param streamPort - Makes the port of a stream, the same each time: the standard streams are the program's own. */
  constructor(files: FileHost, streamPort: (stream: Stream) => Port) {
    this.#files = files;
    this.#streamPort = streamPort;
  }

  /** @throws PoeUsageError `POE_ERR_HANDLE` for a descriptor that is not open, or that nobody can wait for. */
  portOf(descriptor: number): Port {
    if (!Number.isInteger(descriptor) || descriptor < 0) throw refusal(descriptor, 'it is no descriptor');
    const status = this.#files.statusOf(descriptor);
    if ('failed' in status) throw refusal(descriptor, status.failed.message);
    const known = this.#known.get(descriptor);
    const { identity, kind } = status.ok;
    if (known?.identity === identity && !(known.port instanceof DescriptorPort && known.port.closed)) return known.port;
    const port = this.#makePort(descriptor, kind);
    this.#known.set(descriptor, { port, identity });
    return port;
  }

  #makePort(descriptor: number, kind: FileKind): Port {
    switch (kind) {
      case 'file':
      case 'block':
      case 'character':
        return new FilePort(this.#files, descriptor);
      case 'fifo':
      case 'socket':
      case 'terminal': {
        const standard = standardStream(descriptor);
        return standard === undefined ? waitFor(descriptor, kind) : this.#streamPort(standard);
      }
      default:
        throw refusal(descriptor, kind === 'directory' ? 'it is a directory' : 'nobody can wait for what it is');
    }
  }
}

/**
 * The descriptor that a handle stands for: a number, a FileHandle of `node:fs/promises`, or one of the three standard streams. Other
 * streams have one, too, but read ahead of it, and are handles of their own.
 */
export function descriptorOf(handle: Handle): number | undefined {
  if (typeof handle === 'number') return handle;
  const { fd, close } = handle as { fd?: unknown; close?: unknown };
  if (typeof fd !== 'number') return undefined;
  if (handle instanceof Stream) return handle === standardStream(fd) ? fd : undefined;
  return typeof close === 'function' ? fd : undefined;
}

function standardStream(descriptor: number): Stream | undefined {
  if (descriptor === 0) return process.stdin;
  if (descriptor === 1) return process.stdout;
  return descriptor === 2 ? process.stderr : undefined;
}

function waitFor(descriptor: number, kind: 'fifo' | 'socket' | 'terminal'): Port {
  try {
    return new DescriptorPort(descriptor, kind);
  } catch (error) {
    throw refusal(descriptor, `Node cannot wait for this ${kind}`, error);
  }
}

function refusal(descriptor: number, found: string, cause?: unknown): PoeUsageError {
  return new PoeUsageError('POE_ERR_HANDLE', `Cannot watch descriptor ${descriptor}: ${found}`, {
    hint: 'Pass the number of an open file, pipe, FIFO, socket, terminal or device; a socket that listens as a net.Server',
    ...(cause === undefined ? {} : { cause }),
  });
}
