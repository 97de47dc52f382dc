/** What sealing a bundle needs of this browser: keys for one use, AES-GCM, gzip. */
import type { Bytes } from '../sync/bytes';
import type { Seals } from '../sync/bundle';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const SECRET_BITS = 256;

export const browserSeals: Seals = {
  newPair: async () => {
    const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
    return {
      publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
      agree: async (publicKey) => await agree(pair.privateKey, publicKey),
    };
  },
  encrypt: async (key, nonce, header, content) => {
    const usable = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
    const how = { name: 'AES-GCM', iv: nonce, additionalData: header };
    return new Uint8Array(await crypto.subtle.encrypt(how, usable, content));
  },
  gzip,
};

export async function agree(privateKey: CryptoKey, publicKey: Bytes): Promise<Bytes> {
  const theirs = await crypto.subtle.importKey('raw', publicKey, CURVE, false, []);
  const how = { name: 'ECDH', public: theirs };
  return new Uint8Array(await crypto.subtle.deriveBits(how, privateKey, SECRET_BITS));
}

async function gzip(content: Bytes): Promise<Bytes> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
