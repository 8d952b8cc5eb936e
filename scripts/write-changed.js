/**
 * Writes files of a build, and only those whose content has changed: a build that changes nothing disturbs no program that
 * runs from `dist` meanwhile, and one that does shows it no half of a file.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file and the folders it lies in, if it is not there with this content. */
export function writeChanged(path, content) {
  const octets = Buffer.from(content);
  if (contentOf(path)?.equals(octets)) return;
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, octets);
  renameSync(unfinished, path);
}

/** Makes a folder hold these files and no others: content by name. */
export function writeFolder(folder, files) {
  for (const [name, content] of files) writeChanged(join(folder, name), content);
  for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name), { recursive: true });
}

function contentOf(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
