/**
 * How the key of a vault is made, sealed and opened again.
 *
 *     PIN, salt → Argon2id → HMAC under the phone's binding key → opens the vault's key
 *
 * Argon2id makes each guess cost; the binding key, which the browser shows nobody, keeps guesses on
 * this browser. What a passkey answers takes the place of the PIN, and needs no slowing.
 */
import type { Vault } from '../store/port';
import { type Bytes, concat, hex } from '../sync/bytes';

/** Where random bytes come from. */
interface Random {
  bytes(count: number): Bytes;
}

/** Argon2id of OWASP's least: about a second on a slow tablet. */
export const COST = { memoryKib: 19_456, passes: 2 } as const;
const SALT_BYTES = 16;
const ID_BYTES = 8;
const NONCE_BYTES = 12;
const KEY_BITS = 256;
const AES = { name: 'AES-GCM', length: KEY_BITS } as const;
const USES: KeyUsage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];

export interface Stretching {
  readonly salt: Bytes;
  readonly memoryKib: number;
  readonly passes: number;
}

/** Argon2id over a PIN: 32 bytes. Off the page's own thread where that can be. */
export type Stretch = (pin: string, how: Stretching) => Promise<Bytes>;

export interface NewVault {
  readonly vault: Vault;
  readonly key: CryptoKey;
}

export async function makeVault(
  staff: string,
  pin: string,
  stretch: Stretch,
  random: Random,
  cost: Pick<Stretching, 'memoryKib' | 'passes'> = COST,
): Promise<NewVault> {
  const id = hex(random.bytes(ID_BYTES));
  const how = { salt: random.bytes(SALT_BYTES), ...cost };
  const mac = { name: 'HMAC', hash: 'SHA-256', length: KEY_BITS } as const;
  const binding = await crypto.subtle.generateKey(mac, false, ['sign']);
  const key = await crypto.subtle.generateKey(AES, true, USES);
  const opener = await openerOf(binding, id, await stretch(pin, how));
  const wrapped = await wrap(key, opener, random);
  const none = { passkey: null, misses: 0, waitUntil: 0, erasures: 0 };
  const vault = { id, staff, ...how, binding, wrapped, ...none };
  return { vault, key: await unwrap(wrapped, opener, false) };
}

/** What of a vault says how its PIN opens it. */
export type PinSeal = Pick<Vault, 'salt' | 'memoryKib' | 'passes' | 'wrapped'>;

/** Seals a vault's key under another PIN; the key stays, and so does all that it seals. */
export async function sealUnderPin(
  vault: Vault,
  key: CryptoKey,
  pin: string,
  stretch: Stretch,
  random: Random,
  cost: Pick<Stretching, 'memoryKib' | 'passes'> = COST,
): Promise<PinSeal> {
  const how = { salt: random.bytes(SALT_BYTES), ...cost };
  return { ...how, wrapped: await sealUnder(vault, key, await stretch(pin, how), random) };
}

/** The key of a vault by its PIN; null where the PIN is wrong. `canMove`: to be sealed anew. */
export async function openByPin(
  vault: Vault,
  pin: string,
  stretch: Stretch,
  canMove = false,
): Promise<CryptoKey | null> {
  const { salt, memoryKib, passes } = vault;
  const stretched = await stretch(pin, { salt, memoryKib, passes });
  return await openOrNull(vault, vault.wrapped, stretched, canMove);
}

/** The key of a vault by what its passkey answered; null where that was another's. */
export async function openByPasskey(vault: Vault, answer: Bytes): Promise<CryptoKey | null> {
  return vault.passkey === null
    ? null
    : await openOrNull(vault, vault.passkey.wrapped, answer, false);
}

/** The vault's key, sealed by a secret: what a passkey answers, or a stretched PIN. */
export async function sealUnder(
  { binding, id }: Pick<Vault, 'binding' | 'id'>,
  key: CryptoKey,
  secret: Bytes,
  random: Random,
): Promise<Bytes> {
  return await wrap(key, await openerOf(binding, id, secret), random);
}

async function openOrNull(
  { binding, id }: Vault,
  wrapped: Bytes,
  secret: Bytes,
  canMove: boolean,
): Promise<CryptoKey | null> {
  try {
    return await unwrap(wrapped, await openerOf(binding, id, secret), canMove);
  } catch (fault) {
    if (fault instanceof DOMException) return null;
    throw fault;
  }
}

async function openerOf(binding: CryptoKey, id: string, secret: Bytes): Promise<CryptoKey> {
  const context = new TextEncoder().encode(`luudong/vault\0${id}\0`);
  const bound = await crypto.subtle.sign('HMAC', binding, concat(context, secret));
  return await crypto.subtle.importKey('raw', bound, AES, false, ['wrapKey', 'unwrapKey']);
}

async function wrap(key: CryptoKey, opener: CryptoKey, random: Random): Promise<Bytes> {
  const iv = random.bytes(NONCE_BYTES);
  const wrapped = await crypto.subtle.wrapKey('raw', key, opener, { name: 'AES-GCM', iv });
  return concat(iv, new Uint8Array(wrapped));
}

async function unwrap(wrapped: Bytes, opener: CryptoKey, canMove: boolean): Promise<CryptoKey> {
  const how = { name: 'AES-GCM', iv: wrapped.subarray(0, NONCE_BYTES) };
  const body = wrapped.subarray(NONCE_BYTES);
  return await crypto.subtle.unwrapKey('raw', body, opener, how, AES, canMove, USES);
}
