import { inspect } from 'node:util';
import { type KernelView, warn } from '../../core/index.ts';
import type { AwaitedCalls } from './awaited-calls.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Kernels } from './kernels.ts';
import { type Link, namesOf } from './link.ts';
import { type ErrorStage, IKC_SESSION } from './message.ts';
import type { Monitors } from './monitors.ts';
import { isHash, isTrue } from './perl.ts';
import { parseSpecifier, specifierPart } from './specifier.ts';

/** What reports of errors need from the responder. */
export interface ErrorReportContext {
  readonly kernel: KernelView;
  readonly kernels: Kernels;
  readonly monitors: Monitors;
  readonly letters: DeadLetters;
  readonly calls: AwaitedCalls;
}

/** The stages at which a request comes to nothing before its handler is called. */
const UNDELIVERED: ReadonlySet<string> = new Set(['request', 'check', 'resolve']);
/** What stands in errors of peers before the specifier. */
const REQUEST = '.  Request ';

/** What goes wrong with requests, here or at the other side, and with connections: who awaits it is told, or monitors, or a person. */
export class ErrorReports {
  readonly #context: ErrorReportContext;

  constructor(context: ErrorReportContext) {
    this.#context = context;
  }

  /** Another kernel says that a request of this one failed there: a list of text, kernel and stage, or just a text. */
  remote(error: unknown): void {
    const { calls, kernel } = this.#context;
    const listed = Array.isArray(error);
    const [given, kernelName, stage] = listed ? (error as unknown[]) : [error];
    const text = asText(given);
    // An error of an awaited call belongs to whoever awaits it; monitors may still watch it go by.
    const awaited = calls.refused(text, stage);
    const operation = listed ? operationOf('remote', asText(stage)) : 'remote';
    // POE: what is neither a list nor a text is not told to anybody.
    const told = isHash(error) ? 0 : this.#tell(operation, asText(kernelName), text);
    if (!awaited && UNDELIVERED.has(asText(stage))) this.#refused(text, asText(kernelName));
    if (told === 0 && !awaited) warn('POE_WARN_IKC_ERROR', `${operation} error: ${text}`, kernel);
  }

  /** A request of another kernel has failed here. */
  local(text: string, kernelName: string | null, stage: ErrorStage): void {
    const operation = operationOf('local', stage);
    const told = this.#tell(operation, kernelName ?? '', text);
    if (told === 0) warn('POE_WARN_IKC_ERROR', `${operation} error: ${text}`, this.#context.kernel);
  }

  /** Trouble with a connection. Returns how many monitors were told. */
  ofChannel(link: Link, operation: string, text: string): number {
    const { kernels, monitors } = this.#context;
    const names = kernels.isRegistered(link) ? namesOf(link) : ['*'];
    return monitors.tell(names, 'error', `channel-${operation}`, text);
  }

  /** Trouble of a server or client that has no connection: the monitors of `*` are told. Returns how many there were. */
  ofServer(operation: string, errno: number, message: string): number {
    return this.#context.monitors.tell(['*'], 'error', `channel-${operation}`, `[${errno}] ${message}`);
  }

  /** What the other side did not let in. It says what that was, but does not send it back. */
  #refused(text: string, kernel: string): void {
    const request = text.slice(text.lastIndexOf(REQUEST) + REQUEST.length);
    const sentBy = request.indexOf(' sent by ');
    const to = text.includes(REQUEST) ? parseSpecifier(sentBy < 0 ? request : request.slice(0, sentBy)) : undefined;
    // Pings and questions whether something is published are our own.
    if (to?.session === IKC_SESSION) return;
    this.#context.letters.tellOf(to ?? { kernel, session: '', state: '' }, { reason: 'refused', text, known: true });
  }

  /** Tells those who monitor the kernel that an error names. Returns how many were told. */
  #tell(operation: string, kernelName: string, text: string): number {
    const name = !isTrue(kernelName) || kernelName === '*' ? '*' : specifierPart(kernelName, 'kernel');
    // POE: what cannot be the name of a kernel is nobody's.
    if (name === undefined || name === '') return 0;
    const { kernels, monitors } = this.#context;
    const link = kernels.find(name);
    const names = link !== undefined && link.realName === name ? namesOf(link) : [name];
    return monitors.tell(names, 'error', operation, text);
  }
}

/** `remote` or `local` with the stage, which may say so already. */
function operationOf(where: 'local' | 'remote', stage: string): string {
  return stage.startsWith(`${where}-`) ? stage : `${where}-${stage}`;
}

/** What a peer gave as text, which may be anything. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}
