/**
 * Papers that other apps shared into this one: `worker/shared.ts` seals them, whoever has the vault
 * opens and places them.
 *
 * A vault has a pair of keys for it. The open half lies with the vault's row, for the worker; the other
 * is sealed in the vault, so that a thief who has the disk can put papers in and take none out.
 */
import { sharedAt } from '../store/indexed_kept';
import type { SharedRow } from '../store/port';
import { type Bytes, concat } from '../sync/bytes';
import type { PhotoFile, SharedPaper } from './shown';
import type { World } from './world';
import { keeping } from './trouble';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const CONTEXT = new TextEncoder().encode('luudong/shared\0');
const SECRET_BITS = 256;
const POINT_BYTES = 65;
const NONCE_BYTES = 12;
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
export async function sharedPapers({ store, vaults }: World): Promise<SharedPaper[]> {
  const rows = await store.kept.shared();
  const row = (await store.vaults.all()).find(({ id }) => id === vaults?.sealing.vault);
  if (rows.length === 0 || vaults === null || row?.inbox === undefined) return [];
  const { publicKey, sealedKey } = row.inbox;
  const key = await vaults.sealing.openInbox(sealedKey);
  const papers: SharedPaper[] = [];
  for (const one of rows) papers.push({ name: one.name, sharedAt: sharedAt(one.name), file: await open(one, key, publicKey) });
  return papers;
}

async function open({ vault, name, sealed }: SharedRow, own: CryptoKey, publicKey: Bytes): Promise<PhotoFile> {
  try {
    const ephemeral = sealed.slice(0, POINT_BYTES);
    const theirs = await crypto.subtle.importKey('raw', ephemeral, CURVE, false, []);
    const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, SECRET_BITS);
    const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
    const info = concat(CONTEXT, ephemeral, publicKey);
    const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
    const aes = { name: 'AES-GCM', length: SECRET_BITS };
    const key = await crypto.subtle.deriveKey(how, material, aes, false, ['decrypt']);
    const iv = sealed.slice(POINT_BYTES, POINT_BYTES + NONCE_BYTES);
    const additionalData = concat(CONTEXT, new TextEncoder().encode(`${vault}/${name}`));
    const body = sealed.slice(POINT_BYTES + NONCE_BYTES);
    const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, body);
    return readPaper(new Uint8Array(clear));
  } catch (fault) {
    if (fault instanceof DOMException) return UNREADABLE;
    throw fault;
  }
}

function readPaper(clear: Bytes): PhotoFile {
  const length = new DataView(clear.buffer, clear.byteOffset, LENGTH_BYTES).getUint32(0);
  const end = LENGTH_BYTES + length;
  const about: unknown = JSON.parse(new TextDecoder().decode(clear.subarray(LENGTH_BYTES, end)));
  const { type, takenAt } = about as { readonly type: string; readonly takenAt: number };
  return { bytes: clear.slice(end), type, takenAt };
}
