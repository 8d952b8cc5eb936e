import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { type HeldSocket, type HostIdentity, PoeUsageError } from '../../core/index.ts';
import { type Announcement, withAnnouncement } from './announcement.ts';
import type { Launcher, ProcessEvents, StartedProcess } from './launcher.ts';
import type { FromChild } from './messages.ts';

/** The first descriptor after those of standard input, output and error, and the channel. */
const FIRST_SHARED = 4;

/** A socket and what it is called. */
export interface KeyedSocket {
  readonly key: string;
  readonly socket: HeldSocket;
}

/** Starts the program of this process again: Node cannot fork. */
export class NodeLauncher implements Launcher {
  /** To boot is work for the processor, but for the moments in which files are read. */
  readonly atOnce = availableParallelism() + 1;
  readonly #identity: HostIdentity;
  readonly #sockets: readonly KeyedSocket[];

  /**
   * @param identity - Knows how the program is started again, if not as this process was.
   * @param sockets - Those that children inherit; more may be added until the first child starts.
   * @throws PoeUsageError `POE_ERR_PREFORK_PROGRAM` if the program has no file.
   */
  constructor(identity: HostIdentity, sockets: readonly KeyedSocket[]) {
    this.#identity = identity;
    this.#sockets = sockets;
    if (process.argv[1] === undefined) {
      throw new PoeUsageError(
        'POE_ERR_PREFORK_PROGRAM',
        'Cannot prefork: the program has no file that could be run again',
        {
          hint: 'Put it into a file and run that: node program.js',
        },
      );
    }
  }

  child(_id: number, events: ProcessEvents): StartedProcess {
    return this.#start('child', events);
  }

  successor(events: ProcessEvents): StartedProcess {
    return this.#start('successor', events);
  }

  handedOver(): void {
    for (const { socket } of this.#sockets) socket.handedOver();
  }

  #start(role: Announcement['role'], events: ProcessEvents): StartedProcess {
    // Those that the program has closed meanwhile keep their places.
    const descriptors = this.#sockets.map(({ socket }) => (socket.descriptor < 0 ? 'ignore' : socket.descriptor));
    const announcement: Announcement = {
      role,
      sockets: this.#sockets.map(({ key, socket }, index) => ({
        key,
        descriptor: FIRST_SHARED + index,
        address: socket.address,
      })),
    };
    const again = this.#identity.restart ?? [...ownArguments(), ...process.argv.slice(1)];
    const child = spawn(process.execPath, again, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors],
      env: withAnnouncement(process.env, announcement),
    });
    if (child.pid === undefined) {
      // The error comes again as an event; nobody else is there to take it.
      child.on('error', () => {});
      throw new Error(`spawn ${process.execPath} failed`);
    }
    return this.#watch(child, child.pid, events);
  }

  #watch(child: ChildProcess, pid: number, events: ProcessEvents): StartedProcess {
    child.on('message', (message: FromChild) => events.message(message));
    child.on('exit', (code, signal) => events.exited(code, signal));
    // Sending to one that is just ending fails; that it ends is told anyway.
    child.on('error', () => {});
    // Sessions keep the parent alive, not its children.
    child.unref();
    child.channel?.unref();
    return {
      pid,
      send: (message, index) => {
        if (!child.connected) return;
        const socket = index === undefined ? undefined : this.#sockets[index]?.socket;
        child.send(message, socket?.native as never, {}, () => {});
      },
      kill: (name) =>
        child.exitCode === null && child.signalCode === null && child.kill(`SIG${name}` as NodeJS.Signals),
    };
  }
}

/** Node's own options, less those of the debugger: two processes cannot have its port. */
function ownArguments(): string[] {
  return process.execArgv.filter((argument) => !argument.startsWith('--inspect'));
}
