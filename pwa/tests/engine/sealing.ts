/**
 * Sealing bundles without the thread pool of WebCrypto: OpenSSL and zlib, at once.
 *
 * Keys are drawn, so the bytes of a bundle differ from run to run; its length does not.
 */
import { createCipheriv, createECDH } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Seals } from '../../src/sync/bundle';

export const seals: Seals = {
  newPair: () => {
    const pair = createECDH('prime256v1');
    const publicKey = new Uint8Array(pair.generateKeys());
    return Promise.resolve({
      publicKey,
      agree: (theirs) => Promise.resolve(new Uint8Array(pair.computeSecret(theirs))),
    });
  },
  encrypt: (key, nonce, header, content) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header);
    const parts = [cipher.update(content), cipher.final(), cipher.getAuthTag()];
    return Promise.resolve(new Uint8Array(Buffer.concat(parts)));
  },
  gzip: (content) => Promise.resolve(new Uint8Array(gzipSync(content))),
};
