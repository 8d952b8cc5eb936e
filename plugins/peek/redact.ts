/** What stands behind a word for a secret, as in `password=hunter2` and `token: abc`; and passwords in addresses. */
const SECRET = /((?:password|passwd|secret|token|key)["']?\s{0,4}[=:]\s{0,4})(?:"[^"]*"|'[^']*'|[^\s,;&)'"]+)/gi;
const ADDRESS = /(:\/\/[^\s:/@]{1,256}:)[^\s@/]{1,256}@/g;

const REDACTED = '[redacted]';

/** A text without the secrets that it names: names of events, aliases, tags and handles are the program's own, and may hold any. */
export function redact(text: string): string {
  return text.replace(SECRET, `$1${REDACTED}`).replace(ADDRESS, `$1${REDACTED}@`);
}

/** A value as JSON on one line, its texts {@link redact}ed. */
export function redactedJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === 'string') return redact(each);
    return typeof each === 'bigint' ? each.toString() : each;
  });
}
