/**
 * Writing MessagePack as the protocol speaks it (`docs/protocol.md`, part 2): the shortest form.
 *
 * 1. No floats, no extensions: integers within 2^53, text, bytes, lists, maps with text keys.
 * 2. A value that was written elsewhere can be carried on as its own bytes (`Packed`): a general
 *    library cannot, and turns integers over 2^53 into floats without a word.
 */
import type { Bytes } from './bytes';
import { Malformed } from './refusals';

export type Value =
  null | boolean | number | string | Bytes | readonly Value[] | { readonly [key: string]: Value };

/** A value that is packed already, and goes out as it is. */
export class Packed {
  readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }
}

export type Packable =
  | null
  | boolean
  | number
  | string
  | Bytes
  | Packed
  | readonly Packable[]
  | ReadonlyMap<string, Packable>
  | { readonly [key: string]: Packable };

const TWO_TO_32 = 2 ** 32;
const utf8 = new TextEncoder();

/** The shortest bytes of a value. `sorted`: maps in the order of their keys. */
export function pack(value: Packable, sorted = false): Bytes {
  const writer = new Writer(sorted);
  writer.put(value);
  return writer.written();
}

class Writer {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private at = 0;
  private readonly sorted: boolean;

  constructor(sorted: boolean) {
    this.sorted = sorted;
  }

  written(): Bytes {
    return this.bytes.slice(0, this.at);
  }

  put(value: Packable): void {
    if (value === null) this.byte(0xc0);
    else if (value === true) this.byte(0xc3);
    else if (value === false) this.byte(0xc2);
    else if (typeof value === 'number') this.integer(value);
    else if (typeof value === 'string') this.text(value);
    else if (value instanceof Uint8Array) this.binary(value);
    else if (value instanceof Packed) this.copy(value.bytes);
    else if (isList(value)) this.list(value);
    else this.map(isMap(value) ? [...value] : Object.entries(value));
  }

  private integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new Malformed('a number within 2^53');
    if (value >= 0) this.unsigned(value);
    else this.negative(value);
  }

  private unsigned(value: number): void {
    if (value < 0x80) this.byte(value);
    else if (value < 0x100) this.sized(0xcc, 1, value);
    else if (value < 0x10000) this.sized(0xcd, 2, value);
    else if (value < TWO_TO_32) this.sized(0xce, 4, value);
    else {
      this.sized(0xcf, 4, Math.floor(value / TWO_TO_32));
      this.number(4, value % TWO_TO_32);
    }
  }

  private negative(value: number): void {
    if (value >= -0x20) this.byte(value & 0xff);
    else if (value >= -0x80) this.sized(0xd0, 1, value & 0xff);
    else if (value >= -0x8000) this.sized(0xd1, 2, value & 0xffff);
    else if (value >= -0x80000000) this.sized(0xd2, 4, value >>> 0);
    else {
      const high = Math.floor(value / TWO_TO_32);
      this.sized(0xd3, 4, high >>> 0);
      this.number(4, value - high * TWO_TO_32);
    }
  }

  private text(value: string): void {
    const encoded = utf8.encode(value);
    const size = encoded.length;
    if (size < 0x20) this.byte(0xa0 | size);
    else this.size(size, 0xd9, 0xda, 0xdb);
    this.copy(encoded);
  }

  private binary(value: Uint8Array): void {
    this.size(value.length, 0xc4, 0xc5, 0xc6);
    this.copy(value);
  }

  private list(values: readonly Packable[]): void {
    if (values.length < 0x10) this.byte(0x90 | values.length);
    else this.size(values.length, null, 0xdc, 0xdd);
    for (const value of values) this.put(value);
  }

  private map(pairs: [string, Packable][]): void {
    if (this.sorted) pairs.sort(([one], [other]) => (one < other ? -1 : 1));
    if (pairs.length < 0x10) this.byte(0x80 | pairs.length);
    else this.size(pairs.length, null, 0xde, 0xdf);
    for (const [key, value] of pairs) {
      this.text(key);
      this.put(value);
    }
  }

  /** The prefix of something long, in as few bytes as hold its size. */
  private size(size: number, one: number | null, two: number, four: number): void {
    if (one !== null && size < 0x100) this.sized(one, 1, size);
    else if (size < 0x10000) this.sized(two, 2, size);
    else this.sized(four, 4, size);
  }

  private sized(prefix: number, width: 1 | 2 | 4, value: number): void {
    this.byte(prefix);
    this.number(width, value);
  }

  private byte(value: number): void {
    this.number(1, value);
  }

  private number(width: 1 | 2 | 4, value: number): void {
    this.room(width);
    if (width === 1) this.view.setUint8(this.at, value);
    else if (width === 2) this.view.setUint16(this.at, value);
    else this.view.setUint32(this.at, value);
    this.at += width;
  }

  private copy(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private room(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

function isList(value: object): value is readonly Packable[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<string, Packable> {
  return value instanceof Map;
}
