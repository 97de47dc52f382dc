/**
 * Rows of the open vault that lie on the disk and do not open, or not as what they should be.
 *
 * They are passed over and named apart; one of them never hides the others. None is deleted: a good
 * row takes the place of a damaged one, or it stays.
 */
import { Refusal } from '../sync/refusals';
import { type Damage, DamagedRow, type DamagedEntry, StoreUnavailable } from './port';
import { keyOf } from './schema';

/** The version of a record's row that the disk does not even give out. */
export const UNKNOWN = -1;

interface DamagedRecord {
  readonly id: string;
  readonly version: number;
  readonly feeds: readonly string[];
}

export class DamagedRows {
  /** By their keys, with the vault in them. */
  readonly records = new Map<string, DamagedRecord>();
  readonly drafts = new Map<string, unknown>();
  readonly photos = new Map<string, unknown>();
  /** By seat and seq. */
  readonly log = new Map<string, DamagedEntry>();

  /** The version that a write goes on from: a damaged row is as absent. */
  async versionOf(id: string, read: () => Promise<number>): Promise<number> {
    const damaged = this.records.get(id)?.version;
    if (damaged === UNKNOWN) return 0;
    const now = await read();
    return now === damaged ? 0 : now;
  }

  /** A good row as it takes this place: whoever still has the damaged one in mind sees a later one. */
  inPlaceOf<Row extends { readonly id: string; readonly version: number }>(row: Row): Row {
    const damaged = this.records.get(row.id)?.version ?? 0;
    return { ...row, version: Math.max(row.version, damaged + 1) };
  }

  /** Good rows have taken the place of these. */
  mended(rows: readonly { readonly id: string }[]): void {
    for (const { id } of rows) this.records.delete(id);
  }

  all(vault: string): Damage {
    const prefix = keyOf(vault, '');
    const records = [...this.records.values()].filter(({ id }) => id.startsWith(prefix));
    return {
      records: records.map(({ id, feeds }) => {
        return { id: id.slice(prefix.length), isOwn: feeds.length === 0 };
      }),
      drafts: [...this.drafts.keys()],
      photos: [...this.photos.keys()],
      entries: [...this.log.values()],
    };
  }
}

/** What a row says; null where it is damaged, and then it is noted. */
export async function readNoting<Row, T>(
  damaged: Map<string, Row>,
  key: string,
  row: Row,
  open: () => Promise<T>,
): Promise<T | null> {
  const opened = await openOrNull(open);
  if (opened === null) damaged.set(key, row);
  else damaged.delete(key);
  return opened;
}

/** What a row says; null where it is damaged. */
export async function openOrNull<T>(open: () => Promise<T>): Promise<T | null> {
  try {
    return await open();
  } catch (fault) {
    if (fault instanceof DamagedRow || fault instanceof Refusal) return null;
    throw fault;
  }
}

/** Goes another way where the disk does not give out a row: not where none of it can be used. */
export async function orElse<T>(read: () => Promise<T>, other: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (fault) {
    if (!(fault instanceof StoreUnavailable) || !ROW_FAULT.test(fault.message)) throw fault;
    return await other();
  }
}
/** What browsers say of a row whose bytes they have lost. */
const ROW_FAULT = /(?:Data|Unknown|NotReadable)Error$/u;

/** Those that opened. */
export function good<T>(opened: readonly (T | null)[]): T[] {
  return opened.filter((one) => one !== null);
}
