/**
 * Papers that other apps shared into this one: `worker/shared.ts` seals them, whoever has the vault
 * opens and places them.
 *
 * A vault has a pair of keys for it. The open half lies with the vault's row, for the worker; the other
 * is sealed in the vault, so that a thief who has the disk can put papers in and take none out.
 */
import { type OwnInbox, openFromInbox } from '../store/inbox_sealing';
import { sharedAt } from '../store/indexed_kept';
import type { SharedRow } from '../store/port';
import type { Bytes } from '../sync/bytes';
import type { PhotoFile, SharedPaper } from './shown';
import type { World } from './world';
import { keeping } from './trouble';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const CONTEXT = 'luudong/shared\0';
const LENGTH_BYTES = 4;
/** What stands for a file that does not open: of no kind that can be kept. */
const UNREADABLE: PhotoFile = { bytes: new Uint8Array(), type: '', takenAt: 0 };

/** Gives the open vault its pair, once. A full disk has none: then sharing says so, and all else goes on. */
export async function makeInbox({ store, vaults }: World): Promise<void> {
  if (vaults === null) return;
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  await keeping(async () => {
    const rows = await store.vaults.all();
    // Looked at in the same breath in which the key is taken: another vault may be open by now.
    const row = rows.find(({ id }) => id === vaults.sealing.vault);
    if (row === undefined || row.inbox !== undefined) return;
    const sealedKey = await vaults.sealing.sealKey(pair.privateKey);
    // Another tab may have been quicker: what was sealed for its pair must stay readable.
    await store.vaults.change(row.id, (now) => ({ inbox: { publicKey, sealedKey }, ...now }));
  });
}

/** What waits to be placed for the person whose vault is open, as it came. */
export async function sharedPapers(world: World): Promise<SharedPaper[]> {
  const rows = await world.store.kept.shared();
  const own = rows.length === 0 ? null : await ownInbox(world);
  if (own === null) return [];
  const papers: SharedPaper[] = [];
  for (const one of rows) papers.push({ name: one.name, sharedAt: sharedAt(one.name), file: await open(one, own) });
  return papers;
}

/** The pair of the vault that is open; null where none is, or it has no pair yet. */
export async function ownInbox({ store, vaults }: World): Promise<OwnInbox | null> {
  const row = (await store.vaults.all()).find(({ id }) => id === vaults?.sealing.vault);
  if (vaults === null || row?.inbox === undefined) return null;
  const { publicKey, sealedKey } = row.inbox;
  return { key: await vaults.sealing.openInbox(sealedKey), publicKey };
}

async function open(row: SharedRow, own: OwnInbox): Promise<PhotoFile> {
  const clear = await openFromInbox(CONTEXT, row, own, row.sealed);
  return clear === null ? UNREADABLE : readPaper(clear);
}

function readPaper(clear: Bytes): PhotoFile {
  const length = new DataView(clear.buffer, clear.byteOffset, LENGTH_BYTES).getUint32(0);
  const end = LENGTH_BYTES + length;
  const about: unknown = JSON.parse(new TextDecoder().decode(clear.subarray(LENGTH_BYTES, end)));
  const { type, takenAt } = about as { readonly type: string; readonly takenAt: number };
  return { bytes: clear.slice(end), type, takenAt };
}
