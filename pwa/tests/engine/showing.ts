/** All that checks look at in a phone, as its store tells it. */
import { isErased } from '../../src/sync/chain';
import { split } from '../../src/sync/change';
import { base64 } from './asking';
import { type Profile, storeOf } from './profile';

const ENTRIES_MAX = 1_000_000;

export interface Shown {
  readonly device: { readonly number: number; readonly epoch: number; readonly status: string; readonly skewMs: number } | null;
  readonly seats: readonly {
    readonly seat: number;
    readonly last: number;
    readonly held: number;
    readonly trouble: string | null;
    readonly isClosed: boolean;
    readonly areas: readonly string[];
    readonly log: readonly (readonly [seq: number, head: string, isErased: boolean])[];
  }[];
  readonly records: readonly {
    readonly id: string;
    readonly state: string;
    readonly feeds: readonly string[];
  }[];
  readonly cursors: readonly (readonly [feed: string, cursor: number])[];
  readonly drafts: readonly string[];
  /** What it carries; whether this epoch's office has all of it, and why it last had not. */
  readonly bundles: readonly (readonly [digest: string, isHeld: boolean, code: string])[];
}

export async function showProfile(profile: Profile): Promise<Shown> {
  const store = storeOf(profile, {});
  const device = await store.device();
  const held = new Map((await store.receipts()).map((receipt) => [receipt.seat, receipt.held]));
  const seats = [];
  for (const { seat, last, trouble, areas, isClosed, agreed } of await store.seats()) {
    const entries = await store.entriesAfter(seat, 0, ENTRIES_MAX, Infinity);
    const log = entries.map(({ seq, head, change }) => {
      return [seq, base64(head), isErased(split(change)[1])] as const;
    });
    // Where a log was found to have parted earlier, the receipts of before say too much.
    const known = Math.min(held.get(seat) ?? 0, agreed?.upTo ?? Infinity);
    seats.push({ seat, last, held: known, trouble, isClosed, areas, log });
  }
  const records = (await store.records()).map(({ id, state, feeds }) => {
    return { id, state: base64(state), feeds };
  });
  return {
    device:
      device === null
        ? null
        : { number: device.lastNumber, epoch: device.epoch, status: device.status, skewMs: device.skewMs },
    seats,
    records,
    cursors: [...(await store.cursors())],
    drafts: (await store.drafts()).map(({ id }) => id),
    bundles: (await store.bundles.all()).map((one) => {
      return [one.digest, one.heldAt !== null, one.code] as const;
    }),
  };
}

/** All bytes that lie on a phone's disk, in whatever table; none where it is not ours to look at. */
export function contentOf({ disk }: Profile): string[] {
  return (disk?.rows() ?? []).flatMap(bytesIn).map(base64);
}

function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value === 'string') return [Buffer.from(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(bytesIn);
}
