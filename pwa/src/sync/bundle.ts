/**
 * A bundle: batches and attachments of one device, sealed to the office, for anybody to carry.
 *
 *     message ─ signed by the device ─ packed by gzip ─ sealed to the office's bundle key
 *
 * 1. A carrier can neither read, nor forge, nor alter one: who made it is inside.
 * 2. The ephemeral key and the nonce are used for one bundle alone; both come in as arguments.
 *
 * Only the office opens bundles; a phone makes and carries them.
 */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as hash } from '@noble/hashes/sha2.js';
import type { Batch } from './batch';
import { type Bytes, concat, hex } from './bytes';
import { sha256 } from './chain';
import { packableBatch } from './exchange';
import {
  BUNDLE_BYTES_MAX,
  BUNDLE_FILE_BUNDLES_MAX,
  KEY_NAME_CHARACTERS,
  NONCE_BYTES,
  PUBLIC_KEY_BYTES,
} from './limits';
import { pack } from './pack';
import { keyName } from './receipt';
import { Malformed, TooLarge, UnknownProtocol } from './refusals';
import { Shape } from './shape';
import { type Sign, sign } from './signature';

/** The layout of a bundle. It changes on its own: bundles come late, and by others' hands. */
export const BUNDLE_PROTOCOL = 1;

/** What a rescue file begins with; then each bundle behind its length: 4 bytes, greatest first. */
const FILE_MAGIC = new TextEncoder().encode('luudong/bundle/1');
const CONTEXT = new TextEncoder().encode('luudong/bundle\0');
const LENGTH_BYTES = 4;
const AES_KEY_BYTES = 32;
/** The bytes around what is sealed are few. */
const FRAME_BYTES_MAX = 1024;

/** What sealing needs of the world: mathematics with keys, and packing. */
export interface Seals {
  /** A new key pair for one bundle; `agree` gives the 32 bytes that both sides can compute. */
  newPair(): Promise<{ readonly publicKey: Bytes; agree(publicKey: Bytes): Promise<Bytes> }>;
  /** AES-256-GCM; the tag stands at the end. */
  encrypt(key: Bytes, nonce: Bytes, header: Bytes, content: Bytes): Promise<Bytes>;
  gzip(content: Bytes): Promise<Bytes>;
}

/** What a carrier sees: for which office and under which of its keys. */
export interface Bundle {
  readonly protocol: number;
  readonly office: string;
  readonly key: string;
}

export interface BundleMessage {
  readonly office: string;
  readonly device: number;
  readonly time: number;
  readonly batches: readonly Batch[];
  readonly attachments?: readonly CarriedAttachment[];
}

/** The bytes of an attachment; that its record names them is in a change of the same device. */
export interface CarriedAttachment {
  readonly record: Bytes;
  readonly type: string;
  readonly data: Bytes;
}

export function writeBundleMessage(message: BundleMessage): Bytes {
  const { office, device, time, batches, attachments = [] } = message;
  const packed = batches.map(packableBatch);
  const carried = attachments.map(({ record, type, data }) => ({ record, type, data }));
  return pack({
    ...{ protocol: BUNDLE_PROTOCOL, office, device, time, batches: packed },
    ...(carried.length > 0 ? { attachments: carried } : {}),
  });
}

/** The content of a bundle, signed by the device and packed. */
export async function signContent(seals: Seals, device: Sign, message: Bytes): Promise<Bytes> {
  const signature = await sign(device, 'bundle', message);
  return await seals.gzip(pack({ message, signature }));
}

/** Seals packed content to the office's public bundle key; throws TooLarge. */
export async function sealBundle(
  seals: Seals,
  content: Bytes,
  to: { readonly office: string; readonly officeKey: Bytes; readonly nonce: Bytes },
): Promise<Bytes> {
  const { office, officeKey, nonce } = to;
  const pair = await seals.newPair();
  const secret = await pair.agree(officeKey);
  const info = concat(CONTEXT, pair.publicKey, officeKey);
  const derived = new Uint8Array(hkdf(hash, secret, undefined, info, AES_KEY_BYTES));
  const key = keyName(officeKey);
  const header = pack([BUNDLE_PROTOCOL, office, key]);
  const sealed = await seals.encrypt(derived, nonce, header, content);
  if (sealed.length > BUNDLE_BYTES_MAX) {
    throw new TooLarge('a bundle', sealed.length, BUNDLE_BYTES_MAX);
  }
  return pack({
    protocol: BUNDLE_PROTOCOL,
    office,
    key,
    ephemeral: pair.publicKey,
    nonce,
    sealed,
  });
}

/** What a carrier sees of a bundle; throws Malformed or UnknownProtocol. */
export function readBundle(raw: Bytes): Bundle {
  const shape = Shape.read(raw, 'a bundle');
  const protocol = shape.integer('protocol', 1);
  if (protocol !== BUNDLE_PROTOCOL) throw new UnknownProtocol(protocol);
  shape.bytes('ephemeral', PUBLIC_KEY_BYTES);
  shape.bytes('nonce', NONCE_BYTES);
  shape.bytes('sealed');
  const key = shape.text('key');
  if (key.length !== KEY_NAME_CHARACTERS) throw new Malformed('a bundle');
  return { protocol, office: shape.text('office'), key };
}

/** Names a bundle by its bytes, as hex text: so carrier and office speak of it. */
export function bundleDigest(raw: Bytes): string {
  return hex(sha256(raw));
}

/** The parts of a rescue file, in order: so nobody needs to hold it twice. */
export function fileParts(bundles: readonly Bytes[]): Bytes[] {
  return [FILE_MAGIC, ...bundles.flatMap((raw) => [lengthOf(raw), raw])];
}

/**
 * The bundles of a rescue file. `isWhole` is false where it is cut or broken behind them: they stay
 * good. Throws Malformed if it is no rescue file.
 */
export function bundlesIn(file: Bytes): {
  readonly bundles: readonly Bytes[];
  readonly isWhole: boolean;
} {
  const magic = file.subarray(0, FILE_MAGIC.length);
  if (hex(magic) !== hex(FILE_MAGIC)) throw new Malformed('a rescue file');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const bundles: Bytes[] = [];
  let at = FILE_MAGIC.length;
  while (at < file.length) {
    if (at + LENGTH_BYTES > file.length) return { bundles, isWhole: false };
    const size = view.getUint32(at);
    const isGood = size <= BUNDLE_BYTES_MAX + FRAME_BYTES_MAX;
    at += LENGTH_BYTES;
    if (!isGood || at + size > file.length || bundles.length === BUNDLE_FILE_BUNDLES_MAX) {
      return { bundles, isWhole: false };
    }
    bundles.push(file.slice(at, at + size));
    at += size;
  }
  return { bundles, isWhole: true };
}

function lengthOf(raw: Bytes): Bytes {
  const prefix = new Uint8Array(LENGTH_BYTES);
  new DataView(prefix.buffer).setUint32(0, raw.length);
  return prefix;
}
