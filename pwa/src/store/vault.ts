/**
 * A person's vault on this phone: the key that everything of theirs about citizens is sealed with,
 * itself sealed by what only the person and this phone together can make.
 */
import type { Bytes } from '../sync/bytes';

/** How a vault's key is sealed by a passkey of the phone. */
export interface VaultPasskey {
  readonly credential: Bytes;
  /** What the passkey is asked about; its answer opens this vault and nothing else. */
  readonly salt: Bytes;
  readonly wrapped: Bytes;
}

export interface Vault {
  /** Random, as hex text: a person who begins anew gets another one. */
  readonly id: string;
  readonly staff: string;
  readonly salt: Bytes;
  /** What a guess of the PIN costs; kept here, so that later vaults may cost more. */
  readonly memoryKib: number;
  readonly passes: number;
  /** Never leaves this browser: a PIN guessed elsewhere opens nothing without it. */
  readonly binding: CryptoKey;
  /** The vault's key, sealed by the PIN and the binding. */
  readonly wrapped: Bytes;
  readonly passkey: VaultPasskey | null;
  /** Wrong PINs since it was last opened, and until when none is heard, ms by this phone's clock. */
  readonly misses: number;
  readonly waitUntil: number;
  /** The number of the newest list of erasures that was heeded in it. */
  readonly erasures: number;
  /** Absent until it was opened by an app that takes shared papers. */
  readonly inbox?: VaultInbox;
}

/** What is sealed for a vault while it is locked is sealed for this pair: P-256, for ECDH. */
export interface VaultInbox {
  /** 65 bytes, in the clear: by it one can put in, and take nothing out. */
  readonly publicKey: Bytes;
  /** The private half, sealed in the vault. */
  readonly sealedKey: Bytes;
}

/** What goes with a vault that nobody can open any more; counted without opening it. */
export interface VaultLoss {
  /** Changes that the office has not, and that no sealed bundle carries. */
  readonly changes: number;
  readonly drafts: number;
  /** Photos whose bytes the office has not. */
  readonly photos: number;
}

export interface VaultTable {
  all(): Promise<readonly Vault[]>;
  change(id: string, change: (now: Vault) => Vault): Promise<Vault | null>;
  /** A vault for somebody who worked here before there were vaults. */
  add(vault: Vault): Promise<void>;
  /**
   * Seals into the open vault what its person kept in the clear before there were vaults. Small
   * transactions, each whole: after a crash it goes on where it was. Nothing to do is cheap.
   */
  claim(vault: Vault): Promise<void>;
  lossOf(id: string): Promise<VaultLoss>;
  /** Takes a vault away with all that is sealed in it; bundles for the office stay. */
  forget(id: string): Promise<void>;
}
