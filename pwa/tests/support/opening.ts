/** Opening bundles, which only an office does. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { agree } from '../../src/device/seals';
import type { Batch } from '../../src/sync/batch';
import { type Bytes, concat, hex } from '../../src/sync/bytes';
import { pack } from '../../src/sync/pack';
import { Shape } from '../../src/sync/shape';
import { batchFrom } from './messages';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

export interface OpenedBundle {
  readonly device: number;
  readonly message: Bytes;
  readonly signature: Bytes;
  readonly batches: readonly Batch[];
  readonly attachments: readonly { readonly record: string; readonly type: string; readonly data: Bytes }[];
}

/** The office's bundle key. */
export class BundleKey {
  readonly publicKey: Bytes;
  private readonly privateKey: CryptoKey;

  private constructor(privateKey: CryptoKey, publicKey: Bytes) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  static async make(): Promise<BundleKey> {
    const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
    const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
    return new BundleKey(pair.privateKey, new Uint8Array(raw));
  }

  async open(raw: Bytes): Promise<OpenedBundle> {
    const bundle = Shape.read(raw, 'a bundle');
    const ephemeral = bundle.bytes('ephemeral');
    const secret = await agree(this.privateKey, ephemeral);
    const context = new TextEncoder().encode('luudong/bundle\0');
    const info = concat(context, ephemeral, this.publicKey);
    const derived = new Uint8Array(hkdf(sha256, secret, undefined, info, 32));
    const key = await crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['decrypt']);
    const additionalData = pack([1, bundle.text('office'), bundle.text('key')]);
    const how = { name: 'AES-GCM', iv: bundle.bytes('nonce'), additionalData };
    const packed = await crypto.subtle.decrypt(how, key, bundle.bytes('sealed'));
    const content = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const bytes = new Uint8Array(await new Response(content).arrayBuffer());
    const signed = Shape.read(bytes, 'the content of a bundle');
    const message = signed.bytes('message');
    const inside = Shape.read(message, 'the message of a bundle');
    return {
      device: inside.integer('device'),
      message,
      signature: signed.bytes('signature'),
      batches: inside.shapes('batches').map(batchFrom),
      attachments: (inside.has('attachments') ? inside.shapes('attachments') : []).map((one) => ({
        record: hex(one.bytes('record')),
        type: one.text('type'),
        data: one.bytes('data'),
      })),
    };
  }
}
