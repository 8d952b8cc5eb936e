/** Where a value of the config is from. */
export type Origin =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly file: string; readonly line?: number | undefined }
  | { readonly from: 'program' }
  | { readonly from: 'environment'; readonly variable: string }
  | { readonly from: 'command line'; readonly option: string };

/** One value of the config as it is in effect. */
export interface Setting {
  /** As in `plugins[0].options.level`. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

export const DEFAULT: Origin = { from: 'default' };

/** An origin as a person writes it. */
export function originText(origin: Origin): string {
  if (origin.from === 'file') return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
  if (origin.from === 'environment') return `environment ${origin.variable}`;
  if (origin.from === 'command line') return `command line ${origin.option}`;
  return origin.from;
}
