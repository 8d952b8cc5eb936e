/** Stands in for an OpenTelemetry SDK: keeps spans, and carries their context as W3C has it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  type SpanStatus,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api';

export interface KeptSpan {
  readonly name: string;
  readonly kind: number | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  status: SpanStatus | undefined;
  ended: boolean;
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

export class SpanKeeper implements TextMapPropagator, ContextManager, Tracer {
  readonly spans: KeptSpan[] = [];
  readonly #store = new AsyncLocalStorage<Context>();

  install(): void {
    trace.setGlobalTracerProvider({ getTracer: () => this });
    propagation.setGlobalPropagator(this);
    context.setGlobalContextManager(this);
  }

  uninstall(): void {
    trace.disable();
    propagation.disable();
    context.disable();
  }

  // --- tracer

  startSpan(name: string, { kind, attributes = {} }: SpanOptions = {}, parent: Context = context.active()): Span {
    const above = trace.getSpanContext(parent);
    const number = this.spans.length + 1;
    const kept: KeptSpan = {
      name,
      kind,
      traceId: above?.traceId ?? hex(number, 32),
      spanId: hex(number, 16),
      parent: above?.spanId,
      attributes: { ...attributes },
      status: undefined,
      ended: false,
    };
    this.spans.push(kept);
    const span: Span = {
      spanContext: () => ({ traceId: kept.traceId, spanId: kept.spanId, traceFlags: 1 }),
      setAttribute: (key, value) => {
        kept.attributes[key] = value;
        return span;
      },
      setStatus: (status) => {
        kept.status = status;
        return span;
      },
      end: () => {
        kept.ended = true;
      },
      setAttributes: () => span,
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      updateName: () => span,
      isRecording: () => true,
      recordException: () => {},
    };
    return span;
  }

  startActiveSpan(): never {
    throw new Error('Not used here');
  }

  // --- propagator

  inject(from: Context, carrier: Record<string, string>): void {
    const span = trace.getSpanContext(from);
    if (span !== undefined) carrier.traceparent = `00-${span.traceId}-${span.spanId}-01`;
  }

  extract(into: Context, carrier: Record<string, string>): Context {
    const [, traceId, spanId] = /^00-([\da-f]{32})-([\da-f]{16})-01$/.exec(carrier.traceparent ?? '') ?? [];
    if (traceId === undefined || spanId === undefined) return into;
    return trace.setSpanContext(into, { traceId, spanId, traceFlags: 1, isRemote: true });
  }

  fields(): string[] {
    return ['traceparent'];
  }

  // --- contexts

  active(): Context {
    return this.#store.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    inside: Context,
    act: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#store.run(inside, () => act.call(self as never, ...args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}
