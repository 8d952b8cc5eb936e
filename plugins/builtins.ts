import type { Plugin } from '../core/index.ts';

/** The plugins of this package by the names that configs have for them. Each is loaded when it is used. */
export const BUILTINS = {
  babysit: () => import('./babysit/index.ts').then(({ babysit }) => babysit),
  log: () => import('./log/index.ts').then(({ log }) => log),
  metrics: () => import('./metrics/index.ts').then(({ metrics }) => metrics),
  peek: () => import('./peek/index.ts').then(({ peek }) => peek),
  prefork: () => import('./prefork/index.ts').then(({ prefork }) => prefork),
};

/** The options of each plugin of this package. */
export type BuiltinOptions = {
  [Name in keyof typeof BUILTINS]: Awaited<ReturnType<(typeof BUILTINS)[Name]>> extends Plugin<infer O> ? O : never;
};

/** A plugin of this package, or undefined. */
export function builtin(name: string): Promise<Plugin<unknown>> | undefined {
  return Object.hasOwn(BUILTINS, name)
    ? (BUILTINS[name as keyof typeof BUILTINS]() as Promise<Plugin<unknown>>)
    : undefined;
}
