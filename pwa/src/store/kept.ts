/** What is kept for a person beside their dossiers. */
import type { Bytes } from '../sync/bytes';
import type { Value } from '../sync/pack';
import type { Written } from './stored_record';

/** What stays of a dossier that has left this phone. */
export interface LeftDossier {
  readonly record: string;
  /** Empty where it never had one. */
  readonly code: string;
  /** ISO civil time with zone; empty where it could not be read and was taken away. */
  readonly sealedAt: string;
  /** The office's time when it left, ms. */
  readonly leftAt: number;
}

/** What is kept for a person beside their dossiers. */
export interface KeptStore {
  /** What a screen keeps for itself until its person is back, by its name; null takes it away. */
  put(name: string, value: Value | null): Promise<void>;
  get(name: string): Promise<Value | null>;
  /** Takes a record and its photos away and leaves the trace, if any, in one transaction. */
  letGo(record: string, version: number, trace: Omit<LeftDossier, 'record'> | null): Promise<Written>;
  left(): Promise<readonly LeftDossier[]>;
  /** Papers that were shared into the app and are in no dossier yet, the oldest first. */
  shared(): Promise<readonly SharedRow[]>;
  sharedCount(): Promise<number>;
  /** When the oldest of them was shared, ms. */
  sharedSince(): Promise<number | null>;
}

/** As the service worker left it: sealed for the inbox of the vault, not by the vault's key. */
export interface SharedRow {
  readonly vault: string;
  readonly name: string;
  readonly sealed: Bytes;
}
