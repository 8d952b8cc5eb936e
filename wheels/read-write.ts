import {
  kernel as defaultKernel,
  type EventFor,
  errnoFailure,
  type Handle,
  MODE_READ,
  MODE_WRITE,
  PoeDataError,
  PoeUsageError,
  type Port,
} from '../core/index.ts';
import { checkFilter, checkFilters } from './check-filter.ts';
import type { Driver } from './drivers/driver.ts';
import { SysRW } from './drivers/sys-rw.ts';
import type { Chunk, Filter } from './filters/filter.ts';
import { Line } from './filters/line.ts';
import { octetsOf } from './filters/text.ts';
import { isUnfinished } from './filters/unfinished.ts';
import { disown, hold, letGo } from './owned-handles.ts';
import { checkPeerLimits, limitsOf, type PeerLimits, Watchdog } from './peer-limits.ts';
import { parameterMissing, parametersOf, Wheel, type WheelOptions, warnOfParameter, warnUnknown } from './wheel.ts';

/** What the events of a ReadWrite bring: ARG0 and on. `R` is what the input filter makes. */
export interface ReadWriteEvents<R = string> {
  /** One record. */
  inputEvent: [record: R, wheelId: number];
  /** Everything that was put has been written. */
  flushedEvent: [wheelId: number];
  /** What failed: `'read'` or `'write'`, errno and text. The end of the stream is `'read'`, 0, `''`. */
  errorEvent: [operation: 'read' | 'write', errno: number, message: string, wheelId: number];
  /** The buffer has reached the high mark. */
  highEvent: [wheelId: number];
  /** The buffer has fallen to the low mark after that. */
  lowEvent: [wheelId: number];
}

/** The events of a ReadWrite, by which `event` renames them. */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface ReadWriteEventNames<E = any, R = string> {
  inputEvent?: EventFor<E, ReadWriteEvents<R>['inputEvent']> | undefined;
  flushedEvent?: EventFor<E, ReadWriteEvents<R>['flushedEvent']> | undefined;
  errorEvent?: EventFor<E, ReadWriteEvents<R>['errorEvent']> | undefined;
  highEvent?: EventFor<E, ReadWriteEvents<R>['highEvent']> | undefined;
  lowEvent?: EventFor<E, ReadWriteEvents<R>['lowEvent']> | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: any filter will do; records are what it makes of them
type AnyFilter<R = any> = Filter<R, any>;

// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export interface ReadWriteOptions<E = any, R = any> extends WheelOptions<E>, ReadWriteEventNames<E, R> {
  /** Handle to read from and to write to. */
  handle?: Handle;
  /** In place of `handle`: one to read from ... */
  inputHandle?: Handle;
  /** ... and one to write to. */
  outputHandle?: Handle;
  /** What moves the octets. Default: a new {@link SysRW}. */
  driver?: Driver;
  /** What makes records of octets and back. Default: a new {@link Line}. */
  filter?: AnyFilter<R>;
  /** In place of `filter`, for each direction. */
  inputFilter?: AnyFilter<R>;
  outputFilter?: AnyFilter;
  /** Octets buffered for writing at which the buffer counts as full. Needs `lowMark` and `lowEvent`. */
  highMark?: number;
  /** Octets at which it counts as having room again. */
  lowMark?: number;
  /** Writes at once if nothing was buffered, in place of when the handle is next found writable. */
  autoFlush?: boolean;
  /** What the other side may do before the wheel gives up on it, with an error event. */
  limits?: Partial<PeerLimits>;
  /**
   * What becomes of input that the filter refuses: too long a line, a frame that is none. `'die'`, the default, as in POE: an exception, so a DIE signal,
   * which ends the kernel unless it is handled. `'error'`: an error event, `'read'`, EBADMSG, and nothing more is read. `ServerTCP` and
   * `ClientTCP` take the latter.
   */
  badInput?: 'die' | 'error';
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'kernel',
  'handle',
  'inputHandle',
  'outputHandle',
  'driver',
  'filter',
  'inputFilter',
  'outputFilter',
  'inputEvent',
  'flushedEvent',
  'errorEvent',
  'highEvent',
  'lowEvent',
  'highMark',
  'lowMark',
  'autoFlush',
  'limits',
  'badInput',
]);

/**
 * Reads records from a handle and writes records to it, without blocking.
 *
 * Records come one at a time, by `call`, so that a handler can change the filter between two records of one chunk. What is put
 * is buffered and written when the handle takes it, all of a slice in one go. A socket that came from a wheel is
 * closed when the wheel that holds it is destroyed.
 *
 * @example
 * heap.wheel = new ReadWrite({ handle: socket, inputEvent: 'line', errorEvent: 'gone' });
 * heap.wheel.put('220 ready');
 * @remarks Mirrors POE::Wheel::ReadWrite.
 */
// biome-ignore lint/suspicious/noExplicitAny: events need no declaration
export class ReadWrite<E = any, R = string> extends Wheel<ReadWriteEventNames<E, R>> {
  readonly #driver: Driver;
  /** Whether what the driver gives was seen by nobody else: of our own we know. */
  readonly #ownDriver: boolean;
  /** Whether records that lie behind each other may be joined. */
  readonly #takesSpans: boolean;
  #inputHandle: Handle;
  #outputHandle: Handle;
  readonly #inputPort: Port;
  readonly #outputPort: Port;
  #inputFilter: AnyFilter;
  #outputFilter: AnyFilter;
  #highMark: number | undefined;
  #lowMark: number | undefined;
  readonly #autoFlush: boolean;
  readonly #badInputDies: boolean;
  /** Octets that are still to be written, as far as is known. */
  #buffered = 0;
  #isHigh = false;
  readonly #limits: Omit<PeerLimits, 'frameTimeout'>;
  readonly #frameTimeout: number | undefined;
  /** Looks whether the rest of an unfinished record comes; made with the first that has a time limit. */
  #frameDog: Watchdog | undefined;
  /** Octets have come since it was started. */
  #hasProgress = false;
  #inputPaused = false;
  /** Looks whether a peer for which much waits takes any of it. */
  #writeDog: Watchdog | undefined;
  /** Octets that were ever put, and of these, what had been taken when it was started. */
  #put = 0;
  #takenBefore = 0;
  /** The peer has been given up: what is put for it is dropped. */
  #givenUp = false;
  readonly #readState: string;
  readonly #writeState: string;
  /** Its handler delivers what the filter held back while there was no inputEvent. */
  #pendingState: string | undefined;
  #heldBack = false;
  #inputShut = false;
  #outputShut = false;

  /**
   * @throws PoeUsageError `POE_ERR_WHEEL_PARAMETER` without a handle or with incomplete or wrong marks, `POE_ERR_HANDLE` for
   * what is no handle.
   */
  constructor(options: ReadWriteOptions<E, R>) {
    const { kernel = defaultKernel, inputEvent, flushedEvent, errorEvent, highEvent, lowEvent } = checked(options);
    super(kernel, { inputEvent, flushedEvent, errorEvent, highEvent, lowEvent });
    const input = (options.handle ?? options.inputHandle) as Handle;
    const output = (options.handle ?? options.outputHandle) as Handle;
    const { handles } = this.kernel.host;
    this.#inputHandle = input;
    this.#outputHandle = output;
    this.#inputPort = handles.portOf(input);
    this.#outputPort = handles.portOf(output);
    this.#driver = options.driver ?? new SysRW();
    this.#ownDriver = options.driver === undefined;
    this.#takesSpans = this.#driver.putSpan !== undefined && !this.#outputPort.keepsChunks;
    const usual = options.filter ?? new Line();
    this.#inputFilter = options.filter ?? options.inputFilter ?? usual;
    this.#outputFilter = options.filter ?? options.outputFilter ?? usual;
    this.#highMark = options.highMark;
    this.#lowMark = options.lowMark;
    this.#autoFlush = options.autoFlush ?? false;
    this.#badInputDies = options.badInput !== 'error';
    this.#limits = limitsOf(options.limits);
    this.#frameTimeout = options.limits?.frameTimeout;

    hold(input);
    if (output !== input) hold(output);
    this.#readState = this.addState('select read', () => this.#read());
    this.#writeState = this.addState('select write', () => this.#write());
    this.onDestroy(() => this.#release());
    this.#inputPort.takeAhead?.(true);
    if (inputEvent !== undefined) this.kernel.selectRead(input, this.#readState);
    this.kernel.selectWrite(output, this.#writeState);
    this.kernel.selectPauseWrite(output);
  }

  #release(): void {
    const { kernel } = this;
    this.#frameDog?.stop();
    this.#writeDog?.stop();
    kernel.selectRead(this.#inputHandle);
    kernel.selectWrite(this.#outputHandle);
    letGo(this.#inputHandle, kernel);
    if (this.#outputHandle !== this.#inputHandle) letGo(this.#outputHandle, kernel);
    this.#inputPort.takeAhead?.(false);
  }

  // --- reading

  #read(): void {
    const chunks = this.#driver.get(this.#inputPort);
    if (chunks === undefined) {
      const { error } = this.#driver;
      this.#readFailed(error?.errno ?? 0, error?.message ?? '');
      return;
    }
    if (chunks.length === 0) return;
    this.#hasProgress = true;
    if (!this.#parse(chunks)) return;
    const limit = this.#frameTimeout ?? this.#inputFilter.frameTimeout ?? Number.POSITIVE_INFINITY;
    if (limit !== Number.POSITIVE_INFINITY && !this.destroyed) this.#watchFrame(limit);
  }

  #readFailed(errno: number, message: string): void {
    this.#frameDog?.stop();
    this.sendError(this.events.errorEvent, 'read', errno, message);
    if (!this.destroyed) this.kernel.selectRead(this.#inputHandle);
  }

  #watchFrame(limit: number): void {
    this.#frameDog ??= this.#watchdog('check frame', () => this.#checkFrame());
    if (this.#frameDog.started) return;
    this.#hasProgress = false;
    this.#frameDog.start(limit);
  }

  #checkFrame(): void {
    const limit = this.#frameTimeout ?? this.#inputFilter.frameTimeout;
    if (limit === undefined || this.#inputShut || !isUnfinished(this.#inputFilter)) return;
    const isRead = this.events.inputEvent !== undefined && !this.#inputPaused;
    if (this.#hasProgress || !isRead) {
      this.#watchFrame(limit);
      return;
    }
    const { errno, message } = errnoFailure('read', 'ETIMEDOUT');
    this.#readFailed(errno, `${message}: no octet of an unfinished record came for ${limit} s`);
  }

  /** Delivers the records that come of chunks. Returns whether the filter took all of it. */
  #parse(chunks: readonly Chunk[]): boolean {
    try {
      this.#inputFilter.getOneStart(chunks, this.#ownDriver && this.#inputPort.exclusive === true);
    } catch (error) {
      this.#refused(error);
      return false;
    }
    return this.#deliver();
  }

  /** Tells of input that the filter does not take, if that is to be an error event. */
  #refused(error: unknown): void {
    if (this.#badInputDies || !(error instanceof PoeDataError)) throw error;
    const { errno, message } = errnoFailure('read', 'EBADMSG');
    this.#readFailed(errno, `${message}: ${error.message}`);
  }

  /** Delivers the records the filter has. The filter, the event and the wheel itself may change with each of them. */
  #deliver(): boolean {
    while (this.events.inputEvent !== undefined) {
      let records: unknown[];
      try {
        records = this.#inputFilter.getOne();
      } catch (error) {
        this.#refused(error);
        return false;
      }
      if (records.length === 0) return true;
      for (const record of records) this.send(this.events.inputEvent, record);
    }
    this.#heldBack = true;
    return true;
  }

  // --- writing

  /**
   * Buffers records for writing. Records that would exceed `limits.maxQueued` are refused, with an error event, and so are those for a peer that was
   * given up or a wheel that was destroyed.
   * @returns 1 if the buffer has reached the high mark, or if the records were refused; otherwise 0.
   * @throws What the output filter throws for a record it cannot write; nothing is buffered then.
   * @remarks Mirrors POE::Wheel::ReadWrite, "put".
   */
  put(...records: unknown[]): 0 | 1 {
    if (this.#givenUp || this.destroyed) return 1;
    const span = records.length === 1 && this.#takesSpans ? this.#outputFilter.putSpan?.(records[0]) : undefined;
    const chunks = span === undefined ? this.#outputFilter.put(records) : NO_CHUNKS;
    const octets = span === undefined ? octetsOf(chunks) : span.end - span.start;
    if (this.#buffered + octets > this.#limits.maxQueued && this.#overflows(octets)) return 1;
    const before = this.#buffered;
    this.#put += octets;
    const waiting = span === undefined ? this.#driver.put(chunks) : (this.#driver as Required<Driver>).putSpan(span);
    this.#buffered = waiting + this.#outputPort.unwritten;
    if (this.#buffered > this.#limits.highQueued) this.#watchWriting();
    if (this.#buffered > 0 && before === 0) {
      if (this.#autoFlush) this.flush();
      if (this.#buffered > 0 && !this.destroyed) this.kernel.selectResumeWrite(this.#outputHandle);
    }
    this.#isHigh = this.#highMark !== undefined && this.#buffered >= this.#highMark;
    return this.#isHigh ? 1 : 0;
  }

  /** Writes what the handle takes now; the flushed event comes at once if that is all. @remarks Mirrors POE::Wheel::ReadWrite, "flush". */
  flush(): void {
    if (!this.destroyed) this.#write();
  }

  #write(): void {
    const driver = this.#driver;
    this.#buffered = driver.flush(this.#outputPort);
    const { error } = driver;
    if (error !== null) {
      this.#writeFailed(error.errno, error.message);
      return;
    }
    if (this.#isHigh) {
      if (this.#buffered <= (this.#lowMark as number)) {
        this.#isHigh = false;
        this.send(this.events.lowEvent);
      }
    } else if (this.#highMark !== undefined && this.#buffered >= this.#highMark) {
      this.#isHigh = true;
      this.send(this.events.highEvent);
    }
    if (this.#buffered > 0) return;
    this.kernel.selectPauseWrite(this.#outputHandle);
    this.send(this.events.flushedEvent);
  }

  #writeFailed(errno: number, message: string): void {
    this.#writeDog?.stop();
    this.sendError(this.events.errorEvent, 'write', errno, message);
    if (!this.destroyed) this.kernel.selectWrite(this.#outputHandle);
  }

  /** Whether so many octets more are too many. If so the peer is given up; its event comes later, as it must not come inside a `put`. */
  #overflows(octets: number): boolean {
    const waiting = this.getDriverOutOctets();
    if (waiting === 0 || waiting + octets <= this.#limits.maxQueued) return false;
    const { errno, message } = errnoFailure('write', 'ENOBUFS');
    const reason = `slow_peer: ${waiting} octets wait, ${this.#limits.maxQueued} are the limit`;
    this.#givenUp = true;
    this.#writeDog?.stop();
    const state = this.addState('give up', () => this.#writeFailed(errno, `${message}: ${reason}`));
    this.kernel.yield(state);
    return true;
  }

  #watchWriting(): void {
    this.#writeDog ??= this.#watchdog('check writing', () => this.#checkWriting());
    if (this.#writeDog.started) return;
    this.#takenBefore = this.#put - this.#buffered;
    this.#writeDog.start(this.#limits.stuckTimeout);
  }

  #checkWriting(): void {
    this.#buffered = this.getDriverOutOctets();
    const { highQueued, stuckTimeout } = this.#limits;
    if (this.#buffered <= highQueued || this.#outputShut) return;
    if (this.#put - this.#buffered > this.#takenBefore) {
      this.#watchWriting();
      return;
    }
    this.#givenUp = true;
    const { errno, message } = errnoFailure('write', 'ETIMEDOUT');
    this.#writeFailed(errno, `${message}: slow_peer: took none of ${this.#buffered} octets for ${stuckTimeout} s`);
  }

  /** A watchdog that looks in an event of this session. */
  #watchdog(what: string, look: () => void): Watchdog {
    const state = this.addState(what, look);
    return new Watchdog(this.kernel.host.loop, () => this.kernel.yield(state));
  }

  // --- filters

  /** Changes the filter of both directions; see {@link setInputFilter}. @remarks Mirrors POE::Wheel::ReadWrite, "set_filter". */
  setFilter(filter: AnyFilter): void {
    checkFilter('ReadWrite', 'filter', filter);
    this.#outputFilter = filter;
    this.setInputFilter(filter);
  }

  /**
   * Changes the input filter. What the old one has buffered goes to the new one, and the records it makes of that are
   * delivered before this returns.
   * @remarks Mirrors POE::Wheel::ReadWrite, "set_input_filter".
   */
  setInputFilter(filter: AnyFilter): void {
    checkFilter('ReadWrite', 'inputFilter', filter);
    const pending: Chunk[] | null = this.#inputFilter.getPending();
    this.#inputFilter = filter;
    if (pending === null) return;
    this.#parse(pending);
  }

  /** Changes the filter for later puts; what was put is made already. @remarks Mirrors POE::Wheel::ReadWrite, "set_output_filter". */
  setOutputFilter(filter: AnyFilter): void {
    checkFilter('ReadWrite', 'outputFilter', filter);
    this.#outputFilter = filter;
  }

  getInputFilter(): AnyFilter {
    return this.#inputFilter;
  }

  getOutputFilter(): AnyFilter {
    return this.#outputFilter;
  }

  // --- events

  /**
   * Renames events; undefined turns one off. Without an inputEvent nothing is read.
   * @remarks Mirrors POE::Wheel::ReadWrite, "event". An unknown name is a warning, and so is a mark's event without marks.
   */
  override event(names: ReadWriteEventNames<E, R>): void {
    const known = { ...names };
    for (const name of ['highEvent', 'lowEvent'] as const) {
      if (!(name in names) || this.#highMark !== undefined) continue;
      warnOfParameter(this.kernel, `Ignoring ${name}: there is no high mark`);
      delete known[name];
    }
    super.event(known);
    if (!('inputEvent' in names) || this.destroyed || this.#inputShut) return;
    if (names.inputEvent === undefined) {
      this.kernel.selectRead(this.#inputHandle);
      return;
    }
    this.kernel.selectRead(this.#inputHandle, this.#readState);
    if (!this.#heldBack) return;
    // The event had been turned off between two records of a chunk.
    this.#heldBack = false;
    this.#pendingState ??= this.addState('deliver pending', () => void this.#deliver());
    this.kernel.yield(this.#pendingState);
  }

  // --- marks and figures

  /** Sets the high mark, if there is one already. @remarks Mirrors POE::Wheel::ReadWrite, "set_high_mark". */
  setHighMark(octets: number): void {
    if (this.#highMark !== undefined && octets > (this.#lowMark ?? 0)) this.#highMark = octets;
    else {
      warnOfParameter(
        this.kernel,
        `Ignoring the high mark ${octets}: it must be above the low mark, set with the wheel`,
      );
    }
  }

  /** Sets the low mark, if there is one already. @remarks Mirrors POE::Wheel::ReadWrite, "set_low_mark". */
  setLowMark(octets: number): void {
    if (this.#lowMark !== undefined && octets > 0 && octets < (this.#highMark ?? 0)) this.#lowMark = octets;
    else {
      warnOfParameter(this.kernel, `Ignoring the low mark ${octets}: it must be above 0 and below the high mark`);
    }
  }

  /** Octets that are not yet written. @remarks Mirrors POE::Wheel::ReadWrite, "get_driver_out_octets". */
  getDriverOutOctets(): number {
    return this.#driver.getOutOctetsBuffered() + this.#outputPort.unwritten;
  }

  /** Chunks that are not yet written. @remarks Mirrors POE::Wheel::ReadWrite, "get_driver_out_messages". */
  getDriverOutMessages(): number {
    return this.#driver.getOutMessagesBuffered();
  }

  // --- handles

  /** The handle read from. Whoever asks for it becomes its owner: destroying the wheel no longer closes it. */
  getInputHandle(): Handle {
    disown(this.#inputHandle);
    return this.#inputHandle;
  }

  /** The handle written to; see {@link getInputHandle}. */
  getOutputHandle(): Handle {
    disown(this.#outputHandle);
    return this.#outputHandle;
  }

  /** Holds input back in the system. @returns 1; 0 if it was not read. @remarks Mirrors POE::Wheel::ReadWrite, "pause_input". */
  pauseInput(): 0 | 1 {
    this.#inputPaused = true;
    return this.kernel.selectPauseRead(this.#inputHandle);
  }

  /** Lets it come again. @returns 1; 0 if it was not read. @remarks Mirrors POE::Wheel::ReadWrite, "resume_input". */
  resumeInput(): 0 | 1 {
    this.#inputPaused = false;
    return this.kernel.selectResumeRead(this.#inputHandle);
  }

  /** Closes the reading side, without an event. @remarks Mirrors POE::Wheel::ReadWrite, "shutdown_input". */
  shutdownInput(): void {
    if (this.#inputShut) return;
    this.#inputShut = true;
    this.#frameDog?.stop();
    this.kernel.selectRead(this.#inputHandle);
    this.#inputPort.shutdown(MODE_READ);
  }

  /** Closes the writing side: the peer sees the end of the stream. @remarks Mirrors POE::Wheel::ReadWrite, "shutdown_output". */
  shutdownOutput(): void {
    if (this.#outputShut) return;
    this.#outputShut = true;
    this.#writeDog?.stop();
    this.kernel.selectWrite(this.#outputHandle);
    this.#outputPort.shutdown(MODE_WRITE);
  }
}

const NO_CHUNKS: readonly Chunk[] = [];

/** Options in which everything is that must be. */
function checked<O extends ReadWriteOptions>(options: O): O {
  const { handle, inputHandle = handle, outputHandle = handle } = parametersOf('ReadWrite', options);
  if (inputHandle === undefined) throw parameterMissing('ReadWrite', 'handle or inputHandle');
  if (outputHandle === undefined) throw parameterMissing('ReadWrite', 'handle or outputHandle');
  checkFilters('ReadWrite', options, ['filter', 'inputFilter', 'outputFilter']);
  checkMarks(options);
  checkPeerLimits('ReadWrite', options.limits);
  checkBadInput(options);
  warnUnknown('ReadWrite', options, PARAMETERS);
  warnOverruled(options, 'handle', ['inputHandle', 'outputHandle']);
  warnOverruled(options, 'filter', ['inputFilter', 'outputFilter']);
  return options;
}

function checkBadInput({ badInput = 'die' }: ReadWriteOptions): void {
  if (badInput === 'die' || badInput === 'error') return;
  throw new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a ReadWrite: badInput is '${String(badInput)}'`, {
    hint: "badInput is 'die' or 'error'",
  });
}

function checkMarks({ highMark, lowMark, highEvent, lowEvent }: ReadWriteOptions): void {
  const refuse = (found: string): PoeUsageError =>
    new PoeUsageError('POE_ERR_WHEEL_PARAMETER', `Cannot make a ReadWrite: ${found}`, {
      hint: 'highMark and lowMark go together, as octets above 0, and lowEvent with them',
    });
  if ((highMark === undefined) !== (lowMark === undefined)) throw refuse('only one of highMark and lowMark is given');
  if (highEvent !== undefined && highMark === undefined) throw refuse('highEvent has no highMark');
  if ((lowEvent === undefined) !== (lowMark === undefined)) throw refuse('only one of lowMark and lowEvent is given');
  if (highMark !== undefined && lowMark !== undefined && !(highMark > 0 && lowMark > 0)) {
    throw refuse(`the marks are ${highMark} and ${lowMark}`);
  }
}

function warnOverruled<K extends keyof ReadWriteOptions>(options: ReadWriteOptions, by: K, others: readonly K[]): void {
  if (options[by] === undefined) return;
  for (const other of others) {
    if (options[other] !== undefined) warnOfParameter(options.kernel, `Ignoring ${other}: ${by} takes precedence`);
  }
}
