export { BaseFilter } from './base-filter.ts';
export type { BlockOptions, LengthDecoder, LengthEncoder } from './block.ts';
export { Block } from './block.ts';
export type { Chunk, Filter, Span } from './filter.ts';
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
export type { GrepOptions, GrepTest } from './grep.ts';
export { Grep } from './grep.ts';
export { type HeadersInit, type HeaderValue, HttpHeaders } from './httpd/headers.ts';
export { HttpMessage } from './httpd/message.ts';
export { HttpRequest } from './httpd/request.ts';
export { HttpResponse } from './httpd/response.ts';
export { statusMessage } from './httpd/status.ts';
export type { HttpdOptions, HttpdRecord } from './httpd.ts';
export { HTTPD } from './httpd.ts';
export type { LineOptions } from './line.ts';
export { Line } from './line.ts';
export type { MapCode, MapOptions } from './map.ts';
export { Map } from './map.ts';
export { OctetBuffer } from './octet-buffer.ts';
export { OctetsRef } from './octets-ref.ts';
export type { RecordBlockOptions } from './record-block.ts';
export { RecordBlock } from './record-block.ts';
export type { ReferenceOptions } from './reference.ts';
export { Reference } from './reference.ts';
export type { StackableOptions } from './stackable.ts';
export { Stackable } from './stackable.ts';
export type { StreamOptions } from './stream.ts';
export { Stream } from './stream.ts';
export type { TextEncoding, TextRecord } from './text.ts';
