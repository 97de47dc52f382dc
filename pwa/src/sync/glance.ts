/**
 * What a list shows of a record, read where its bytes lie.
 *
 * 1. A list of thousands needs a few texts of each; to make all heads of all of them takes many
 *    times as long.
 * 2. It refuses what `decodeState` refuses, and values that could not be opened later.
 */
import type { Bytes } from './bytes';
import { passDot } from './change';
import { readOpening } from './record';
import { Reader } from './unpack';

/** Of each field that was asked for, in its place: its text, and the seat that set it. */
export interface Glance {
  readonly kind: string;
  /** Empty where it is not set, or is no text. */
  readonly texts: readonly string[];
  /** 0 where it is not set. */
  readonly seats: readonly number[];
}

/**
 * Null where some field has several heads: what is shown of it, only its whole state can tell.
 *
 * `names` as `Reader.passName` takes them. Throws Malformed if the bytes are no state.
 */
export function glanceAt(bytes: Bytes, names: readonly Bytes[]): Glance | null {
  const reader = new Reader(bytes, 'the state of a record');
  const { kind } = readOpening(reader);
  if (kind === null) throw reader.fault();
  for (let left = reader.list(); left > 0; left--) {
    reader.list(2);
    reader.integer(1);
    reader.integer(1);
  }
  const texts = names.map(() => '');
  const seats = names.map(() => 0);
  for (let left = reader.list(); left > 0; left--) {
    reader.list(3);
    const place = reader.passName(names);
    const heads = reader.list();
    if (heads > 1) return null;
    if (heads === 1) {
      reader.list(4);
      const seat = passDot(reader);
      reader.list(2);
      reader.integer();
      reader.integer();
      reader.integer();
      if (place >= 0 && !reader.isNothing) seats[place] = seat;
      if (place >= 0 && reader.isText) texts[place] = reader.text();
      else reader.passValue();
    }
    for (let gone = reader.list(); gone > 0; gone--) passDot(reader);
  }
  reader.end();
  return { kind, texts, seats };
}
