import { pathToFileURL } from 'node:url';

/** Whether Node reads TypeScript by itself: from 22.18 on. */
const { typescript } = process.features as { typescript?: string | false };

/**
 * Imports a module of JavaScript or TypeScript. Both share their modules, the kernel above all, with the rest of the process.
 *
 * @param path - Absolute.
 */
export async function importFile(path: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(path).href;
  if (!/\.[cm]?ts$/.test(path) || typescript) return import(url);
  const { createJiti } = await import('jiti');
  return createJiti(url).import(path);
}
