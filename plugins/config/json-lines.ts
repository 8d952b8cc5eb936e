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

/** The line up to which a text that `JSON.parse` does not take could have been JSON. */
export function lineOfFault(json: string): number {
  const lines = json.split('\n');
  let right = 0;
  let wrong = lines.length;
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (isBeginning(`${lines.slice(0, middle).join('\n')}\n`)) right = middle;
    else wrong = middle;
  }
  return wrong;
}

/** Whether nothing is wrong but that it ends. */
function isBeginning(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const [, position] = / at position (\d+)/.exec(message) ?? [];
    return position === undefined ? message.includes('end of JSON input') : Number(position) >= json.length;
  }
}
