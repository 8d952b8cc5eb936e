/** Whether a word for a domain, POE's or the wheel's, means this one. */
export function isDomain(word: string | undefined, domain: 'inet6' | 'unix'): boolean {
  return word?.replace(/^[AP]F_/, '').toLowerCase() === domain;
}
