/** Runs in a thread of its own, beside the one whose event loop it watches: see `watchBlocks`. */
import { writeSync } from 'node:fs';
import inspector, { type Debugger } from 'node:inspector';
import { workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface BlockWatch {
  /** Counted up by the event loop each time it comes round. */
  readonly beat: Int32Array;
  /** Milliseconds from look to look, and looks in a row without a beat after which the loop counts as blocked. */
  readonly everyMs: number;
  readonly looks: number;
}

const STDERR = 2;
/** The method of a session that calls a handler, and how to ask there, while it is paused, for session, event and names. */
const INVOKE = '_invoke';
const ASK = '[this.id, arguments[1], this._engine.aliases.of(this)].join("\\n")';

const { beat, everyMs, looks } = workerData as BlockWatch;
let last = -1;
/** Looks in a row without a beat. Counted, not timed: a process that was stopped has not been blocked. */
let missed = 0;

setInterval(() => {
  const now = Atomics.load(beat, 0);
  missed = now === last ? missed + 1 : 0;
  last = now;
  // A debugger may have stopped it on purpose.
  if (missed === looks && inspector.url() === undefined) askWhere();
}, everyMs);

/** Stops the other thread for a moment to see what it does. Where it is inside of Node itself it does not stop, and says so by its silence. */
function askWhere(): void {
  const session = new inspector.Session();
  const scripts = new Map<string, string>();
  let isTold = false;
  const tell = (where: string): void => {
    if (isTold) return;
    isTold = true;
    const seconds = Math.round((everyMs * looks) / 100) / 10;
    writeSync(
      STDERR,
      `(node:${process.pid}) [POE_WARN_BLOCKED] PoeWarning: The event loop is blocked for ${seconds} s ${where}\n`,
    );
    session.post('Debugger.resume', () => session.disconnect());
  };
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    if (isTold) return;
    const place = placeOf(callFrames, scripts);
    const invoke = callFrames.find(({ functionName }) => functionName === INVOKE);
    if (invoke === undefined) {
      tell(`outside of all handlers, ${place}`);
      return;
    }
    const { callFrameId } = invoke;
    const question = { callFrameId, expression: ASK, silent: true, returnByValue: true };
    const answered = (error: Error | null, answer?: Debugger.EvaluateOnCallFrameReturnType): void => {
      const [id, event, names] = error === null ? String(answer?.result.value).split('\n') : [];
      const name = names === '' ? id : `${id} (${names})`;
      tell(event === undefined ? place : `by '${event}' of session ${name}, ${place}`);
    };
    session.post('Debugger.evaluateOnCallFrame', question, answered);
  });
  // It is answered late, or by the end of the session, where the other thread is inside of Node: then there is nothing to stop for any more.
  session.post('Debugger.enable', (error) => {
    if (error === null && !isTold) session.post('Debugger.pause');
  });
  setTimeout(tell, everyMs * looks, 'inside of Node or a library of the system').unref();
}

/** The innermost place that is not Node's own. */
function placeOf(frames: readonly Debugger.CallFrame[], scripts: ReadonlyMap<string, string>): string {
  const own =
    frames.find(({ location }) => !(scripts.get(location.scriptId) ?? 'node:').startsWith('node:')) ?? frames[0];
  if (own === undefined) return 'nobody knows where';
  const { scriptId, lineNumber, columnNumber = 0 } = own.location;
  return `at ${scripts.get(scriptId) ?? '?'}:${lineNumber + 1}:${columnNumber + 1}`;
}
