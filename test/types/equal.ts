/** Whether two types are the same one, `any` being the same as `any` only. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile unless the type argument is `true`. */
export function expect<_ extends true>(): void {}

/** The type of a value, for {@link expect}: `expect<Equal<typeof x, string>>()` without naming `x`. */
export function same<Wanted>(): <Found>(value: Found, ..._: Equal<Found, Wanted> extends true ? [] : [never]) => void {
  return () => {};
}
