/**
 * Reading MessagePack that anybody may have written. Every fault is Malformed.
 *
 * 1. Nothing is believed: sizes are held against the bytes that are left, depth is bounded.
 * 2. Floats, extensions, integers over 2^53 and broken UTF-8 are faults.
 */
import type { Bytes } from './bytes';
import type { Value } from './pack';
import { Malformed } from './refusals';

/** Deeper than any message or reference data, and far from the end of the stack. */
const DEPTH_MAX = 64;
const TWO_TO_32 = 2 ** 32;
const NULL = 0xc0;
const DOT = 0x2e;
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads bytes that are one value and nothing more. `what` they should be is for the fault. */
export function unpack(bytes: Bytes, what = 'MessagePack'): Value {
  const reader = new Reader(bytes, what);
  const value = reader.value();
  reader.end();
  return value;
}

/** Whether packed bytes say that there is nothing. */
export function isNull(bytes: Bytes): boolean {
  return bytes[0] === NULL;
}

function isListPrefix(prefix: number): boolean {
  return prefix >> 4 === 0x9 || prefix === 0xdc || prefix === 0xdd;
}

function isMapPrefix(prefix: number): boolean {
  return prefix >> 4 === 0x8 || prefix === 0xde || prefix === 0xdf;
}

/** Reads values one after the other; every fault is Malformed. */
export class Reader {
  private readonly bytes: Bytes;
  private readonly what: string;
  private at = 0;

  constructor(bytes: Bytes, what: string) {
    this.bytes = bytes;
    this.what = what;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  end(): void {
    if (!this.isAtEnd) throw this.fault();
  }

  fault(): Malformed {
    return new Malformed(this.what);
  }

  /** The bytes of the next value, whatever it is. */
  raw(): Bytes {
    const start = this.at;
    this.skip(0, false);
    return this.bytes.subarray(start, this.at);
  }

  /** Goes past the next value where `value` could read it. */
  passValue(): void {
    this.skip(0, true);
  }

  /**
   * Goes past the next value, which is a text, and gives its place among `names`, or -1.
   * A name that ends in a dot stands for all that begin with it.
   */
  passName(names: readonly Bytes[]): number {
    const size = this.textSize(this.byte());
    if (size < 0) throw this.fault();
    const start = this.at;
    this.passChars(size);
    return names.findIndex((name) => this.isNamed(name, start, size));
  }

  passBinary(count: number): void {
    const prefix = this.byte();
    const width = prefix === 0xc4 ? 1 : prefix === 0xc5 ? 2 : prefix === 0xc6 ? 4 : null;
    if (width === null || this.number(width) !== count) throw this.fault();
    this.pass(count);
  }

  /** Whether the next value is a text. */
  get isText(): boolean {
    const prefix = this.peek();
    return prefix >> 5 === 0x5 || (prefix >= 0xd9 && prefix <= 0xdb);
  }

  /** Whether the next value says that there is nothing. */
  get isNothing(): boolean {
    return this.peek() === NULL;
  }

  /** The number of entries of the next value, which is a list (of so many). */
  list(count?: number): number {
    const prefix = this.byte();
    let size: number;
    if (prefix >> 4 === 0x9) size = prefix & 0x0f;
    else if (prefix === 0xdc) size = this.number(2);
    else if (prefix === 0xdd) size = this.number(4);
    else throw this.fault();
    if (count !== undefined && size !== count) throw this.fault();
    return this.bounded(size);
  }

  /** The number of pairs of the next value, which is a map. */
  map(): number {
    const prefix = this.byte();
    if (prefix >> 4 === 0x8) return this.bounded(prefix & 0x0f);
    if (prefix === 0xde) return this.bounded(this.number(2));
    if (prefix === 0xdf) return this.bounded(this.number(4));
    throw this.fault();
  }

  /** The next value, which is an integer from `min` up to 2^53 - 1. */
  integer(min = 0): number {
    const value = this.scalar(this.byte());
    if (typeof value !== 'number' || value < min) throw this.fault();
    return value;
  }

  text(): string {
    const value = this.scalar(this.byte());
    if (typeof value !== 'string') throw this.fault();
    return value;
  }

  binary(count?: number): Bytes {
    const value = this.scalar(this.byte());
    if (!(value instanceof Uint8Array)) throw this.fault();
    if (count !== undefined && value.length !== count) throw this.fault();
    return value;
  }

  value(depth = 0): Value {
    if (depth > DEPTH_MAX) throw this.fault();
    const prefix = this.peek();
    if (isListPrefix(prefix)) {
      const size = this.list();
      const values: Value[] = [];
      for (let left = size; left > 0; left--) values.push(this.value(depth + 1));
      return values;
    }
    if (isMapPrefix(prefix)) {
      const pairs: [string, Value][] = [];
      for (let left = this.map(); left > 0; left--) pairs.push([this.text(), this.value(depth + 1)]);
      // A data property each, also for a key like `__proto__`.
      return Object.fromEntries(pairs);
    }
    return this.scalar(this.byte());
  }

  /** `isStrict`: what is no value of ours, though it is MessagePack, is a fault too. */
  private skip(depth: number, isStrict: boolean): void {
    if (depth > DEPTH_MAX) throw this.fault();
    const prefix = this.peek();
    if (isListPrefix(prefix)) {
      for (let left = this.list(); left > 0; left--) this.skip(depth + 1, isStrict);
    } else if (isMapPrefix(prefix)) {
      for (let left = this.map(); left > 0; left--) {
        if (isStrict && !this.isText) throw this.fault();
        this.skip(depth + 1, isStrict);
        this.skip(depth + 1, isStrict);
      }
    } else {
      this.at++;
      const size = this.textSize(prefix);
      if (size < 0) this.scalar(prefix);
      else this.passChars(size);
    }
  }

  private scalar(prefix: number): Value {
    if (prefix < 0x80) return prefix;
    if (prefix >= 0xe0) return prefix - 0x100;
    const size = this.textSize(prefix);
    if (size >= 0) return this.chars(size);
    switch (prefix) {
      case NULL:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.copy(this.number(1));
      case 0xc5:
        return this.copy(this.number(2));
      case 0xc6:
        return this.copy(this.number(4));
      case 0xcc:
        return this.number(1);
      case 0xcd:
        return this.number(2);
      case 0xce:
        return this.number(4);
      case 0xcf:
        return this.wide(this.number(4));
      case 0xd0:
        return (this.number(1) << 24) >> 24;
      case 0xd1:
        return (this.number(2) << 16) >> 16;
      case 0xd2:
        return this.number(4) | 0;
      case 0xd3:
        return this.wide(this.number(4) | 0);
      default:
        throw this.fault();
    }
  }

  /** The bytes of a text that begins so; -1 where that begins none. */
  private textSize(prefix: number): number {
    if (prefix >> 5 === 0x5) return prefix & 0x1f;
    if (prefix === 0xd9) return this.number(1);
    if (prefix === 0xda) return this.number(2);
    return prefix === 0xdb ? this.number(4) : -1;
  }

  private wide(high: number): number {
    const value = high * TWO_TO_32 + this.number(4);
    if (!Number.isSafeInteger(value)) throw this.fault();
    return value;
  }

  private chars(count: number): string {
    const start = this.pass(count);
    try {
      return text.decode(this.bytes.subarray(start, this.at));
    } catch {
      throw this.fault();
    }
  }

  /** Only what is not ASCII is decoded to see whether it can be. */
  private passChars(count: number): void {
    let at = this.pass(count);
    while (at < this.at && (this.bytes[at] ?? 0) < 0x80) at++;
    if (at === this.at) return;
    try {
      text.decode(this.bytes.subarray(at, this.at));
    } catch {
      throw this.fault();
    }
  }

  private isNamed(name: Bytes, start: number, size: number): boolean {
    const { length } = name;
    if (size !== length && (size < length || name[length - 1] !== DOT)) return false;
    for (let at = 0; at < length; at++) if (this.bytes[start + at] !== name[at]) return false;
    return true;
  }

  /** Bytes of their own: a view would keep, and store, the whole message that it looks into. */
  private copy(count: number): Bytes {
    const start = this.pass(count);
    return this.bytes.slice(start, this.at);
  }

  /** Goes past so many bytes, and gives where they begin. */
  private pass(count: number): number {
    const start = this.at;
    if (start + count > this.bytes.length) throw this.fault();
    this.at += count;
    return start;
  }

  private peek(): number {
    const prefix = this.bytes[this.at];
    if (prefix === undefined) throw this.fault();
    return prefix;
  }

  private byte(): number {
    const value = this.peek();
    this.at++;
    return value;
  }

  private number(width: 1 | 2 | 4): number {
    let value = 0;
    for (let left = width; left > 0; left--) value = value * 0x100 + this.byte();
    return value;
  }

  /** Five bytes can announce four billion entries; each takes one byte at least. */
  private bounded(count: number): number {
    if (count > this.bytes.length - this.at) throw this.fault();
    return count;
  }
}
