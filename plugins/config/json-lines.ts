import { type KeyPath, keyText } from './key-path.ts';

interface Level {
  /** The key of the value to come: a number in a list. */
  key: string | number | undefined;
  readonly isList: boolean;
  /** The lines of the keys there have been. */
  readonly keys: Map<string, number>;
}

/** A key that an object has twice: `JSON.parse` takes the last value without a word. */
export interface KeyTwice {
  readonly path: KeyPath;
  /** The line of the first one. */
  readonly firstLine: number;
}

/** Where things are in a JSON text. */
export interface JsonPlaces {
  /** The line of each value, by its key as {@link keyText} has it; of a key that is there twice, that of the last one. */
  readonly lines: ReadonlyMap<string, number>;
  readonly twice: readonly KeyTwice[];
}

/**
 * Finds out on which lines the values of a JSON text are, and which keys are there twice.
 *
 * @param json - Text that `JSON.parse` takes.
 */
export function placesInJson(json: string): JsonPlaces {
  const lines = new Map<string, number>();
  const twice: KeyTwice[] = [];
  const levels: Level[] = [];
  let line = 1;
  const path = (): KeyPath => levels.map(({ key }) => key ?? '');
  const note = (): void => {
    if (levels.length > 0) lines.set(keyText(path()), line);
  };
  for (const [token] of json.matchAll(/\n|"(?:[^"\\\n]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const level = levels.at(-1);
    if (token === '\n') line++;
    else if (token === '{' || token === '[') {
      note();
      levels.push({ key: token === '[' ? 0 : undefined, isList: token === '[', keys: new Map() });
    } else if (token === '}' || token === ']') {
      levels.pop();
    } else if (token === ',' && level !== undefined) {
      level.key = level.isList ? (level.key as number) + 1 : undefined;
    } else if (token === ':') {
      // The key came before it.
    } else if (level !== undefined && !level.isList && level.key === undefined) {
      const key = JSON.parse(token) as string;
      level.key = key;
      const firstLine = level.keys.get(key);
      if (firstLine === undefined) level.keys.set(key, line);
      else twice.push({ path: path(), firstLine });
    } else {
      note();
    }
  }
  return { lines, twice };
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
