/** Keys as the browser keeps them: made here, never shown, used only by name. */
import type { Bytes } from '../sync/bytes';
import type { Sign, Verify } from '../sync/signature';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/**
 * A new pair whose private half nobody can read, this app included; `toSeal`: it is to be sealed in
 * a vault first, and comes back from there as such.
 */
export async function newKeys(toSeal = false): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(CURVE, toSeal, ['sign', 'verify']);
}

/** The public half as it travels: 65 bytes. */
export async function publicBytes(keys: CryptoKeyPair): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
}

export function signerOf(keys: CryptoKeyPair): Sign {
  return async (signedBytes) =>
    new Uint8Array(await crypto.subtle.sign(SIGNATURE, keys.privateKey, signedBytes));
}

export const verify: Verify = async (publicKey, signedBytes, signature) => {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, CURVE, false, ['verify']);
    return await crypto.subtle.verify(SIGNATURE, key, signature, signedBytes);
  } catch (error) {
    // Bytes that are no point of the curve: nobody can have signed with them.
    if (error instanceof DOMException) return false;
    throw error;
  }
};
