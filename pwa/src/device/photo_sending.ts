/**
 * Sends the photos of sealed dossiers, after the text: one at a time, each from where the office's
 * copy of it ends.
 *
 * 1. A photo goes only when the office has the change that names it, for the person who named it.
 * 2. What is wrong with one photo never keeps the others from being sent.
 * 3. What is wrong with the line ends the round; the sender comes back to it.
 */
import type { StoredPhoto } from '../store/photo';
import type { Store, StoredDevice } from '../store/port';
import { ATTACHMENT_PIECE_BYTES_MAX } from '../sync/limits';
import { decodeState, shown } from '../sync/record';
import { digestOf } from './darkroom';
import { isWaiting } from './photos';
import type { Topic, Trouble } from './outcomes';
import type { PieceSizes, World } from './world';
import { type UploadOutcome, upload } from './uploading';

const PIECES: PieceSizes = {
  min: 32 * 1024,
  start: 256 * 1024,
  max: ATTACHMENT_PIECE_BYTES_MAX >> 2,
};
/** A piece that took longer than this is too large for the line. */
const PIECE_SLOW_MS = 8_000;
/** A photo is begun anew so often in one round, then left for the next. */
const TRIES_MAX = 3;

/** How much goes in one piece: what a cut costs at most. */
export class PiecePace {
  bytes: number;
  private readonly sizes: PieceSizes;

  constructor(sizes: PieceSizes = PIECES) {
    this.sizes = sizes;
    this.bytes = sizes.start;
  }

  slower(): void {
    this.bytes = Math.max(this.sizes.min, this.bytes >> 2);
  }

  faster(): void {
    this.bytes = Math.min(this.sizes.max, this.bytes * 2);
  }
}

export type PhotosOutcome =
  | { readonly kind: 'done'; readonly sent: number }
  /** The hour of the token is over: an exchange gives another. */
  | { readonly kind: 'no-token' }
  | { readonly kind: 'interrupted' }
  | Trouble;

export interface PhotoRound {
  readonly token: string;
  readonly pace: PiecePace;
  /** False when the person has switched sending off, or when text is waiting. */
  readonly goesOn: () => boolean;
  readonly heard: (topic: Topic) => void;
}

export async function sendPhotos(world: World, round: PhotoRound): Promise<PhotosOutcome> {
  const device = await world.store.device();
  if (device === null) return { kind: 'done', sent: 0 };
  let sent = 0;
  for (const photo of await photosDue(world.store, device)) {
    if (!round.goesOn()) return { kind: 'interrupted' };
    const outcome = await sendOne(world, device, photo, round);
    round.heard('photos');
    if (outcome === 'held') sent += 1;
    else if (outcome !== null) return outcome;
  }
  return { kind: 'done', sent };
}

/** What can go now: what the office waits for first, then what was begun, then the oldest. */
async function photosDue(store: Store, device: StoredDevice): Promise<StoredPhoto[]> {
  const seats = await store.seats();
  const staff = seats.find(({ seat }) => seat === device.seat)?.person.staff;
  // Of the person at work; a phone that hands in speaks for all of its people.
  const isRevoked = device.status === 'revoked';
  const own = new Set(
    seats
      .filter((seat) => (isRevoked ? seat.device === device.device : seat.person.staff === staff))
      .map(({ seat }) => seat),
  );
  const unsent = await store.unsent();
  const due = (await store.photos.all()).filter(
    (photo) =>
      (isWaiting(photo) || isLostAgain(photo, device)) &&
      own.has(photo.seat) &&
      !unsent.some(({ seat, seq }) => seat === photo.seat && seq === photo.seq),
  );
  const ranks = new Map<string, number>();
  for (const { record } of due) ranks.set(record, await rankOf(store, record));
  const rank = ({ record, upload: begun }: StoredPhoto): number =>
    (ranks.get(record) ?? 0) + (begun === null ? 1 : 0);
  return due.sort((one, other) => rank(one) - rank(other) || one.seq - other.seq);
}

/** The office was put back to an earlier day: it may have lost what it had. */
function isLostAgain({ stage, hasBytes, heldEpoch }: StoredPhoto, device: StoredDevice): boolean {
  return stage === 'held' && hasBytes && heldEpoch !== device.epoch;
}

async function rankOf(store: Store, record: string): Promise<number> {
  const stored = await store.record(record);
  if (stored === null) return 2;
  return shown(decodeState(stored.state), 'status') === 'more_needed' ? 0 : 2;
}

/** `held`, or null: on to the next one. */
async function sendOne(
  world: World,
  device: StoredDevice,
  photo: StoredPhoto,
  round: PhotoRound,
): Promise<'held' | Exclude<PhotosOutcome, { kind: 'done' }> | null> {
  const { store, clock, photos: tools } = world;
  const bytes = await store.photos.bytes(photo.id, 'whole');
  if (bytes === null || (await digestOf(bytes)) !== photo.digest) {
    await store.photos.change(photo.id, { stage: 'refused', refusal: 'damaged-here' });
    return null;
  }
  let now = photo;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    let since = clock.now();
    const outcome = await upload({
      ...{ tools, token: round.token, photo: now, bytes, pieceBytes: round.pace.bytes },
      goesOn: round.goesOn,
      told: async (address, offset) => {
        if (clock.now() - since > PIECE_SLOW_MS) round.pace.slower();
        else if (offset > (now.upload?.offset ?? 0)) round.pace.faster();
        since = clock.now();
        now = { ...now, upload: { address, offset } };
        await store.photos.change(photo.id, { upload: now.upload });
        round.heard('photos');
      },
    });
    const next = await conclude(store, device, now, outcome, clock.now() + device.skewMs, tries);
    if (next !== 'again') {
      if (outcome.kind === 'offline' || outcome.kind === 'slow') round.pace.slower();
      return next;
    }
    if (outcome.kind !== 'elsewhere-ends') now = { ...now, upload: null };
  }
  return null;
}

async function conclude(
  store: Store,
  device: StoredDevice,
  photo: StoredPhoto,
  outcome: UploadOutcome,
  officeTime: number,
  tries: number,
): Promise<'again' | 'held' | Exclude<PhotosOutcome, { kind: 'done' }> | null> {
  const { id } = photo;
  switch (outcome.kind) {
    case 'held': {
      const seat = (await store.seats()).find((one) => one.seat === photo.seat);
      const held = { heldAt: officeTime, heldEpoch: device.epoch, heldLast: seat?.last ?? 0 };
      await store.photos.change(id, { ...held, stage: 'held', upload: null });
      await store.photos.forgetUnknown(id);
      return 'held';
    }
    case 'refused-content':
      await store.photos.change(id, {
        ...{ stage: 'refused', refusal: 'refused-by-office', upload: null },
      });
      return null;
    case 'wrong-bytes':
      await store.photos.change(id, { upload: null });
      // Once more; a line that spoils bytes twice will do so a third time.
      return tries === 0 ? 'again' : null;
    case 'gone':
      await store.photos.change(id, { upload: null });
      return 'again';
    case 'elsewhere-ends':
      return 'again';
    case 'unknown':
      // Asked again in every round: the dossier may be given back to this person.
      await store.photos.change(id, { unknownSince: photo.unknownSince ?? officeTime });
      return null;
    default:
      return outcome;
  }
}
