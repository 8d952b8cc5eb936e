import type { Engine } from '../engine.ts';
import { traceHeaps } from './destroy.ts';
import { traceEvents } from './events.ts';
import { traceReferences } from './refcnt.ts';
import { traceMisses } from './retvals.ts';
import { traceStatistics } from './statistics.ts';

/**
 * Lays those traces around a new kernel that are on, by `DEBUG` or by `POE_TRACE_*`. It is settled here, once: a kernel that is not
 * traced has nothing to ask when an event passes. The traces of files, sessions and signals are where those are kept.
 */
export function trace(engine: Engine): void {
  traceEvents(engine);
  traceReferences(engine);
  traceMisses(engine);
  traceHeaps(engine);
  traceStatistics(engine);
}
