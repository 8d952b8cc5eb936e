import type { EditFunction } from '../action.ts';
import { completion } from './completion.ts';
import { editing } from './editing.ts';
import { historyFunctions } from './history.ts';
import { killing } from './killing.ts';
import { movement } from './movement.ts';
import { reports } from './reports.ts';
import { searching } from './searching.ts';
import { vi } from './vi.ts';
import { viRanges } from './vi-ranges.ts';

/** Everything that keys can be bound to, by POE's names. */
export const FUNCTIONS: Readonly<Record<string, EditFunction>> = {
  ...completion,
  ...editing,
  ...historyFunctions,
  ...killing,
  ...movement,
  ...reports,
  ...searching,
  ...vi,
  ...viRanges,
};
