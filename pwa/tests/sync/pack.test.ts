/** MessagePack: the same bytes as everybody's, and nothing believed that comes from elsewhere. */
import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type Bytes, concat, fromHex, hex } from '../../src/sync/bytes';
import { Packed, type Value, pack } from '../../src/sync/pack';
import { Malformed } from '../../src/sync/refusals';
import { Reader, unpack } from '../../src/sync/unpack';

const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(...[7, 8, 15, 16, 31, 32, 52].flatMap((bits) => around(2 ** bits))),
  fc.constantFrom(...[5, 7, 15, 31, 52].flatMap((bits) => around(-(2 ** bits)))),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    integer,
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 20 }),
  ),
}));

test('it writes what the common library writes, and reads it back', () => {
  fc.assert(
    fc.property(value, (given) => {
      const written = pack(given);

      expect(hex(written)).toBe(hex(encode(given)));
      expect(unpack(written)).toEqual(given);
    }),
  );
});

test('bytes of anybody are a value, or Malformed, and never a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const read = tryUnpack(new Uint8Array(bytes));

      // What we take, the common library takes for the same.
      if (read !== Malformed) expect(read).toEqual(decode(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test('what is cut off anywhere is Malformed', () => {
  fc.assert(
    fc.property(value, fc.nat(), (given, place) => {
      const whole = pack([given, 1]);

      expect(() => unpack(whole.slice(0, place % whole.length))).toThrow(Malformed);
    }),
  );
});

describe('the reader', () => {
  it.each([
    ['four billion entries', 'ddffffffff'],
    ['four billion pairs', 'dfffffffff'],
    ['a text longer than the bytes', 'dbffffffff61'],
    ['an integer over 2^53', 'cf0020000000000000'],
    ['an integer under -2^53', 'd3ffe0000000000000'],
    ['a float', 'cb3ff0000000000000'],
    ['an extension', 'd40100'],
    ['broken UTF-8', 'a2c328'],
    ['half a surrogate pair', 'a3eda080'],
    ['a key that is no text', '8101c0'],
    ['the reserved byte', 'c1'],
    ['more than one value', '0101'],
    ['nothing', ''],
  ])('refuses %s', (_what, bytes) => {
    expect(() => unpack(fromHex(bytes))).toThrow(Malformed);
  });

  it('refuses what is nested without end', () => {
    const deep = new Uint8Array(100_000).fill(0x91);

    expect(() => unpack(deep)).toThrow(Malformed);
    expect(() => new Reader(deep, 'x').raw()).toThrow(Malformed);
  });

  it('takes a key like __proto__ for a key like any other', () => {
    const read = unpack(pack(new Map([['__proto__', 'x']]))) as Record<string, Value>;

    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it('gives a value as the bytes that it came in', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const reader = new Reader(concat(pack(one), pack(other)), 'x');
        const raw = reader.raw();

        expect(pack([new Packed(raw)])).toEqual(pack([one]));
        expect(unpack(reader.raw())).toEqual(other);
      }),
    );
  });
});

test('maps can be written in the order of their keys', () => {
  expect(hex(pack({ b: 1, a: { d: 1, c: 2 } }, true))).toBe(hex(pack({ a: { c: 2, d: 1 }, b: 1 })));
});

function around(edge: number): number[] {
  return [edge - 1, edge, edge + 1];
}

function tryUnpack(bytes: Bytes): unknown {
  try {
    return unpack(bytes);
  } catch (fault) {
    expect(fault).toBeInstanceOf(Malformed);
    return Malformed;
  }
}
