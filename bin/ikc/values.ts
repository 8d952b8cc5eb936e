/** A value from the command line: JSON, or else text; null, which is undef, if there is none. */
export function readValue(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A value as it is printed: JSON in one line if that is wanted; otherwise a text as it is, and the rest as indented JSON. */
export function showValue(value: unknown, json: boolean | undefined): string {
  if (json) return asJson(value);
  return typeof value === 'string' ? value : asJson(value, 2);
}

/** JSON, with what it has no word for as text: big integers, and values that hold themselves. */
function asJson(value: unknown, indent?: number): string {
  const path: object[] = [];
  return JSON.stringify(
    value,
    function (this: object, _key, each: unknown) {
      if (typeof each === 'bigint') return String(each);
      if (typeof each !== 'object' || each === null) return each;
      // `this` holds the value: what is behind it on the path is done with.
      while (path.length > 0 && path.at(-1) !== this) path.pop();
      if (path.includes(each)) return '[circular]';
      path.push(each);
      return each;
    },
    indent,
  );
}
