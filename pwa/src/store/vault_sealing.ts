/**
 * Sealing by a vault's key, while a vault is open: AES-GCM, a fresh nonce for each row.
 *
 * With no vault open nothing is sealed and nothing opens; the rest of the app sees an empty phone.
 */
import { type Bytes, concat } from '../sync/bytes';
import { DamagedRow, type Sealing, StoreUnavailable } from './port';

const NONCE_BYTES = 12;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const AGREEING = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** What turns clear bytes into sealed ones under a key; tests also have one that does nothing. */
export interface Cipher {
  seal(key: CryptoKey, clear: Bytes, context: Bytes): Promise<Bytes>;
  open(key: CryptoKey, sealed: Bytes, context: Bytes): Promise<Bytes>;
}

export const aesGcm: Cipher = {
  seal: async (key, clear, additionalData) => {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, clear);
    return concat(iv, new Uint8Array(sealed));
  },
  open: async (key, sealed, additionalData) => {
    const iv = sealed.subarray(0, NONCE_BYTES);
    const how = { name: 'AES-GCM', iv, additionalData };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.subarray(NONCE_BYTES)));
    } catch (fault) {
      if (fault instanceof DOMException) throw new DamagedRow();
      throw fault;
    }
  },
};

interface Open {
  readonly vault: string;
  readonly key: CryptoKey;
  readonly context: Bytes;
  /** Signing keys that were opened before, by their sealed bytes. */
  readonly signers: Map<string, Promise<CryptoKey>>;
}

export class VaultSealing implements Sealing {
  private readonly cipher: Cipher;
  private now: Open | null = null;

  constructor(cipher = aesGcm) {
    this.cipher = cipher;
  }

  get vault(): string | null {
    return this.now?.vault ?? null;
  }

  /** From now on rows are sealed and opened by this vault's key. */
  enter(vault: string, key: CryptoKey): void {
    const context = new TextEncoder().encode(`luudong/row\0${vault}`);
    this.now = { vault, key, context, signers: new Map() };
  }

  /** Lets go of the key. */
  leave(): void {
    this.now = null;
  }

  async seal(clear: Bytes): Promise<Bytes> {
    const { key, context } = this.need();
    return await this.cipher.seal(key, clear, context);
  }

  async open(sealed: Bytes): Promise<Bytes> {
    const { key, context } = this.need();
    return await this.cipher.open(key, sealed, context);
  }

  async sealKey(signer: CryptoKey): Promise<Bytes> {
    const { key, context: additionalData } = this.need();
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const how = { name: 'AES-GCM', iv, additionalData };
    return concat(iv, new Uint8Array(await crypto.subtle.wrapKey('pkcs8', signer, key, how)));
  }

  async openKey(sealed: Bytes): Promise<CryptoKey> {
    const { signers } = this.need();
    const name = sealed.join();
    const known = signers.get(name);
    if (known !== undefined) return await known;
    const opened = this.unwrap(sealed, CURVE, ['sign']);
    signers.set(name, opened);
    return await opened;
  }

  async openInbox(sealed: Bytes): Promise<CryptoKey> {
    return await this.unwrap(sealed, AGREEING, ['deriveBits']);
  }

  private async unwrap(sealed: Bytes, curve: EcKeyImportParams, uses: KeyUsage[]): Promise<CryptoKey> {
    const { key, context: additionalData } = this.need();
    const how = { name: 'AES-GCM', iv: sealed.subarray(0, NONCE_BYTES), additionalData };
    const body = sealed.subarray(NONCE_BYTES);
    try {
      return await crypto.subtle.unwrapKey('pkcs8', body, key, how, curve, false, uses);
    } catch (fault) {
      if (fault instanceof DOMException) throw new DamagedRow();
      throw fault;
    }
  }

  private need(): Open {
    if (this.now === null) throw new StoreUnavailable('it is locked');
    return this.now;
  }
}
