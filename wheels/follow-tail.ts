import {
  debugFor,
  kernel as defaultKernel,
  type EventFor,
  type Handle,
  PoeUsageError,
  type Port,
} from '../core/index.ts';
import { checkFilter } from './check-filter.ts';
import type { Driver } from './drivers/driver.ts';
import { SysRW } from './drivers/sys-rw.ts';
import type { Filter } from './filters/filter.ts';
import { Line } from './filters/line.ts';
import { Rotation } from './follow-tail/rotation.ts';
import { TailedFile } from './follow-tail/tailed-file.ts';
import { hold, letGo } from './owned-handles.ts';
import { parametersOf, Wheel, type WheelOptions, warnOfParameter, warnUnknown } from './wheel.ts';

const debug = debugFor('wheel:follow-tail');

/** Octets before the end at which reading begins by default: what is there is parsed and thrown away, to find where a record begins. */
const FRAMING_OCTETS = 4096;

/** What the events of a FollowTail bring: ARG0 and on. `R` is what the filter makes. */
export interface FollowTailEvents<R = string> {
  /** One record. */
  inputEvent: [record: R, wheelId: number];
  /** What failed: `'read'` or `'stat'`, errno and text. The end of a socket or terminal is `'read'`, 0, `''`. Nothing is read any more. */
  errorEvent: [operation: 'read' | 'stat', errno: number, message: string, wheelId: number];
  /** Another file has the name, or the file was cut off: what comes now is read from its top. */
  resetEvent: [wheelId: number];
  /** There was nothing new. */
  idleEvent: [wheelId: number];
}

/** The events of a FollowTail, by which `event` renames them. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface FollowTailEventNames<E = any, R = string> {
  inputEvent?: EventFor<E, FollowTailEvents<R>['inputEvent']> | undefined;
  errorEvent?: EventFor<E, FollowTailEvents<R>['errorEvent']> | undefined;
  resetEvent?: EventFor<E, FollowTailEvents<R>['resetEvent']> | undefined;
  idleEvent?: EventFor<E, FollowTailEvents<R>['idleEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface FollowTailOptions<E = any, R = any> extends WheelOptions<E>, FollowTailEventNames<E, R> {
  /** The file to follow by its name. It need not be there yet, and may be rotated. */
  filename?: string;
  /** In place of `filename`: a descriptor number, a FileHandle, a stream or a socket. */
  handle?: Handle;
  /** Seconds between two looks at a plain file. Default: 1. Anything else tells by itself. */
  pollInterval?: number;
  /** Octets from the top of the file at which to begin; a negative number counts from its end. */
  seek?: number;
  /** In place of `seek`: octets from the end of the file at which to begin. Default: at the next whole record. */
  seekBack?: number;
  /** What moves the octets. Default: a new {@link SysRW}. */
  driver?: Driver;
  /** What makes records of octets. Default: a new {@link Line}. */
  // biome-ignore lint/suspicious/noExplicitAny: any filter will do; nothing is put
  filter?: Filter<R, any>;
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'filename',
  'handle',
  'pollInterval',
  'seek',
  'seekBack',
  'driver',
  'filter',
  'inputEvent',
  'errorEvent',
  'resetEvent',
  'idleEvent',
]);

/** How a read went: records were delivered, there was nothing more, the file is not what it was, or it failed, which has been told. */
type ReadResult = 'data' | 'end' | 'rewritten' | 'failed';

/**
 * Follows a file that grows and delivers what is appended, record by record.
 *
 * A file that is followed by name may appear later, be renamed, removed, replaced or cut off: `resetEvent` comes, and the new contents are
 * read from the top. Lines that a writer still puts into the old file are delivered before those of the new one, until the new one has
 * something in it. The file is looked at every `pollInterval` seconds, on the kernel's timers; pipes, FIFOs, sockets and terminals are
 * read as soon as they bring something.
 *
 * @example
 * heap.tail = new FollowTail({ filename: '/var/log/app.log', inputEvent: 'line', resetEvent: 'rotated' });
 * @remarks Mirrors POE::Wheel::FollowTail. Differs from POE where that one loses lines or brings them twice: see docs/porting.md.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class FollowTail<E = any, R = string> extends Wheel<FollowTailEventNames<E, R>> {
  readonly #driver: Driver;
  readonly #filter: Filter<R>;
  readonly #pollInterval: number;
  /** What it is followed by, for a person. */
  readonly #name: string;
  /** The plain file whose descriptor was given. */
  #file: TailedFile | undefined;
  /** The plain files that a name leads to, one after the other. */
  #rotation: Rotation | undefined;
  /** The newest file has been opened, and its resetEvent is still to come. */
  #announces = false;
  #pollState = '';

  /**
   * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without `inputEvent`, with none or both of `filename` and `handle`, with both of `seek`
   * and `seekBack`, for a folder and for a stream that is not open yet; `POE_ERR_HANDLE` for what is no handle.
   */
  constructor(options: FollowTailOptions<E, R>) {
    const { filename, handle, inputEvent, errorEvent, resetEvent, idleEvent } = parametersOf('FollowTail', options);
    checkOptions(options);
    if (options.filter !== undefined) checkFilter('FollowTail', 'filter', options.filter);
    super(options.kernel ?? defaultKernel, { inputEvent, errorEvent, resetEvent, idleEvent }, ['inputEvent']);
    this.#driver = options.driver ?? new SysRW();
    this.#filter = options.filter ?? (new Line() as unknown as Filter<R>);
    this.#pollInterval = options.pollInterval ?? 1;
    this.#name = filename ?? 'its handle';
    try {
      if (filename === undefined) this.#followHandle(handle as Handle, options);
      else this.#followName(filename, options);
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  // --- ways to follow

  #followName(filename: string, options: FollowTailOptions): void {
    const rotation = new Rotation(this.kernel.host.files, filename);
    this.onDestroy(() => rotation.close());
    this.#rotation = rotation;
    const opened = rotation.open();
    if (opened?.kind === 'directory') throw isFolder();
    if (opened !== undefined && 'descriptor' in opened) {
      warnSpecial(options);
      this.#followOpened(opened.descriptor);
      return;
    }
    if (opened !== undefined) this.#begin(opened.file, options);
    this.#startPolling('name timer read', () => this.#pollName(rotation));
  }

  #followHandle(handle: Handle, options: FollowTailOptions): void {
    const { files, handles } = this.kernel.host;
    const descriptor = handles.descriptorOf?.(handle) ?? descriptorOfStream(handle);
    const status = descriptor === undefined ? undefined : files.statusOf(descriptor);
    if (descriptor !== undefined && status !== undefined && 'ok' in status) {
      const { kind, identity } = status.ok;
      if (kind === 'directory') throw isFolder();
      if (kind === 'file') {
        const file = new TailedFile(files, descriptor, identity);
        this.#file = file;
        this.#begin(file, options);
        this.#startPolling('handle timer read', () => this.#pollHandle(file));
        return;
      }
    }
    const port = handles.portOf(handle);
    warnSpecial(options);
    hold(handle);
    this.onDestroy(() => letGo(handle, this.kernel));
    this.#followPort(handle, port);
  }

  /** Follows something that is no plain file, opened by its name, and closes it at the end. */
  #followOpened(descriptor: number): void {
    const port = this.kernel.host.handles.portOf(descriptor);
    this.onDestroy(() => port.close());
    this.#followPort(descriptor, port);
  }

  #followPort(handle: Handle, port: Port): void {
    this.watchRead(handle, () => {
      const result = this.#read(port);
      if (result === 'data') return;
      // POE: a peer that has gone is told as an error without a number, the end of a pipe as a look that found nothing.
      if (result === 'end') {
        if (port.connection === true) this.sendError(this.events.errorEvent, 'read', 0, '');
        else this.send(this.events.idleEvent);
      }
      if (!this.destroyed) this.kernel.selectRead(handle);
    });
  }

  /** Goes to where reading is to begin. */
  #begin(file: TailedFile, { seek, seekBack }: FollowTailOptions): void {
    const { size } = file;
    const offset = seekBack === undefined ? (seek ?? -FRAMING_OCTETS) : -seekBack;
    const fromEnd = offset < 0 || seekBack === 0;
    file.seek(Math.min(Math.max(fromEnd ? size + offset : offset, 0), size));
    if (debug.enabled) debug('begin %s at octet %d of %d', this.#name, file.position, size);
    if (seek !== undefined || seekBack !== undefined) return;
    // What the filter keeps is the beginning of the first record to come.
    for (;;) {
      const chunks = this.#driver.get(file);
      if (chunks === undefined || chunks.length === 0) return;
      this.#filter.get(chunks);
    }
  }

  // --- looking again and again

  #startPolling(what: string, poll: () => void): void {
    this.#pollState = this.addState(what, poll);
    this.#pollAgain(0);
  }

  #pollAgain(seconds = this.#pollInterval): void {
    if (!this.destroyed) this.kernel.delay(this.#pollState, seconds);
  }

  /** There is nothing new. */
  #rest(): void {
    this.send(this.events.idleEvent);
    this.#pollAgain();
  }

  #reset(): void {
    if (debug.enabled) debug('reset %s', this.#name);
    this.send(this.events.resetEvent);
  }

  #pollHandle(file: TailedFile): void {
    if (!file.isOpen) {
      this.sendError(this.events.errorEvent, 'read', 0, '');
      return;
    }
    const result = this.#read(file);
    if (result === 'data') {
      this.#pollAgain(0);
    } else if (result === 'rewritten') {
      file.seek(0);
      this.#reset();
      this.#pollAgain();
    } else if (result === 'end') {
      this.#rest();
    }
  }

  #pollName(rotation: Rotation): void {
    if (rotation.newest === undefined && !this.#openNewest(rotation)) return;
    if (this.#announces && rotation.newest === rotation.oldest) this.#announce();
    for (;;) {
      // Asked for before the read: only then is the end of the oldest file its last.
      const { hasMovedOn, oldest } = rotation;
      if (this.destroyed || oldest === undefined) return;
      const result = this.#read(oldest);
      if (result === 'data') this.#pollAgain(0);
      if (result === 'data' || result === 'failed') return;
      if (result === 'rewritten') {
        oldest.seek(0);
        this.#reset();
        continue;
      }
      if (this.#announces) this.#announce();
      if (!hasMovedOn) break;
      rotation.dropOldest();
    }
    if (!this.destroyed) this.#lookAtName(rotation);
  }

  /** Everything has been read: does the name still lead to the same file? */
  #lookAtName(rotation: Rotation): void {
    const look = rotation.look();
    if (typeof look === 'object')
      this.sendError(this.events.errorEvent, 'stat', look.failed.errno, look.failed.message);
    else if (look !== 'another') this.#rest();
    // The old file is read once more before the new one: something may have come since.
    else if (this.#openNewest(rotation)) this.#pollAgain(0);
  }

  /**
   * Opens what the name leads to. Returns whether that is a file to be polled, which has yet to be announced; if it is not, what is
   * to happen next has been seen to.
   */
  #openNewest(rotation: Rotation): boolean {
    const opened = rotation.open();
    if (opened === undefined) {
      this.#rest();
      return false;
    }
    if (debug.enabled) debug('open %s: a %s', this.#name, opened.kind);
    if ('file' in opened) {
      this.#announces = true;
      return true;
    }
    rotation.close();
    this.#followOpened(opened.descriptor);
    this.#reset();
    return false;
  }

  #announce(): void {
    this.#announces = false;
    this.#reset();
  }

  // --- reading

  /** Reads a chunk and delivers its records: all of them, also when a handler destroys the wheel. */
  #read(port: Port): ReadResult {
    const chunks = this.#driver.get(port);
    if (chunks === undefined) return this.#readNothing(port);
    this.#filter.getOneStart(chunks);
    for (;;) {
      const records = this.#filter.getOne();
      if (records.length === 0) return 'data';
      for (const record of records) this.send(this.events.inputEvent, record);
    }
  }

  #readNothing(port: Port): ReadResult {
    const { error } = this.#driver;
    if (error !== null) {
      this.sendError(this.events.errorEvent, 'read', error.errno, error.message);
      return 'failed';
    }
    return port instanceof TailedFile && port.rewritten ? 'rewritten' : 'end';
  }

  // --- methods

  /**
   * Octets from the top of the file that have been read: what to pass as `seek` to go on from there. The filter may hold some of
   * them back, and events be on their way.
   *
   * @returns undefined while there is no file, and for what has no position.
   * @example
   * writeFileSync('position', String(heap.tail.tell()));
   * @remarks Mirrors POE::Wheel::FollowTail, "tell".
   */
  tell(): number | undefined {
    return (this.#file ?? (this.#announces ? this.#rotation?.oldest : this.#rotation?.newest))?.position;
  }
}

function checkOptions(options: FollowTailOptions): void {
  const { filename, handle, seek, seekBack } = options;
  if ((filename === undefined) === (handle === undefined)) {
    throw refused(
      `${filename === undefined ? 'neither' : 'both'} of filename and handle are given`,
      'Pass one of them',
    );
  }
  if (seek !== undefined && seekBack !== undefined)
    throw refused('both of seek and seekBack are given', 'Pass one of them');
  const offset = seek ?? seekBack ?? 0;
  if (!Number.isSafeInteger(offset)) {
    throw refused(
      `${seek === undefined ? 'seekBack' : 'seek'} is '${String(offset)}'`,
      'Pass octets, as a whole number',
    );
  }
  warnUnknown('FollowTail', options, PARAMETERS);
}

/** A stream over a file has a descriptor as soon as it is open. */
function descriptorOfStream(handle: Handle): number | undefined {
  const { fd } = handle as { fd?: unknown };
  if (fd === null) {
    throw refused('the stream is not open yet', "Make it at the event 'open', or pass fs.openSync(path), or filename");
  }
  return typeof fd === 'number' ? fd : undefined;
}

function warnSpecial({ kernel, seekBack, pollInterval }: FollowTailOptions): void {
  if (seekBack) warnOfParameter(kernel, 'Ignoring seekBack: FollowTail cannot go back in what is no plain file');
  if (pollInterval !== undefined) {
    warnOfParameter(kernel, 'Ignoring pollInterval: what is no plain file tells when there is something');
  }
}

function isFolder(): PoeUsageError {
  return refused('it is a directory', 'Pass a file');
}

function refused(found: string, hint: string): PoeUsageError {
  return new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a FollowTail: ${found}`, { hint });
}
