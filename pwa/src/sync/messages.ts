/** What the messages of the `/sync/` doors hold (`docs/protocol.md`, part 6). */
import type { Batch } from './batch';
import type { Bytes } from './bytes';
import type { Receipt } from './receipt';

export interface Envelope {
  readonly message: Bytes;
  readonly signature: Bytes;
  readonly seatSignature: Bytes | null;
}

export interface EnrolmentRequest {
  readonly code: string;
  readonly publicKey: Bytes;
  readonly label: string;
  readonly appVersion: string;
  readonly time: number;
}

export interface SignedBytes {
  readonly message: Bytes;
  readonly signature: Bytes;
}

/**
 * What the office signed for a device to keep, and to show again when the office lost it.
 * `purpose` is that of the signature: an enrolment, a seat's certificate, a list.
 */
export interface Shown extends SignedBytes {
  readonly purpose: string;
}

/** A range of daily ordinals for dossier codes, for one seat and its days, both included. */
export interface Lease {
  readonly lease: number;
  readonly seat: number;
  readonly first: number;
  readonly last: number;
  /** Civil dates, YYYY-MM-DD. */
  readonly fromDay: string;
  readonly toDay: string;
  /** What the codes begin with. */
  readonly agency: string;
}

export interface EnrolmentResponse {
  readonly office: string;
  readonly officeName: string;
  readonly officeKey: Bytes;
  readonly epoch: number;
  readonly device: number;
  readonly enrolment: SignedBytes;
  readonly time: number;
}

/** What the requests of an enrolled device begin with, and their answers echo. */
export interface Address {
  readonly office: string;
  readonly device: number;
  readonly number: number;
}

export interface SeatRequest extends Address {
  readonly time: number;
  readonly staff: string;
  readonly secret: string;
  readonly publicKey: Bytes;
}

export interface Person {
  readonly staff: string;
  readonly name: string;
  readonly role: string;
  readonly team: string | null;
}

export interface SeatResponse extends Address {
  readonly epoch: number;
  readonly time: number;
  readonly seat: number;
  readonly person: Person;
  readonly areas: readonly string[];
  readonly certificate: Shown | null;
}

/** How far the phone's own copy of a log goes. */
export interface LogEnd {
  readonly seat: number;
  readonly last: number;
  readonly head: Bytes;
}

/** A state as the office once gave it, with the mark by which the office knows it as its own. */
export interface OfferedState {
  readonly state: Bytes;
  readonly mac: Bytes;
}

/** A lease that the phone has, and the highest ordinal used on any one day; 0 for none. */
export interface LeaseHeld {
  readonly lease: number;
  readonly used: number;
}

/** The numbers of the newest signed lists that the phone has; 0 for none. */
export interface ListsHeld {
  readonly revocations: number;
  readonly erasures: number;
}

export interface ExchangeRequest extends Address {
  readonly time: number;
  readonly epoch: number;
  readonly logs: readonly LogEnd[];
  readonly batches: readonly Batch[];
  /** The person at work: pages and directory come only with this seat's signature. */
  readonly seat: number | null;
  readonly cursors: ReadonlyMap<string, number>;
  /** Bytes of pages. */
  readonly want: number;
  /** Seats above this number are named in the answer. */
  readonly directory: number;
  readonly appVersion: string;
  /** The newest receipts that the phone has, one a seat. */
  readonly receipts: readonly Receipt[];
  /** Bundles, as they were sealed. */
  readonly sealed: readonly Bytes[];
  readonly offered: readonly OfferedState[];
  readonly shown: readonly Shown[];
  readonly lists: ListsHeld;
  readonly leases: readonly LeaseHeld[];
  /** The number of the newest order that was heeded; 0 for none. */
  readonly order: number;
}

export interface Page {
  readonly entries: Bytes;
  readonly cursor: number;
  readonly more: boolean;
  /** 16 bytes for each entry, in their order; none from an office of version 1. */
  readonly macs: Bytes;
  /** The entries by raw deflate, in place of `entries`. */
  readonly packed: Bytes;
}

export interface BatchRefusal {
  readonly seat: number;
  readonly first: number;
  readonly code: string;
}

/** What became of a bundle, named by the hash of its bytes (hex); `code` is empty if it is held. */
export interface BundleOutcome {
  readonly bundle: string;
  readonly code: string;
}

/**
 * What people at the office have to look at, or have settled, of what the reader handed in.
 * `outcome` is empty while it is open. Codes only: words are the app's.
 */
export interface Finding {
  readonly finding: number;
  readonly kind: string;
  readonly record: Bytes | null;
  readonly seat: number;
  readonly seq: number;
  readonly field: string | null;
  readonly reason: string;
  readonly raised: number;
  readonly closed: number | null;
  readonly outcome: string;
}

/** Who is behind a seat's number; `device` is that device's label. */
export interface DirectoryEntry {
  readonly seat: number;
  readonly name: string;
  readonly role: string;
  readonly device: string;
}

export interface ExchangeResponse extends Address {
  readonly epoch: number;
  readonly time: number;
  readonly receipts: readonly Receipt[];
  readonly refusals: readonly BatchRefusal[];
  readonly pages: readonly (readonly [area: string, page: Page])[];
  readonly dropped: readonly string[];
  readonly directory: readonly DirectoryEntry[];
  readonly findings: readonly Finding[];
  readonly leases: readonly Lease[];
  readonly reference: string;
  readonly minVersion: string;
  /** Opens the attachments, for a while; null where nobody is at work. */
  readonly token: string | null;
  readonly order: SignedBytes | null;
  readonly shown: readonly Shown[];
  /** Areas that the reader may see by now and did not ask for. */
  readonly added: readonly string[];
  /** The highest number that the office has seen of this device. */
  readonly lastNumber: number;
  readonly opened: readonly BundleOutcome[];
}
