/** Up to here looking at characters one by one is faster than a call into Node. */
export const SHORT = 40;

/** Finds a character that no byte string can hold. */
const WIDE = /[^\0-\xff]/;

/** Whether text has a character above 255. */
export function isWide(text: string): boolean {
  if (text.length > SHORT) return WIDE.test(text);
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0xff) return true;
  }
  return false;
}
