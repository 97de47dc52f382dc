/**
 * Sealing for a vault that is locked: by the open half of its pair, so that its person alone opens it.
 *
 *     key of one use, public half → ECDH P-256 → HKDF-SHA-256 → AES-256-GCM
 *
 * 1. Each sealing makes a key of its own and forgets it: who sealed something cannot open it again.
 * 2. What is sealed is bound to its vault and its row; moved to another place it does not open.
 * 3. `context` says what it is, so that nothing that was sealed as one thing opens as another.
 *
 * The service worker has a copy of this file in it (`twice.ts`): it imports nothing.
 */
const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const SECRET_BITS = 256;
const POINT_BYTES = 65;
const NONCE_BYTES = 12;

type Bytes = Uint8Array<ArrayBuffer>;

/** The row that something is sealed into. */
export interface InboxPlace {
  readonly vault: string;
  readonly name: string;
}

/** The key by which it is opened, with the open half that it was sealed for. */
export interface OwnInbox {
  readonly key: CryptoKey;
  readonly publicKey: Bytes;
}

export async function sealForInbox(
  context: string, place: InboxPlace, publicKey: Bytes, clear: Bytes,
): Promise<Bytes> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const about = bytesOf(context);
  const key = await agreed(pair.privateKey, publicKey, joined(about, ephemeral, publicKey), 'encrypt');
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const how = { name: 'AES-GCM', iv, additionalData: joined(about, rowOf(place)) };
  return joined(ephemeral, iv, new Uint8Array(await crypto.subtle.encrypt(how, key, clear)));
}

/** Null where it does not open: it was spoilt, or is for somebody else, or for another place. */
export async function openFromInbox(
  context: string, place: InboxPlace, { key: own, publicKey }: OwnInbox, sealed: Bytes,
): Promise<Bytes | null> {
  const about = bytesOf(context);
  const ephemeral = sealed.slice(0, POINT_BYTES);
  const iv = sealed.slice(POINT_BYTES, POINT_BYTES + NONCE_BYTES);
  const how = { name: 'AES-GCM', iv, additionalData: joined(about, rowOf(place)) };
  try {
    const key = await agreed(own, ephemeral, joined(about, ephemeral, publicKey), 'decrypt');
    const body = sealed.subarray(POINT_BYTES + NONCE_BYTES);
    return new Uint8Array(await crypto.subtle.decrypt(how, key, body));
  } catch (fault) {
    if (fault instanceof DOMException) return null;
    throw fault;
  }
}

async function agreed(
  own: CryptoKey, publicKey: Bytes, info: Bytes, use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const theirs = await crypto.subtle.importKey('raw', publicKey, CURVE, false, []);
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own, SECRET_BITS);
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const aes = { name: 'AES-GCM', length: SECRET_BITS };
  return await crypto.subtle.deriveKey(how, material, aes, false, [use]);
}

function rowOf({ vault, name }: InboxPlace): Bytes {
  return bytesOf(`${vault}/${name}`);
}

function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text);
}

function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
