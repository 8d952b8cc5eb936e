import { createRequire } from 'node:module';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { CallInfo, IkcHooks, RequestInfo } from '../../components/index.ts';

type Api = typeof import('@opentelemetry/api');

const NAME = 'spans';

/** The API of OpenTelemetry, if the program has it. It does nothing until the program sets an SDK up. */
export function openTelemetry(): Api | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api') as Api;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * Makes a span of each call to another kernel, and one of each event that another kernel posts or calls. The trace context travels in the
 * headers of the message, so that the spans of both sides are one trace; what a handler awaits is inside of its span.
 */
export function watchSpans(api: Api, hooks: IkcHooks): () => void {
  const tracer = api.trace.getTracer('poe-kernel');
  const calls = new WeakMap<CallInfo, Span>();
  const requests = new WeakMap<RequestInfo, Span>();
  let isOver = false;
  hooks.callStarted.tap(NAME, (call) => {
    if (isOver) return;
    const parent = api.context.active();
    const span = startSpan(tracer, call, api.SpanKind.CLIENT, parent);
    calls.set(call, span);
    api.propagation.inject(api.trace.setSpan(parent, span), call.headers);
  });
  hooks.callEnded.tap(NAME, (call, error) => endSpan(api, calls.get(call), error));
  hooks.requestStarted.tap(NAME, (request) => {
    if (isOver) return;
    const parent = api.propagation.extract(api.ROOT_CONTEXT, request.headers);
    const kind = request.awaited ? api.SpanKind.SERVER : api.SpanKind.CONSUMER;
    const span = startSpan(tracer, request, kind, parent);
    span.setAttribute('poe.peer.kernel', request.peer.kernel);
    requests.set(request, span);
    const inside = api.trace.setSpan(parent, span);
    request.around = (act) => api.context.with(inside, act);
  });
  hooks.requestEnded.tap(NAME, (request, error) => endSpan(api, requests.get(request), error));
  return () => {
    isOver = true;
  };
}

function startSpan(tracer: Tracer, { to }: CallInfo | RequestInfo, kind: number, parent: Context): Span {
  const attributes = {
    'rpc.system': 'poe_ikc',
    'rpc.service': to.session,
    'rpc.method': to.state,
    'server.address': to.kernel,
  };
  return tracer.startSpan(`${to.session}/${to.state}`, { kind, attributes }, parent);
}

function endSpan(api: Api, span: Span | undefined, error: unknown): void {
  if (span === undefined) return;
  if (error !== undefined) {
    const exception = error instanceof Error ? error : String(error);
    span.recordException(exception);
    span.setStatus({
      code: api.SpanStatusCode.ERROR,
      message: typeof exception === 'string' ? exception : exception.message,
    });
  }
  span.end();
}
