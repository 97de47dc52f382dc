/**
 * What a person kept in the clear, before there were vaults, is sealed into theirs.
 *
 * 1. A row is sealed outside a transaction and put in its place inside one, if it has not changed.
 * 2. The person's seats are marked last: until then the work is begun anew where it was cut off.
 * 3. Where two people here hold one record, each takes a copy for their own feeds.
 */
import { sameBytes } from '../sync/bytes';
import type { Disk } from './disk';
import { unpackDraft } from './draft';
import type { Feed, Sealing, Vault } from './port';
import { type OfVault, type RecordRow, type SeatRow, keyOf } from './schema';

type Key = IDBValidKey;

/** What is known of the person whose rows are claimed. */
interface Claim {
  readonly disk: Disk;
  readonly sealing: Sealing;
  readonly vault: string;
  readonly seats: ReadonlySet<number>;
  /** Whether nobody else's rows lie clear: then all that is left is theirs. */
  readonly isLast: boolean;
}

const isClear = (row: OfVault | undefined): boolean => row !== undefined && row.vault === undefined;

export async function claim(
  disk: Disk,
  sealing: Sealing,
  vault: Vault,
): Promise<void> {
  const unclaimed = (await seatsOf(disk)).filter(isClear);
  const mine = unclaimed.filter(({ person }) => person.staff === vault.staff);
  if (mine.length === 0) return;
  const seats = new Set(mine.map(({ seat }) => seat));
  const own: Claim = {
    disk,
    sealing,
    vault: vault.id,
    seats,
    isLast: mine.length === unclaimed.length,
  };
  // Photos first: whose those of a draft are, their draft tells while it still lies clear.
  await claimPhotos(own, await claimableDrafts(own));
  await claimDrafts(own);
  await claimRecords(own);
  await claimLog(own);
  await disk.write(['seats'], async (tx) => {
    for (const seat of seats) {
      const row = await tx.objectStore('seats').get(seat);
      if (row !== undefined) await tx.objectStore('seats').put({ ...row, vault: vault.id });
    }
  });
}

async function seatsOf(disk: Disk): Promise<SeatRow[]> {
  return await disk.read(['seats'], async (tx) => await tx.objectStore('seats').getAll());
}

/** The drafts, claimed or not yet, that are this person's. */
async function claimableDrafts({ disk, vault, seats, isLast }: Claim): Promise<Set<string>> {
  const rows = await disk.read(['drafts'], async (tx) => await tx.objectStore('drafts').getAll());
  const mine = rows.filter((row) => {
    if (!isClear(row)) return row.vault === vault;
    return isLast || seats.has(unpackDraft(row.sealed).seat);
  });
  return new Set(mine.map(({ id }) => id));
}

async function claimDrafts(own: Claim): Promise<void> {
  for (const id of await claimableDrafts(own)) await claimRow(own, 'drafts', id);
}

async function claimPhotos(own: Claim, drafts: ReadonlySet<string>): Promise<void> {
  const { disk, seats, isLast } = own;
  const rows = await disk.read(['photos'], async (tx) => await tx.objectStore('photos').getAll());
  for (const { id, draft, seat, ...row } of rows) {
    const isMine = draft === undefined ? seats.has(seat) : drafts.has(draft);
    if (!isClear(row) || !(isMine || isLast)) continue;
    // Its bytes first: a photo that is claimed has all of them.
    for (const part of ['raw', 'whole', 'thumbnail']) await claimRow(own, 'photo_bytes', [id, part]);
    await claimRow(own, 'photos', id);
  }
}

async function claimLog(own: Claim): Promise<void> {
  for (const seat of own.seats) {
    const places = await own.disk.read(['log'], async (tx) => {
      return await tx.objectStore('log').getAllKeys(IDBKeyRange.bound([seat, 0], [seat, Infinity]));
    });
    for (const place of places) await claimRow(own, 'log', place);
  }
}

/** Seals one row where it lies; nothing where it is gone, claimed, or has nothing to seal. */
async function claimRow(
  { disk, sealing, vault }: Claim,
  name: 'drafts' | 'photos' | 'photo_bytes' | 'log',
  key: Key,
): Promise<void> {
  for (;;) {
    const row = await disk.read([name], async (tx) => await tx.objectStore(name).get(key as never));
    if (row === undefined || !('sealed' in row) || !isClear(row)) return;
    const sealed = await sealing.seal(row.sealed);
    const isDone = await disk.write([name], async (tx) => {
      const now = await tx.objectStore(name).get(key as never);
      if (now === undefined || !('sealed' in now)) return true;
      if (!sameBytes(now.sealed, row.sealed)) return false;
      await tx.objectStore(name).put({ ...now, sealed, vault });
      return true;
    });
    if (isDone) return;
  }
}

async function claimRecords(own: Claim): Promise<void> {
  const { disk, vault } = own;
  const names = ['records', 'offers'] as const;
  for (const name of names) {
    const all = await disk.read([name], async (tx) => await tx.objectStore(name).getAll());
    for (const row of all.filter(isClear)) {
      if ('version' in row) await claimRecord(own, row);
      else {
        const mine = { ...row, id: keyOf(vault, row.id), vault };
        const sealed = await own.sealing.seal(row.sealed);
        await disk.write([name], async (tx) => {
          await tx.objectStore('offers').put({ ...mine, sealed });
          await tx.objectStore('offers').delete(row.id);
        });
      }
    }
  }
}

async function claimRecord(own: Claim, row: RecordRow): Promise<void> {
  const { disk, vault, seats, isLast } = own;
  const [mine, others] = partFeeds(row.feeds, seats);
  const authors = await authorsOf(disk, row.id);
  const isWritten = others.length === 0 && authors.some((seat) => seats.has(seat));
  if (!isLast && mine.length === 0 && !isWritten) return;
  const isTheirs = others.length > 0 || authors.some((seat) => !seats.has(seat));
  const { id, sealed, given, ...rest } = row;
  const state = await own.sealing.seal(sealed);
  const clear = given?.sealed ?? null;
  const copy = { ...rest, id: keyOf(vault, id), vault, feeds: mine, sealed: state };
  const claimed: RecordRow =
    given === undefined
      ? copy
      : { ...copy, given: { ...given, sealed: clear && (await own.sealing.seal(clear)) } };
  await disk.write(['records'], async (tx) => {
    const now = await tx.objectStore('records').get(id);
    if (now?.version !== row.version) return;
    await tx.objectStore('records').put(claimed);
    if (isLast || !isTheirs) await tx.objectStore('records').delete(id);
    else await tx.objectStore('records').put({ ...row, feeds: others });
  });
}

function partFeeds(feeds: readonly Feed[], seats: ReadonlySet<number>): [Feed[], Feed[]] {
  const isMine = (feed: Feed): boolean => seats.has(Number(feed.split('/')[0]));
  return [feeds.filter(isMine), feeds.filter((feed) => !isMine(feed))];
}

/** The seats on this phone that wrote to a record. */
async function authorsOf(disk: Disk, record: string): Promise<number[]> {
  return await disk.read(['log'], async (tx) => {
    const places = await tx.objectStore('log').index('record').getAllKeys(record);
    return places.map(([seat]) => seat);
  });
}
