/** Making the changes of a batch anew from its columns, as an office does. */
import FIELD_NAMES from '../../../sync/field_names.json';
import { type Bytes, concat } from '../../src/sync/bytes';
import { packSkeleton } from '../../src/sync/change';
import { Packed, type Value, pack } from '../../src/sync/pack';
import { Reader } from '../../src/sync/unpack';

type Dots = readonly (readonly [number, number, Bytes])[];
type Columns = readonly [
  ...[known: number, names: string[], kinds: string[], kind: number[]],
  ...[record: Bytes, salt: Bytes, prev: number[], ms: number[], counter: number[]],
  ...[count: number[], steps: number[], dots: Dots[][], values: Bytes[]],
];

export function changesOf(given: Value, seat: number, first: number): Bytes[] {
  const columns = given as unknown as Columns;
  const [known, more, kinds, kind, record, salt, prev, ms, counter] = columns;
  const [count, steps, dots, packed] = columns.slice(9) as [number[], number[], Dots[][], Bytes[]];
  const names = [...FIELD_NAMES.slice(0, known), ...more];
  const places = sums(steps);
  const times = sums(ms);
  let done = 0;
  return count.map((fields, place) => {
    const [from, to] = [done, (done += fields)];
    const replaced = at(dots, place);
    const named = places.slice(from, to).map((name, field) => {
      const own = replaced.length === 0 ? [] : at(replaced, field);
      return [at(names, name), own.map(([seat, seq, tag]) => ({ seat, seq, tag }))] as const;
    });
    const skeleton = packSkeleton({
      ...{ seat, seq: first + place, prev: at(prev, place), fields: new Map(named) },
      record: record.slice(16 * place, 16 * (place + 1)),
      kind: at(kinds, at(kind, place)),
      at: { ms: at(times, place), counter: at(counter, place) },
    });
    const reader = new Reader(at(packed, place), 'values');
    const values = named.map(() => new Packed(reader.raw()));
    reader.end();
    const body = pack([salt.slice(16 * place, 16 * (place + 1)), values]);
    return concat(skeleton, body);
  });
}

function sums(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => (sum += number));
}

function at<Item>(list: readonly Item[], place: number): Item {
  const item = list[place];
  if (item === undefined) throw new Error(`nothing stands at ${place}`);
  return item;
}
