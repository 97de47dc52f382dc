/**
 * Signatures without the thread pool of WebCrypto, whose answers come in any order.
 *
 * Real ones by OpenSSL, at once; or quick ones, keyed hashes that hold against chance and not
 * against a forger. What the engine asks of `crypto.subtle` is all that there is here.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as signNow,
  verify as verifyNow,
} from 'node:crypto';
import type { Bytes } from '../../src/sync/bytes';

/** A key as it lies on the simulated disk. The quick ones have no secret. */
interface SimKey {
  readonly type: 'private' | 'public';
  readonly extractable: boolean;
  readonly algorithm: { readonly name: 'ECDSA'; readonly namedCurve: 'P-256' };
  readonly usages: readonly KeyUsage[];
  readonly point: Bytes;
  readonly secret: Bytes | null;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A pair of keys that is made outside: with a secret for real signatures, without for quick ones. */
export interface GivenKey {
  readonly point: Bytes;
  readonly secret: Bytes | null;
}

/** Puts the simulated mathematics where the engine looks for the browser's. */
export function installSigning(isReal: boolean, newKey: () => GivenKey): void {
  const subtle = subtleOf(isReal, newKey);
  Object.defineProperty(globalThis, 'crypto', { configurable: true, value: { subtle } });
}

export function subtleOf(
  isReal: boolean,
  newKey: () => GivenKey,
): Pick<SubtleCrypto, 'digest' | 'exportKey' | 'generateKey' | 'importKey' | 'sign' | 'verify'> {
  const subtle = {
    generateKey: () => {
      const pair = newKey();
      return Promise.resolve({
        privateKey: simKey('private', ['sign'], pair.point, pair.secret),
        publicKey: simKey('public', ['verify'], pair.point, null),
      });
    },
    digest: (_: string, bytes: Bytes) =>
      Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest()).buffer),
    exportKey: (_: string, key: SimKey) => Promise.resolve(key.point.slice().buffer),
    importKey: (_: string, point: Bytes) => {
      if (isReal) publicKeyOf(point);
      return Promise.resolve(simKey('public', ['verify'], point.slice(), null));
    },
    sign: (_: object, key: SimKey, message: Bytes) =>
      Promise.resolve(signatureOf(key, message).buffer),
    verify: (_: object, key: SimKey, signature: Bytes, message: Bytes) =>
      Promise.resolve(holds(isReal, key.point, signature, message)),
  };
  return subtle as unknown as SubtleCrypto;
}

function simKey(
  type: SimKey['type'],
  usages: KeyUsage[],
  point: Bytes,
  secret: Bytes | null,
): SimKey {
  return { type, extractable: type === 'public', algorithm: ALGORITHM, usages, point, secret };
}

function signatureOf({ point, secret }: SimKey, message: Bytes): Bytes {
  if (secret === null) return keyedHash(point, message);
  const jwk = { ...publicJwk(point), d: text(secret) };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return new Uint8Array(signNow('sha256', message, { key, dsaEncoding: 'ieee-p1363' }));
}

function holds(isReal: boolean, point: Bytes, signature: Bytes, message: Bytes): boolean {
  if (!isReal) return Buffer.from(keyedHash(point, message)).equals(signature);
  const key = publicKeyOf(point);
  return verifyNow('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function publicKeyOf(point: Bytes): ReturnType<typeof createPublicKey> {
  try {
    return createPublicKey({ key: publicJwk(point), format: 'jwk' });
  } catch {
    throw new DOMException('no point of the curve', 'DataError');
  }
}

function publicJwk(point: Bytes): Record<string, string> {
  return { kty: 'EC', crv: 'P-256', x: text(point.slice(1, 33)), y: text(point.slice(33)) };
}

function text(bytes: Bytes): string {
  return Buffer.from(bytes).toString('base64url');
}

function keyedHash(point: Bytes, message: Bytes): Bytes {
  return new Uint8Array(createHash('blake2b512').update(point).update(message).digest());
}
