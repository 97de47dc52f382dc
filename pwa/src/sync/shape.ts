/** A map from elsewhere, asked field by field: each answer has its type, or it is Malformed. */
import type { Bytes } from './bytes';
import { NAME_CHARACTERS_MAX } from './limits';
import type { Value } from './pack';
import { Malformed } from './refusals';
import { unpack } from './unpack';

export class Shape {
  private readonly entries: Readonly<Record<string, Value>>;
  private readonly what: string;

  constructor(value: Value, what: string) {
    if (!isMap(value)) throw new Malformed(what);
    this.entries = value;
    this.what = what;
  }

  static read(bytes: Bytes, what: string): Shape {
    return new Shape(unpack(bytes, what), what);
  }

  integer(name: string, min = 0): number {
    const value = this.find(name);
    if (typeof value !== 'number' || value < min) throw this.fault();
    return value;
  }

  text(name: string): string {
    const value = this.find(name);
    if (typeof value !== 'string' || value.length > 2 * NAME_CHARACTERS_MAX) throw this.fault();
    return value;
  }

  /** Text without a bound of its own: a token, which only its maker reads. */
  longTextOrNull(name: string): string | null {
    const value = this.find(name);
    if (value !== null && typeof value !== 'string') throw this.fault();
    return value;
  }

  textOrNull(name: string): string | null {
    return this.find(name) === null ? null : this.text(name);
  }

  flag(name: string): boolean {
    const value = this.find(name);
    if (typeof value !== 'boolean') throw this.fault();
    return value;
  }

  bytes(name: string, size?: number): Bytes {
    const value = this.find(name);
    if (!(value instanceof Uint8Array)) throw this.fault();
    if (size !== undefined && value.length !== size) throw this.fault();
    return value;
  }

  bytesOrNull(name: string, size?: number): Bytes | null {
    return this.find(name) === null ? null : this.bytes(name, size);
  }

  /** A list that is left out is empty. */
  list(name: string): readonly Value[] {
    const value = this.find(name) ?? [];
    if (!isList(value)) throw this.fault();
    return value;
  }

  texts(name: string): string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw this.fault();
      return value;
    });
  }

  shapes(name: string): Shape[] {
    return this.list(name).map((value) => new Shape(value, this.what));
  }

  shape(name: string): Shape {
    return new Shape(this.find(name), this.what);
  }

  /** The entries of a map, each a map itself; none of one that is left out. */
  shapesByName(name: string): [string, Shape][] {
    const value = this.find(name) ?? {};
    if (!isMap(value)) throw this.fault();
    return Object.entries(value).map(([key, part]) => [key, new Shape(part, this.what)]);
  }

  /** Whether the field is there and not nil. */
  has(name: string): boolean {
    return this.find(name) !== null;
  }

  value(name: string): Value {
    return this.find(name);
  }

  private find(name: string): Value {
    return (Object.hasOwn(this.entries, name) ? this.entries[name] : undefined) ?? null;
  }

  private fault(): Malformed {
    return new Malformed(this.what);
  }
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isMap(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !isList(value) && !isBytes(value);
}

function isBytes(value: Value): value is Bytes {
  return value instanceof Uint8Array;
}
