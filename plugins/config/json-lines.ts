import { type KeyPath, keyText } from './key-path.ts';

interface Level {
  /** The key of the value to come: a number in a list. */
  key: string | number | undefined;
  readonly isList: boolean;
}

/**
 * The line of each value in a JSON text, by its key as {@link keyText} has it.
 *
 * @param json - Text that `JSON.parse` takes.
 */
export function linesOfJson(json: string): Map<string, number> {
  const lines = new Map<string, number>();
  const levels: Level[] = [];
  let line = 1;
  const note = (): void => {
    const path: KeyPath = levels.map(({ key }) => key ?? '');
    if (path.length > 0) lines.set(keyText(path), line);
  };
  for (const [token] of json.matchAll(/\n|"(?:[^"\\\n]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const level = levels.at(-1);
    if (token === '\n') line++;
    else if (token === '{' || token === '[') {
      note();
      levels.push({ key: token === '[' ? 0 : undefined, isList: token === '[' });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',' && level !== undefined) {
      level.key = level.isList ? (level.key as number) + 1 : undefined;
    } else if (token === ':') {
      // The key came before it.
    } else if (level !== undefined && !level.isList && level.key === undefined) {
      level.key = JSON.parse(token) as string;
    } else {
      note();
    }
  }
  return lines;
}
