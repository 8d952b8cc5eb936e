/** The kinds of metrics that are used here. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One line: what is added to the family's name (`_bucket`), labels, and the value. */
export interface Sample {
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics of one name. Plain values, so that one process can tell another. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly samples: readonly Sample[];
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Writes families as Prometheus reads them, text format 0.0.4. */
export function exposition(families: readonly Family[]): string {
  return families.map(familyText).join('');
}

function familyText({ name, help, type, samples }: Family): string {
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${number(value)}\n`,
  );
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Numbers as Go writes them. */
export function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

/**
 * Puts the families of several processes together: a family that several have comes once, with the samples of all.
 *
 * @param parts - Families by the labels that tell the process.
 */
export function merge(
  parts: readonly (readonly [labels: Readonly<Record<string, string>>, families: readonly Family[]])[],
): Family[] {
  const merged = new Map<string, { name: string; help: string; type: MetricType; samples: Sample[] }>();
  for (const [labels, families] of parts) {
    for (const { samples, ...family } of families) {
      const whole = merged.get(family.name) ?? { ...family, samples: [] };
      merged.set(family.name, whole);
      for (const sample of samples) whole.samples.push({ ...sample, labels: { ...labels, ...sample.labels } });
    }
  }
  return [...merged.values()];
}
