/** Where a value is in a config, from the outside in. */
export type KeyPath = readonly (string | number)[];

/** The path as a person writes it: `plugins[0].options.level`. */
export function keyText(path: KeyPath): string {
  return path
    .map((part, at) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `[${JSON.stringify(part)}]`;
      return at === 0 ? part : `.${part}`;
    })
    .join('');
}
