/**
 * The changes of a batch by columns, as they travel: fewer bytes on a bad link, the same changes.
 *
 * 1. Only how a batch travels. What is hashed, signed and stored are the changes, byte for byte.
 * 2. Names are sent once, and those of `field_names.json` not at all. That list only grows, at its
 *    end: the office is told how much of it this app knows.
 * 3. What is not written in the shortest form, or belongs elsewhere, is no columns: it goes plainly.
 */
import FIELD_NAMES from '../../../sync/field_names.json';
import { type Bytes, joined, sameBytes } from './bytes';
import { type Skeleton, packSkeleton, packedDot, readBody, readSkeleton, split } from './change';
import { BATCH_CHANGES_MAX, BATCH_NAMES_MAX, FIELD_NAME_CHARACTERS_MAX } from './limits';
import { type Packable, Packed, pack } from './pack';
import { Refusal } from './refusals';

interface Row {
  readonly skeleton: Skeleton;
  readonly salt: Bytes;
  /** One behind the other. */
  readonly values: Bytes;
}

/** Packs changes `first`, `first + 1`, … of a seat; null if they cannot go in columns. */
export function columnsOf(seat: number, first: number, changes: readonly Bytes[]): Packable | null {
  if (changes.length > BATCH_CHANGES_MAX) return null;
  const rows: Row[] = [];
  for (const [place, change] of changes.entries()) {
    const row = rowOf(seat, first + place, change);
    if (row === null) return null;
    rows.push(row);
  }
  const skeletons = rows.map(({ skeleton }) => skeleton);
  const places = new Map(FIELD_NAMES.map((name, place) => [name, place]));
  const kinds = new Map<string, number>();
  const used = skeletons.flatMap(({ fields }) => [...fields.keys()].map((name) => placeOf(places, name)));
  const kind = skeletons.map((one) => placeOf(kinds, one.kind));
  if (places.size - FIELD_NAMES.length > BATCH_NAMES_MAX) return null;
  return [
    FIELD_NAMES.length,
    [...places.keys()].slice(FIELD_NAMES.length),
    [...kinds.keys()],
    kind,
    joined(skeletons.map(({ record }) => record)),
    joined(rows.map(({ salt }) => salt)),
    skeletons.map(({ prev }) => prev),
    differences(skeletons.map(({ at }) => at.ms)),
    skeletons.map(({ at }) => at.counter),
    skeletons.map(({ fields }) => fields.size),
    differences(used),
    skeletons.map(dotsOf),
    rows.map(({ values }) => values),
  ];
}

/** Opens a change, if it can be made again from what is in it. */
function rowOf(seat: number, seq: number, change: Bytes): Row | null {
  try {
    const [skeletonBytes, bodyBytes] = split(change);
    const skeleton = readSkeleton(skeletonBytes);
    if (skeleton?.seat !== seat || skeleton.seq !== seq) return null;
    const { salt, values } = readBody(bodyBytes);
    const again = pack([salt, values.map((value) => new Packed(value))]);
    const isSame = sameBytes(packSkeleton(skeleton), skeletonBytes) && sameBytes(again, bodyBytes);
    const isWhole = values.length === skeleton.fields.size;
    const isBounded = [...skeleton.fields.keys()].every(
      (name) => name.length <= FIELD_NAME_CHARACTERS_MAX,
    );
    return isSame && isWhole && isBounded ? { skeleton, salt, values: joined(values) } : null;
  } catch (refusal) {
    if (refusal instanceof Refusal) return null;
    throw refusal;
  }
}

/** Where a name stands in a list, at the end if it is new there. */
function placeOf(list: Map<string, number>, name: string): number {
  const place = list.get(name) ?? list.size;
  list.set(name, place);
  return place;
}

/** What each field replaces; nothing where none does, as in all that is new. */
function dotsOf({ fields }: Skeleton): Packable {
  const dots = [...fields.values()];
  return dots.some((replaced) => replaced.length > 0)
    ? dots.map((replaced) => replaced.map(packedDot))
    : [];
}

function differences(numbers: readonly number[]): number[] {
  return numbers.map((number, place) => number - (numbers[place - 1] ?? 0));
}
