/** Small readers for JSON that nobody has checked yet. Each names the place that is wrong. */

/** The catalogue does not have the shape that this app knows. */
export class BadCatalogue extends Error {
  readonly code = 'bad-catalogue';
  constructor(readonly place: string, expected: string) {
    super(`the catalogue is not as it should be at ${place}: expected ${expected}`);
  }
}

export type Json = Readonly<Record<string, unknown>>;

export function map(value: unknown, place: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadCatalogue(place, 'a map');
  }
  return value as Json;
}

export function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new BadCatalogue(place, 'a list');
  return value;
}

export function text(value: unknown, place: string): string {
  if (typeof value !== 'string') throw new BadCatalogue(place, 'text');
  return value.normalize('NFC');
}

export function textOrNull(value: unknown, place: string): string | null {
  return value === null || value === undefined ? null : text(value, place);
}

export function number(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadCatalogue(place, 'a number');
  return value;
}

export function numberOrNull(value: unknown, place: string): number | null {
  return value === null || value === undefined ? null : number(value, place);
}

/** Absent means false. */
export function flag(value: unknown, place: string): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== 'boolean') throw new BadCatalogue(place, 'true or false');
  return value;
}

export function plain(value: unknown, place: string): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return number(value, place);
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[], place: string): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new BadCatalogue(place, `one of ${allowed.join(', ')}`);
  return found;
}

export function texts(value: unknown, place: string): readonly string[] {
  if (value === null || value === undefined) return [];
  return list(value, place).map((each, index) => text(each, `${place}[${index}]`));
}
