/** A record as people read it: a list of thousands opens only what it shows, and misses nothing. */
import { expect, it } from 'vitest';
import { type People, dossierOf } from '../../src/device/dossier';
import type { Bytes } from '../../src/sync/bytes';
import { type Value, pack } from '../../src/sync/pack';
import { encodeState } from '../../src/sync/record';
import { Malformed } from '../../src/sync/refusals';
import type { Head } from '../../src/sync/register';

const PEOPLE: People = { names: new Map([[11, 'Lê Thị Tâm']]), onThisPhone: new Set([11]) };

function head(seat: number, value: Bytes): Head {
  const dot = { seat, seq: 1, tag: new Uint8Array(8).fill(seat) };
  return { dot, at: { ms: 1_000 * seat, counter: 0 }, received: 0, value };
}

function read(fields: Readonly<Record<string, readonly Head[]>>): ReturnType<typeof dossierOf> {
  const registers = new Map(Object.entries(fields).map(([name, heads]) => [name, { heads, gone: [] }]));
  const record = new Uint8Array(16);
  const seen = new Map([[11, 1], [12, 1]]);
  const state = encodeState({ record, kind: 'dossier', seen, registers });
  return dossierOf({ id: 'one', state, feeds: [], version: 1, renewed: 0 }, PEOPLE);
}

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
