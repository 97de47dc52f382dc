/** A form that is being filled in, as it is kept while the app is locked. */
import type { Value } from '../sync/pack';

/** Texts, numbers and ticks by their name. */
export type Form = Readonly<Record<string, string | number | boolean>>;

/** Null where nothing differs from the empty form: there is nothing to keep. */
export function packForm<T extends Form>(form: { readonly [Name in keyof T]: Value }, empty: T): Value {
  return Object.keys(empty).every((name) => form[name] === empty[name]) ? null : { ...form };
}

/** The form as `packForm` kept it; whatever is missing or another thing is as in the empty one. */
export function formIn<T extends Form>(kept: Value, empty: T): T {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept) || kept instanceof Uint8Array) return empty;
  const said = kept as Readonly<Record<string, Value>>;
  const fitting = Object.entries(said).filter(([name, value]) => name in empty && typeof value === typeof empty[name]);
  return { ...empty, ...Object.fromEntries(fitting) };
}
