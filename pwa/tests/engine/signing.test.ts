/** Signatures of the simulation are those of the field: the shared vectors hold them to it. */
import { describe, expect, it, test } from 'vitest';
import signatureFile from '../../../sync/vectors/signature.json';
import { type Bytes, fromHex } from '../../src/sync/bytes';
import { type Purpose, signedBytes } from '../../src/sync/signature';
import { subtleOf } from './signing';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const SECRET = new Uint8Array(32).fill(7);
const MESSAGE = Uint8Array.of(1, 2, 3);
const POINT = new Uint8Array(65).fill(9);

test.each(signatureFile.cases)('signature %# holds: $holds', async (given) => {
  const message = signedBytes(given.purpose as Purpose, fromHex(given.message));
  const holds = await verified(true, fromHex(given.public_key), fromHex(given.signature), message);

  expect(holds).toBe(given.holds);
});

describe('a real key', () => {
  it('makes signatures that WebCrypto takes', async () => {
    const web = crypto.subtle;
    const pair = await web.generateKey(CURVE, true, ['sign', 'verify']);
    const point = new Uint8Array(await web.exportKey('raw', pair.publicKey));
    const { d } = await web.exportKey('jwk', pair.privateKey);
    const secret = new Uint8Array(Buffer.from(d ?? '', 'base64url'));
    const signature = await signed(true, point, secret);
    const key = await web.importKey('raw', point, CURVE, false, ['verify']);

    expect(await web.verify(SIGNATURE, key, signature, MESSAGE)).toBe(true);
  });
});

describe('a quick key', () => {
  it('signs for itself alone, and for nothing else', async () => {
    const signature = await signed(false, POINT, null);
    const other = new Uint8Array(65).fill(8);

    expect(await verified(false, POINT, signature, MESSAGE)).toBe(true);
    expect(await verified(false, other, signature, MESSAGE)).toBe(false);
    expect(await verified(false, POINT, signature, SECRET)).toBe(false);
  });
});

async function signed(isReal: boolean, point: Bytes, secret: Bytes | null): Promise<Bytes> {
  const subtle = subtleOf(isReal, () => ({ point, secret }));
  const pair = await subtle.generateKey(CURVE, false, ['sign', 'verify']);
  return new Uint8Array(await subtle.sign(SIGNATURE, pair.privateKey, MESSAGE));
}

async function verified(
  isReal: boolean,
  point: Bytes,
  signature: Bytes,
  message: Bytes,
): Promise<boolean> {
  const subtle = subtleOf(isReal, () => ({ point, secret: null }));
  try {
    const key = await subtle.importKey('raw', point, CURVE, false, ['verify']);
    return await subtle.verify(SIGNATURE, key, signature, message);
  } catch (fault) {
    if (fault instanceof DOMException) return false;
    throw fault;
  }
}
