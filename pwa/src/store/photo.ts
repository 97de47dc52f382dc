/**
 * A photo or scan of a paper on this phone, from the moment it is on the disk until a backup of the
 * office covers it.
 *
 *     raw → prepared → named → held          raw → unreadable, named → refused
 *
 * 1. The bytes are on the disk before anything else happens with them.
 * 2. What was named in a change is never changed and never dropped, but below `safe`.
 */
import type { Bytes } from '../sync/bytes';
import { pack } from '../sync/pack';
import { Shape } from '../sync/shape';

/**
 * `raw`: as it came from the camera; `prepared`: drawn anew, with its digest; `named`: in a sealed
 * change; `held`: the office has the bytes; `unreadable`: no picture that this phone can read;
 * `refused`: named, and yet these bytes can never come to the office.
 */
export type PhotoStage = 'raw' | 'unreadable' | 'prepared' | 'named' | 'refused' | 'held';

export type PhotoHint = 'dark' | 'blurred' | 'same';

/** Why a photo can never come to the office: it does not want it, or the disk here spoilt it. */
export type PhotoRefusal = 'refused-by-office' | 'damaged-here';

/** What says something about a citizen, or about the paper. */
interface Said {
  readonly document: string;
  /** ISO civil time with zone. */
  readonly taken: string;
  readonly type: string;
  /** SHA-256 in hex of the prepared bytes; empty before. */
  readonly digest: string;
  /** What a person should look at again; `same` is told by the others of the record and never kept. Absent before it is prepared, and from older versions. */
  readonly hint?: PhotoHint | null;
}

/** What does not, and changes while the photo travels. */
export interface Journey {
  readonly stage: PhotoStage;
  /** How often preparing it was begun: one that kills the page each time must not do so for ever. */
  readonly tries: number;
  /** Bytes of what is to be sent; of what came from the camera before. */
  readonly size: number;
  /** The change that names it; 0 before. */
  readonly seat: number;
  readonly seq: number;
  /** The upload at the office as an address, and how much of it the office has. */
  readonly upload: { readonly address: string; readonly offset: number } | null;
  readonly refusal: PhotoRefusal | null;
  /** Since when the office says that it knows no such photo, ms; left out while it has not. */
  readonly unknownSince?: number;
  /** When the office had it, ms; in which epoch; and how long the own log was then. */
  readonly heldAt: number;
  readonly heldEpoch: number;
  readonly heldLast: number;
  /** False once the phone has dropped its copy. */
  readonly hasBytes: boolean;
}

/** Whether a wipe that hands in first still waits for a photo: the office can take it, and has not. */
export function isOwed({ stage, hasBytes, heldEpoch, unknownSince }: Journey, epoch: number): boolean {
  if (stage === 'held') return hasBytes && heldEpoch !== epoch;
  return stage === 'named' && unknownSince === undefined;
}

export interface StoredPhoto extends Said, Journey {
  readonly id: string;
  /** The dossier's id as hex text; a draft's has it from its start. */
  readonly record: string;
  /** The draft that it was added to; null once it is named. */
  readonly draft: string | null;
  readonly addedAt: number;
}

export interface PhotoRow extends Journey {
  readonly id: string;
  readonly record: string;
  /** Left out where there is none: an index knows no null. */
  readonly draft?: string;
  readonly addedAt: number;
  readonly sealed: Bytes;
  /** In which vault; absent in rows from before there were vaults. */
  readonly vault?: string;
}

export type PhotoPart = 'raw' | 'whole' | 'thumbnail';

export interface PhotoBytesRow {
  readonly id: string;
  readonly part: PhotoPart;
  readonly sealed: Bytes;
  readonly vault?: string;
}

/** Where a photo of anybody here is on its way, and nothing of what it shows. */
export interface PhotoWay extends Journey {
  readonly record: string;
  /** In which vault it lies, where that is another than the open one. */
  readonly elsewhere: string | null;
}

export interface PhotoStore {
  all(): Promise<StoredPhoto[]>;
  /** Of everybody on this phone, of one record or of all; what lies locked is counted too. */
  ways(record?: string): Promise<PhotoWay[]>;
  of(record: string): Promise<StoredPhoto[]>;
  /** Durable with its bytes; `false` where the draft is gone, then nothing is kept. */
  add(photo: StoredPhoto, raw: Bytes): Promise<boolean>;
  bytes(id: string, part: PhotoPart): Promise<Bytes | null>;
  /** One transaction: what was drawn anew takes the place of what came from the camera. */
  keepPrepared(photo: StoredPhoto, whole: Bytes, thumbnail: Bytes): Promise<void>;
  change(id: string, change: Partial<Journey>): Promise<void>;
  /** The office knows it after all. */
  forgetUnknown(id: string): Promise<void>;
  /** Forgets the bytes to send, keeps what is known of it. */
  dropBytes(id: string): Promise<void>;
  drop(id: string): Promise<void>;
}

export const NEW_JOURNEY: Journey = {
  stage: 'raw',
  tries: 0,
  size: 0,
  seat: 0,
  seq: 0,
  upload: null,
  refusal: null,
  heldAt: 0,
  heldEpoch: 0,
  heldLast: 0,
  hasBytes: true,
};

export function packSaid({ document, taken, type, digest, hint }: Said): Bytes {
  return pack({ document, taken, type, digest, hint: hint ?? null });
}

export function unpackSaid(bytes: Bytes): Said {
  const shape = Shape.read(bytes, 'a photo');
  return {
    document: shape.text('document'),
    taken: shape.text('taken'),
    type: shape.text('type'),
    digest: shape.text('digest'),
    ...hintIn(shape.textOrNull('hint')),
  };
}

function hintIn(text: string | null): Pick<Said, 'hint'> {
  return text === 'dark' || text === 'blurred' ? { hint: text } : {};
}
