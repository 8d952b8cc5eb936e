export { BaseFilter } from './base-filter.ts';
export type { Chunk, Filter } from './filter.ts';
export { IkcFreezer } from './freezers/dumper.ts';
export { FreezeThaw } from './freezers/freeze-thaw.ts';
export type { ClassCodec, Freezer, ThawLimits, ThawOptions } from './freezers/freezer.ts';
export { DEFAULT_THAW_LIMITS } from './freezers/freezer.ts';
export type { Blessable, PerlHash } from './freezers/perl-values.ts';
export {
  blessed,
  PerlCode,
  PerlGlob,
  PerlHook,
  PerlRef,
  PerlRegexp,
  PerlString,
  PerlTied,
  PerlVString,
} from './freezers/perl-values.ts';
export { FREEZER_NAMES, type FreezerFactory, freezerFor } from './freezers/registry.ts';
export { freeze, nfreeze, Storable, type StorableOptions, thaw } from './freezers/storable/index.ts';
export type { LineOptions } from './line.ts';
export { Line } from './line.ts';
export { OctetBuffer } from './octet-buffer.ts';
export type { ReferenceOptions } from './reference.ts';
export { Reference } from './reference.ts';
export type { StreamOptions } from './stream.ts';
export { Stream } from './stream.ts';
export type { TextEncoding } from './text.ts';
