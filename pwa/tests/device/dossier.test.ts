/** A record as people read it: a list of thousands opens only what it shows, and misses nothing. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type People, dossierOf } from '../../src/device/dossier';
import type { Bytes } from '../../src/sync/bytes';
import { type Value, pack } from '../../src/sync/pack';
import { decodeState, encodeState, shown } from '../../src/sync/record';
import { Malformed } from '../../src/sync/refusals';
import { type Head, openValue } from '../../src/sync/register';

const PEOPLE: People = { names: new Map([[11, 'Lê Thị Tâm']]), onThisPhone: new Set([11]) };

function head(seat: number, value: Bytes): Head {
  const dot = { seat, seq: 1, tag: new Uint8Array(8).fill(seat) };
  return { dot, at: { ms: 1_000 * seat, counter: 0 }, received: 0, value };
}

type Fields = Readonly<Record<string, readonly Head[]>>;

function bytesOf(fields: Fields): Bytes {
  const registers = new Map(Object.entries(fields).map(([name, heads]) => [name, { heads, gone: [] }]));
  const record = new Uint8Array(16);
  const seen = new Map([[11, 1], [12, 1]]);
  return encodeState({ record, kind: 'dossier', seen, registers });
}

function dossierIn(state: Bytes): ReturnType<typeof dossierOf> {
  return dossierOf({ id: 'one', state, feeds: [], version: 1, renewed: 0 }, PEOPLE);
}

const read = (fields: Fields): ReturnType<typeof dossierOf> => dossierIn(bytesOf(fields));

const says = (value: Value): readonly Head[] => [head(11, pack(value))];

it('says what a list shows of it, and the rest when it is asked', () => {
  const note = { kind: 'revision', reason: 'sai tên', fields: ['answers.name'] };
  const dossier = read({
    procedure: says('1.001193'),
    status: says('received'),
    dossier_code: says('H08-261123-0042'),
    'codes.TAB-CDE-F': says(true),
    'answers.name': [head(11, pack('An')), head(12, pack('Bình'))],
    'answers.gone': says(null),
    'notes.one': says(note),
  });
  expect([dossier.procedure, dossier.status, dossier.area]).toEqual(['1.001193', 'received', '']);
  expect(dossier.code).toEqual({ text: 'H08-261123-0042', isProvisional: false });
  expect(dossier.codes).toEqual(['H08-261123-0042', 'TAB-CDE-F']);
  expect(dossier.fields.has('answers.gone')).toBe(false);
  expect(dossier.seen.get('answers.gone')).toHaveLength(1);
  expect(dossier.conflicts).toEqual(['answers.name']);
  const name = dossier.fields.get('answers.name');
  expect([name?.head.value, name?.head.by, name?.head.onThisPhone]).toEqual(['Bình', null, false]);
  expect(name?.rivals.map(({ value, by }) => [value, by])).toEqual([['An', 'Lê Thị Tâm']]);
  expect(dossier.notes).toMatchObject([{ reason: 'sai tên', fields: ['answers.name'] }]);
});

it('is read whole or not at all: nobody meets a broken value later', () => {
  const keyIsNoText = Uint8Array.of(0x91, 0x81, 0x01, 0x02);
  expect(() => read({ status: says('received'), 'answers.odd': [head(11, keyIsNoText)] })).toThrow(Malformed);
});

it('tells whether it was sealed here, and whether the office ever asked for something', () => {
  const sealed = says('2026-11-22T08:00:00+07:00');
  const asked = says({ items: ['photo'] });
  const rivals = [head(11, pack('received')), head(12, pack('returned'))];
  const here = read({ sealed_at: sealed, 'supplements.one': asked });
  expect([here.isSealedHere, here.isAsked]).toEqual([true, true]);
  const elsewhere = read({ sealed_at: [head(12, pack(''))], 'supplements.one': says(null), supplements: asked });
  expect([elsewhere.isSealedHere, elsewhere.isAsked]).toEqual([false, false]);
  // With several heads somewhere, the whole state is read for the same.
  const contested = read({ sealed_at: sealed, 'supplements.one': asked, status: rivals });
  expect([contested.isSealedHere, contested.isAsked, contested.status]).toEqual([true, true, 'returned']);
});

const inner = fc.oneof(fc.constant(null), fc.boolean(), fc.maxSafeInteger(), fc.string({ unit: 'grapheme', maxLength: 40 }));
const anything = fc.oneof(inner, fc.array(inner, { maxLength: 3 }), fc.dictionary(fc.string({ maxLength: 3 }), inner, { maxKeys: 3 }));
const FIELDS = ['area', 'catalogue_version', 'procedure', 'sealed_at', 'status', 'answers.name', 'supplements.one'];
const fieldsOfAny = fc.uniqueArray(fc.tuple(fc.constantFrom(...FIELDS), fc.array(anything, { maxLength: 2 })), { selector: ([name]) => name })
  .map((all) => Object.fromEntries(all.map(([name, values]) => [name, values.map((value, n) => head(11 + n, pack(value as Value)))])));

it('lists what the whole state says, and refuses what could not be opened, whatever the bytes', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 });
  let refused = 0;
  let listed = 0;
  fc.assert(fc.property(fieldsOfAny, flips, (fields, changed) => {
    const bytes = bytesOf(fields);
    for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
    const whole = orRefused(() => {
      const state = decodeState(bytes);
      for (const { heads } of state.registers.values()) heads.forEach(openValue);
      return state;
    });
    const dossier = orRefused(() => dossierIn(bytes));
    if (whole === null || dossier === null) {
      refused++;
      expect(dossier).toBe(whole);
      return;
    }
    listed++;
    const text = (name: string): string => {
      const value = shown(whole, name);
      return typeof value === 'string' ? value : '';
    };
    expect([dossier.kind, dossier.area, dossier.catalogueVersion, dossier.procedure, dossier.sealedAt, dossier.status])
      .toEqual([whole.kind, ...['area', 'catalogue_version', 'procedure', 'sealed_at', 'status'].map(text)]);
    expect(dossier.isAsked).toBe([...dossier.fields.keys()].some((name) => name.startsWith('supplements.')));
    expect(dossier.isSealedHere).toBe(dossier.fields.get('sealed_at')?.head.onThisPhone ?? false);
  }), { numRuns: 3_000 });
  expect([refused > 100, listed > 100]).toEqual([true, true]);
});

function orRefused<Read>(read: () => Read): Read | null {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof Malformed) return null;
    throw fault;
  }
}
