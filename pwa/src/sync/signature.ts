/**
 * What a signature is over (`docs/protocol.md`, part 2). The mathematics comes in through ports:
 * a browser signs with keys that it never shows.
 *
 * The signed bytes begin with the purpose, so a signature for one thing is worth nothing for
 * another.
 */
import { type Bytes, concat } from './bytes';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from './limits';
import { BadSignature } from './refusals';

export type Purpose =
  | 'batch'
  | 'request'
  | 'seat'
  | 'response'
  | 'receipt'
  | 'enrolment'
  | 'reference'
  | 'certificate'
  | 'revocations'
  | 'erasures'
  | 'order'
  | 'bundle';

/** ECDSA P-256 with SHA-256 over the bytes as they are, by one key. */
export type Sign = (signedBytes: Bytes) => Promise<Bytes>;
/** Whether the owner of the key signed exactly these bytes; false also for a key that is none. */
export type Verify = (publicKey: Bytes, signedBytes: Bytes, signature: Bytes) => Promise<boolean>;

export function signedBytes(purpose: Purpose, message: Bytes): Bytes {
  return concat(new TextEncoder().encode(`luudong/${purpose}\0`), message);
}

export async function sign(key: Sign, purpose: Purpose, message: Bytes): Promise<Bytes> {
  return await key(signedBytes(purpose, message));
}

/** Passes if the owner of `publicKey` signed this for this purpose, else throws BadSignature. */
export async function requireSignature(
  verify: Verify,
  publicKey: Bytes,
  purpose: Purpose,
  message: Bytes,
  signature: Bytes,
): Promise<void> {
  const sizesFit = publicKey.length === PUBLIC_KEY_BYTES && signature.length === SIGNATURE_BYTES;
  if (!sizesFit || !(await verify(publicKey, signedBytes(purpose, message), signature))) {
    throw new BadSignature(purpose);
  }
}
