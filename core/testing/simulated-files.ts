import { errnoFailure } from '../errno.ts';
import { PoeUsageError } from '../errors.ts';
import type { FileHost, FileResult, FileStatus } from '../host/files.ts';

/** A file, whatever it is called: names come and go, and who has it open keeps it. */
class SimulatedFile {
  readonly identity: string;
  size = 0;
  #octets = new Uint8Array(256);

  constructor(number: number) {
    this.identity = `0:${number}`;
  }

  put(octets: Uint8Array, position: number): void {
    const end = position + octets.length;
    if (end > this.#octets.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#octets.length));
      larger.set(this.#octets.subarray(0, this.size));
      this.#octets = larger;
    }
    this.#octets.set(octets, position);
    this.size = Math.max(this.size, end);
  }

  get(position: number, maxOctets: number): Uint8Array {
    return this.#octets.slice(position, Math.min(position + maxOctets, this.size));
  }

  truncate(size: number): void {
    this.#octets.fill(0, size);
    this.size = size;
  }

  get status(): FileStatus {
    return { kind: 'file', identity: this.identity, size: this.size };
  }
}

interface OpenFile {
  readonly file: SimulatedFile;
  position: number;
}

/** A program that has a file open and writes to its end, whatever the file is called meanwhile. */
export interface SimulatedWriter {
  append(data: string | Uint8Array): void;
}

/**
 * Files in memory, for programs that follow some. There are no folders: a path is a name like any other.
 *
 * A test plays the programs that write: it appends, truncates, renames and unlinks. Kernels find the files on their host, and so do
 * the wheels.
 *
 * @example
 * const files = new SimulatedFiles();
 * const kernel = new Kernel({ host: simulation.host({ files }) });
 * files.append('/var/log/app.log', 'started\n');
 * files.rename('/var/log/app.log', '/var/log/app.log.1');
 */
export class SimulatedFiles implements FileHost {
  readonly #names = new Map<string, SimulatedFile>();
  readonly #open = new Map<number, OpenFile>();
  readonly #failures = new Map<string, string>();
  #made = 0;
  #lastDescriptor = 2;

  // --- what the other programs of the world do

  /** Appends text or octets to a file; makes the file if there is none. */
  append(path: string, data: string | Uint8Array = ''): void {
    this.writer(path).append(data);
  }

  /** Opens a file for appending, and makes it if there is none: what is appended goes to the same file after a rename, too. */
  writer(path: string): SimulatedWriter {
    let file = this.#names.get(path);
    if (file === undefined) {
      file = new SimulatedFile(++this.#made);
      this.#names.set(path, file);
    }
    const opened = file;
    return { append: (data) => opened.put(typeof data === 'string' ? Buffer.from(data) : data, opened.size) };
  }

  /**
   * Cuts a file off.
   *
   * @param size - Octets that stay, or zeros that come. Default: none.
   * @throws PoeUsageError `POE_ERR_SIMULATION_FILE` if there is no such file.
   */
  truncate(path: string, size = 0): void {
    this.#named(path, 'truncate').truncate(size);
  }

  /** Gives a file another name; what had that name loses it. @throws PoeUsageError `POE_ERR_SIMULATION_FILE`. */
  rename(from: string, to: string): void {
    const file = this.#named(from, 'rename');
    this.#names.delete(from);
    this.#names.set(to, file);
  }

  /** Takes a name away. @throws PoeUsageError `POE_ERR_SIMULATION_FILE`. */
  unlink(path: string): void {
    this.#named(path, 'unlink');
    this.#names.delete(path);
  }

  /**
   * From now on the system refuses whatever is tried with a name.
   *
   * @param errno - Such as `'EACCES'`. Without one all is well again.
   * @example
   * files.fail('/var/log/app.log', 'EACCES');
   */
  fail(path: string, errno?: string): void {
    if (errno === undefined) this.#failures.delete(path);
    else this.#failures.set(path, errno);
  }

  /** What a file holds, as text; undefined if there is none. */
  text(path: string): string | undefined {
    const file = this.#names.get(path);
    return file === undefined ? undefined : Buffer.from(file.get(0, file.size)).toString();
  }

  /** Descriptors that are open. A program that has given everything back leaves none. */
  get openDescriptors(): number {
    return this.#open.size;
  }

  #named(path: string, what: string): SimulatedFile {
    const file = this.#names.get(path);
    if (file !== undefined) return file;
    throw new PoeUsageError('POE_ERR_SIMULATION_FILE', `Cannot ${what} a simulated file: there is no '${path}'`, {
      hint: 'append makes a file',
    });
  }

  // --- what the kernel's side sees

  open(path: string): FileResult<number> {
    const found = this.#find('open', path);
    if ('failed' in found) return found;
    this.#open.set(++this.#lastDescriptor, { file: found.ok, position: 0 });
    return { ok: this.#lastDescriptor };
  }

  status(path: string): FileResult<FileStatus> {
    const found = this.#find('stat', path);
    return 'failed' in found ? found : { ok: found.ok.status };
  }

  statusOf(descriptor: number): FileResult<FileStatus> {
    return this.#use('stat', descriptor, ({ file }) => file.status);
  }

  read(descriptor: number, maxOctets: number, position: number | null): FileResult<Uint8Array> {
    return this.#use('read', descriptor, (open) => {
      const octets = open.file.get(position ?? open.position, maxOctets);
      if (position === null) open.position += octets.length;
      return octets;
    });
  }

  write(descriptor: number, octets: Uint8Array): FileResult<true> {
    return this.#use('write', descriptor, (open) => {
      open.file.put(octets, open.position);
      open.position += octets.length;
      return true;
    });
  }

  close(descriptor: number): void {
    this.#open.delete(descriptor);
  }

  #find(operation: string, path: string): FileResult<SimulatedFile> {
    const file = this.#names.get(path);
    const failure = this.#failures.get(path);
    if (file !== undefined && failure === undefined) return { ok: file };
    return { failed: errnoFailure(operation, failure ?? 'ENOENT') };
  }

  #use<T>(operation: string, descriptor: number, use: (open: OpenFile) => T): FileResult<T> {
    const open = this.#open.get(descriptor);
    return open === undefined ? { failed: errnoFailure(operation, 'EBADF') } : { ok: use(open) };
  }
}
