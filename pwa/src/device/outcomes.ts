/**
 * What may become of a deed. Whatever can go wrong in it has a name; what only reads, or has no
 * outcome, rejects with `StoreUnavailable` or `StoreFull` where the phone's own store fails, else never.
 */
import type { Draft, Person } from '../store/port';
import type { Bytes } from '../sync/bytes';
import type { WrongDate } from './phone_date';
import type { PinFault } from './pin';
export type { VaultLoss } from '../store/port';

/** `cancelled` is also a passkey that is not there, or time that ran out: browsers tell no more. */
export type PasskeyFault = 'cancelled' | 'no-prf' | 'failed';

/** How it stands with being woken, for the person at work. */
export type PushState = 'not-asked' | 'on' | 'off' | 'refused' | 'unavailable';

export type PushOutcome =
  | {
      readonly kind:
        | 'on' | 'off' | 'not-answered' | 'refused-by-browser' | 'no-service' | 'not-offered'
        | 'unavailable' | 'locked' | 'not-enrolled';
    }
  | Trouble;

/** What has changed, so that a view reads again. */
export type Topic =
  | 'device'
  | 'seats'
  | 'drafts'
  | 'records'
  | 'receipts'
  | 'connection'
  | 'reference'
  | 'bundles'
  | 'photos'
  /** Everybody out: pages drop all that they show. */
  | 'locked'
  | 'unlocked';

/** How the phone is connected (UX 1), in the order of the words there. */
export type ConnectionState =
  | 'online'
  | 'weak'
  | 'offline'
  /** There is a network, and no way to the office. */
  | 'unreachable'
  /** The same, and the date of this phone cannot be true: that alone shuts secure connections. */
  | 'wrong-date'
  | 'paused'
  | 'server-error'
  /** It asked to be left alone for a while: nothing is wrong, and nothing is lost. */
  | 'busy'
  | 'sign-in'
  | 'captive';

export interface Connection {
  readonly state: ConnectionState;
  /** The office's time at the last exchange that held, ms; 0 before the first. */
  readonly lastExchangeAt: number;
  readonly sending: boolean;
  /** When the sender tries next by itself, ms; null when it does not. */
  readonly nextTryAt: number | null;
}

/** Why something could not be had from the office. */
export type Trouble =
  | { readonly kind: 'offline' | 'unreachable' }
  | { readonly kind: 'wrong-date'; readonly date: WrongDate }
  | { readonly kind: 'slow' }
  | { readonly kind: 'captive' }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'server-error' }
  /** The office said no; `code` is one of docs/protocol.md, part 7. */
  | { readonly kind: 'refused'; readonly code: string; readonly retryAfterSeconds: number | null }
  /** The answer was whole but not the office's, or not to this request. */
  | { readonly kind: 'untrusted' };

/** Why a write could not be kept. What was on the screen must stay there. */
export type WriteTrouble =
  | { readonly kind: 'store-full' }
  | { readonly kind: 'store-unavailable' }
  /** The change breaks a bound of the protocol (too many fields, a text too long …). */
  | { readonly kind: 'too-large' }
  | { readonly kind: 'not-signed-in' }
  | { readonly kind: 'unknown-record' }
  /** The person has signed in anew, and the office's copy of this record is still to come. */
  | { readonly kind: 'signing-in-anew' }
  /** Photos of the draft are not prepared, or cannot be: a person takes them out or anew. */
  | { readonly kind: 'photos-unready' };

export type EnrolOutcome =
  | {
      readonly kind: 'enrolled';
      readonly device: number;
      readonly officeName: string;
      readonly words: readonly string[];
    }
  | Trouble
  | WriteTrouble;

export type ConfirmationOutcome =
  | { readonly kind: 'pending' | 'confirmed' | 'refused-by-desk' | 'revoked' | 'not-enrolled' }
  | Trouble;

export type SignInOutcome =
  | {
      readonly kind: 'signed-in';
      readonly seat: number;
      readonly person: Person;
      readonly areas: readonly string[];
    }
  | { readonly kind: 'not-enrolled' }
  /** A vault is to be made, and needs a good PIN; the office was not asked. */
  | { readonly kind: 'bad-pin'; readonly fault: PinFault }
  /** The person has a vault here: they open it, or say that it is to be forgotten. */
  | { readonly kind: 'has-vault' }
  /** Somebody else's vault is open: it is locked first. */
  | { readonly kind: 'not-locked' }
  | Trouble
  | WriteTrouble;

/** How somebody who has no vault here begins one; `forgets` an older one with all that is in it. */
export interface FirstPin {
  readonly pin: string;
  readonly forgets: boolean;
}

/** Why a PIN opened nothing. */
export type PinRefusal =
  /** `left`: wrong PINs that cost no waiting yet. */
  | { readonly kind: 'wrong-pin'; readonly left: number }
  | { readonly kind: 'waiting'; readonly until: number };

export type UnlockOutcome =
  | { readonly kind: 'unlocked' }
  | PinRefusal
  | { readonly kind: 'no-vault' | 'has-vault' }
  | { readonly kind: 'bad-pin'; readonly fault: PinFault }
  | { readonly kind: 'passkey'; readonly fault: PasskeyFault }
  | WriteTrouble;

/** What came of changing how one's own open vault is opened. */
export type OpenerOutcome = { readonly kind: 'changed' } | Exclude<UnlockOutcome, { readonly kind: 'unlocked' }>;

export type SaveOutcome = { readonly kind: 'saved'; readonly draft: Draft } | WriteTrouble;

export type HandOutcome =
  | { readonly kind: 'given'; readonly to: string }
  /** The colleague cannot take it (any more); a photo of it does not open. Nothing was moved. */
  | { readonly kind: 'no-colleague' | 'damaged' | 'gone' }
  | WriteTrouble;

export type TakeOutcome =
  | { readonly kind: 'taken' }
  /** It stays where it is; `gone`: another tab was faster. */
  | { readonly kind: 'damaged' | 'photos-damaged' | 'no-area' | 'gone' }
  | WriteTrouble;

export type SealOutcome = { readonly kind: 'sealed'; readonly record: string } | WriteTrouble;

export type ExchangeOutcome =
  /** `received`: changes that now have receipts; `records`: how many records pages changed. */
  | {
      readonly kind: 'done';
      readonly received: number;
      readonly records: number;
      /** Photos that the office now has. */
      readonly photos: number;
      readonly more: boolean;
    }
  | { readonly kind: 'not-enrolled' | 'paused' | 'elsewhere' | 'wiped' }
  | Trouble
  | WriteTrouble;

/** `unsent`: what the office has not acknowledged; `unsafe`: what no backup of it covers yet. */
export type ExportScope = 'unsent' | 'unsafe';

/** How far an export has come, in changes. */
export type Progress = (done: number, all: number) => void;

/** A rescue file, in parts; `changes` are this phone's own, `carried` bundles of others. */
export type ExportOutcome =
  | {
      readonly kind: 'exported';
      readonly parts: readonly Bytes[];
      readonly changes: number;
      readonly carried: number;
      readonly photos: number;
      /** How many photos are too large for a file. */
      readonly photosLeft: number;
    }
  | { readonly kind: 'nothing' | 'not-enrolled' | 'no-key' }
  | WriteTrouble;

/** `known` were here before; `foreign` are for another office. `isWhole`: the file was not cut. */
export type ImportOutcome =
  | {
      readonly kind: 'imported';
      readonly added: number;
      readonly known: number;
      readonly foreign: number;
      readonly broken: number;
      readonly isWhole: boolean;
    }
  | { readonly kind: 'no-rescue-file' }
  | { readonly kind: 'not-enrolled' }
  | WriteTrouble;

/** A bundle of another phone that this one carries. */
export interface Carried {
  readonly digest: string;
  readonly bytes: number;
  readonly addedAt: number;
  readonly heldAt: number | null;
  /** Why the office has not taken it; empty where it has, or was not asked yet. */
  readonly code: string;
}

export type LockOutcome =
  | { readonly kind: 'sealed'; readonly changes: number }
  | { readonly kind: 'not-enrolled' | 'no-key' }
  | WriteTrouble;
