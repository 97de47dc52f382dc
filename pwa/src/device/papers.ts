/**
 * What the office signed for this phone: kept, and shown to an office that may have lost it.
 *
 * All papers go up once after a new epoch, and where the office does not know the phone or a seat;
 * until the desk's confirmation is on paper, the enrolment goes up each time, to be exchanged.
 */
import type { ListPurpose, SeatChange, Store, StoredDevice, StoredSeat } from '../store/port';
import { EXCHANGE_SHOWN_MAX } from '../sync/limits';
import type { BatchRefusal, ListsHeld, Shown, SignedBytes } from '../sync/messages';
import { isConfirmed, numberOf, seatOf } from '../sync/papers';
import { Refusal } from '../sync/refusals';
import { requireSignature } from '../sync/signature';
import { verify } from './keys';

const LISTS: readonly ListPurpose[] = ['revocations', 'erasures'];

export function papersOf(device: StoredDevice, seats: readonly StoredSeat[]): readonly Shown[] {
  const enrolment = { purpose: 'enrolment', ...signed(device.enrolment) };
  if (device.papersDue !== true) {
    return isConfirmed(device.enrolment.message) ? [] : [enrolment];
  }
  const certificates = seats.flatMap(({ certificate }) =>
    certificate === undefined ? [] : [{ purpose: 'certificate', ...signed(certificate) }],
  );
  const lists = LISTS.flatMap((purpose) => {
    const list = device.lists?.[purpose];
    return list === undefined ? [] : [{ purpose, ...signed(list) }];
  });
  return [enrolment, ...lists, ...certificates].slice(0, EXCHANGE_SHOWN_MAX);
}

export function listsOf({ lists }: StoredDevice): ListsHeld {
  const numberIn = (list: SignedBytes | undefined): number =>
    list === undefined ? 0 : numberOf(list.message);
  return { revocations: numberIn(lists?.revocations), erasures: numberIn(lists?.erasures) };
}

/**
 * Whether a refusal says that the office has lost this phone, and has not been shown its papers
 * yet; the next request then shows them.
 */
export async function isLost(
  store: Store,
  { device, showsAll }: { readonly device: StoredDevice; readonly showsAll: boolean },
  code: string,
): Promise<boolean> {
  const isUnknown =
    code === 'unknown-device' ||
    (code === 'device-unconfirmed' && isConfirmed(device.enrolment.message));
  if (showsAll || !isUnknown) return false;
  await store.changeDevice((now) => ({ ...now, papersDue: true }));
  return true;
}

/** Whether the office does not know a seat whose certificate it has not been shown yet. */
export function lacksSeat(
  { seats, showsAll }: { readonly seats: readonly StoredSeat[]; readonly showsAll: boolean },
  refusals: readonly BatchRefusal[],
): boolean {
  if (showsAll) return false;
  const unknown = refusals.filter(({ code }) => code === 'unknown-seat').map(({ seat }) => seat);
  return seats.some((one) => one.certificate !== undefined && unknown.includes(one.seat));
}

/** Keeps what the office signed; what it did not sign, or cannot be read, changes nothing. */
export async function keepPapers(
  store: Store,
  device: StoredDevice,
  shown: readonly Shown[],
): Promise<void> {
  for (const paper of shown) {
    try {
      await keepPaper(store, device, paper);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
    }
  }
}

async function keepPaper(store: Store, device: StoredDevice, paper: Shown): Promise<void> {
  const { purpose } = paper;
  if (purpose !== 'enrolment' && purpose !== 'certificate' && !isListPurpose(purpose)) return;
  await requireSignature(verify, device.officeKey, purpose, paper.message, paper.signature);
  if (purpose === 'enrolment') {
    if (!isConfirmed(paper.message)) return;
    await store.changeDevice((now) => ({ ...now, enrolment: signed(paper) }));
  } else if (purpose === 'certificate') {
    const change: SeatChange = { certificate: signed(paper) };
    await store.changeSeat(seatOf(paper.message), change);
  } else {
    const number = numberOf(paper.message);
    await store.changeDevice((now) => {
      if (listsOf(now)[purpose] >= number) return now;
      return { ...now, lists: { ...now.lists, [purpose]: signed(paper) } };
    });
  }
}

function isListPurpose(purpose: string): purpose is ListPurpose {
  return LISTS.some((one) => one === purpose);
}

function signed({ message, signature }: SignedBytes): SignedBytes {
  return { message, signature };
}
