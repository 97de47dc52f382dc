/**
 * The hash chain of a seat's log: whoever knows its head knows that nothing before it changed.
 *
 * 1. h(0) is the hash of the seat's public key, so two seats never share a chain.
 * 2. Skeleton and body are hashed apart, so a body can be erased and the chain still verifies.
 * 3. What is left of an erased body is its hash, as MessagePack `bin`: no body of a change is one.
 *
 * Hashing is synchronous: a chain that had to await would let an IndexedDB transaction close.
 */
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { type Bytes, concat } from './bytes';
import { HASH_BYTES, TAG_BYTES } from './limits';

/** What a MessagePack `bin` of a hash begins with. */
const ERASED = Uint8Array.of(0xc4, HASH_BYTES);

export function sha256(bytes: Uint8Array): Bytes {
  return new Uint8Array(noble(bytes));
}

/** The head of an empty log. */
export function start(publicKey: Uint8Array): Bytes {
  return sha256(publicKey);
}

/** The head after one more change. */
export function link(head: Uint8Array, skeleton: Uint8Array, body: Uint8Array): Bytes {
  return sha256(concat(head, sha256(skeleton), bodyHash(body)));
}

/** The hash of a body, also of one that was erased. */
export function bodyHash(body: Uint8Array): Bytes {
  return isErased(body) ? new Uint8Array(body.subarray(ERASED.length)) : sha256(body);
}

/** What is left of a body once it is erased. */
export function erase(body: Uint8Array): Bytes {
  return concat(ERASED, bodyHash(body));
}

/** Whether only the hash of this body is left. */
export function isErased(body: Uint8Array): boolean {
  const begins = ERASED.every((byte, place) => body[place] === byte);
  return begins && body.length === ERASED.length + HASH_BYTES;
}

/** What a dot carries of a head: enough to tell two branches of one log apart. */
export function tag(head: Bytes): Bytes {
  return head.slice(0, TAG_BYTES);
}
