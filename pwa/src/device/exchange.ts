/**
 * The exchange: rounds of one request and its answer until both sides have everything.
 *
 * Each round keeps what it brought before the next begins, so a link that dies in between costs
 * only the round it died in.
 */
import { type Store, feedOf } from '../store/port';
import type { Bytes } from '../sync/bytes';
import { type ExchangeResponse, readExchangeResponse } from '../sync/exchange';
import type { Wiping } from '../sync/order';
import { unpackPages } from '../sync/page';
import { Refusal } from '../sync/refusals';
import { bundlesToSend, dropOldBundles, offerAgain, takeOutcomes } from './carrying';
import { takeLeases } from './codes';
import { heedErasures } from './erasing';
import { withFindings } from './findings';
import { inflate } from './inflating';
import { ask } from './office';
import { letOldGo } from './leaving';
import { dropArea, offerMissing, takePage } from './pages';
import { retoldLogs } from './own_log';
import { isLost, keepPapers, lacksSeat } from './papers';
import type { ExchangeOutcome, Topic, Trouble } from './outcomes';
import type { World } from './world';
import { takeReceipts } from './receipts';
import { pruneLogs } from './pruning';
import { carryOver, hasToCarry } from './renewal';
import { type Pace, type Request, makeRequest } from './request';
import { keeping } from './trouble';
import { heedOrder, wipeIfDue } from './wiping';

const TIMEOUT_MS = 60_000;
/** A phone that was away for a season; beyond it, the sender simply starts anew. */
const ROUNDS_MAX = 200;

interface Round {
  readonly kind: 'round';
  readonly received: number;
  readonly records: number;
  readonly more: boolean;
  /** What the phone is ordered to do. */
  readonly wiping: Wiping | null;
  /** The seat for which all pages have come by now; null while some are missing. */
  readonly completeFor: number | null;
  readonly token: string | null;
  /** The etag of the office's reference data. */
  readonly reference: string;
}

/** `heard` is told what changed, as it is kept; `token` the newest key to attachments, if any. */
export async function exchange(
  world: World,
  pace: Pace,
  heard: (topic: Topic) => void,
  reference: (etag: string) => Promise<void>,
  token: (token: string) => void,
): Promise<ExchangeOutcome> {
  return await keeping(async (): Promise<ExchangeOutcome> => {
    let [received, records] = [0, 0];
    pace.tried.clear();
    if (world.store.damage().records.length > 0) {
      const { askAgain } = await import('./mending');
      await askAgain(world);
    }
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
      const round = await exchangeRound(world, pace, heard);
      if (round.kind !== 'round') return round;
      if (await wipeIfDueNow(world, round, heard)) return { kind: 'wiped' };
      if (round.token !== null) token(round.token);
      received += round.received;
      records += round.records;
      if (!round.more && !(await goOn(world, round, heard))) {
        await reference(round.reference);
        await pruneLogs(world);
        if ((await letOldGo(world)) > 0) heard('records');
        return { kind: 'done', received, records, photos: 0, more: false };
      }
    }
    return { kind: 'done', received, records, photos: 0, more: true };
  });
}

/** An order to wipe at once is done at once; one to hand in, when nothing more can go up. */
async function wipeIfDueNow(
  world: World,
  round: Round,
  heard: (topic: Topic) => void,
): Promise<boolean> {
  return (round.wiping === 'now' || !round.more) && (await wipeIfDue(world, heard));
}

/** Carries over what a new seat goes on from, now that all has come; whether there is more to send. */
async function goOn(
  world: World,
  { completeFor }: Round,
  heard: (topic: Topic) => void,
): Promise<boolean> {
  if (completeFor === null) return false;
  const seats = await world.store.seats();
  const seat = seats.find((one) => one.seat === completeFor);
  if (seat === undefined || !hasToCarry(seat, seats)) return false;
  const carried = await carryOver(world, completeFor);
  heard('seats');
  heard('records');
  return carried > 0;
}

type RoundOutcome = Round | Exclude<ExchangeOutcome, { kind: 'done' }>;

async function exchangeRound(
  world: World,
  pace: Pace,
  heard: (topic: Topic) => void,
): Promise<RoundOutcome> {
  const { store } = world;
  const request = await makeRequest(world, pace);
  if (request === null) return { kind: 'not-enrolled' };
  const { device, body } = request;
  const asked = { method: 'POST', path: '/sync/exchange', body, gzip: true } as const;
  const answer = await ask(
    world,
    { ...asked, timeoutMs: TIMEOUT_MS },
    'response',
    () => device.officeKey,
  );
  if (answer.kind === 'not-modified') return { kind: 'untrusted' };
  if (answer.kind === 'refused' && answer.code === 'too-many-requests') {
    return { kind: 'busy', retryAfterSeconds: answer.retryAfterSeconds };
  }
  if (answer.kind !== 'answer') {
    if (isTooMuch(answer)) pace.slower();
    await noteRefusal(world, answer, heard);
    const isUnknown = answer.kind === 'refused' && (await isLost(store, request, answer.code));
    return isUnknown ? SHOW_PAPERS : answer;
  }
  try {
    return await read(world, request, answer.message, pace, heard);
  } catch (refusal) {
    // What the office signed, and yet cannot be read here, changes nothing either.
    if (refusal instanceof Refusal) return { kind: 'untrusted' };
    throw refusal;
  }
}

/** The next round shows every paper that this phone has. */
const SHOW_PAPERS: Round = {
  kind: 'round',
  received: 0,
  records: 0,
  more: true,
  completeFor: null,
  wiping: null,
  token: null,
  reference: '',
};

async function read(
  world: World,
  request: Request,
  message: Bytes,
  pace: Pace,
  heard: (topic: Topic) => void,
): Promise<RoundOutcome> {
  const response = await unpackPages(readExchangeResponse(message), inflate);
  if (!isForUs(request, response)) return { kind: 'untrusted' };
  pace.faster();
  return await take(world, request, response, pace, heard);
}

const NO_ANSWER: ReadonlySet<Trouble['kind']> = new Set(['slow', 'offline', 'unreachable', 'wrong-date']);

/** Whether less at once might have come through. */
function isTooMuch(trouble: Trouble): boolean {
  if (trouble.kind === 'refused') return trouble.code === 'too-large';
  return NO_ANSWER.has(trouble.kind);
}

/** An answer to another request, even one that the office did sign, changes nothing here. */
function isForUs({ device }: Request, response: ExchangeResponse): boolean {
  return (
    response.office === device.office &&
    response.device === device.device &&
    response.number === device.lastNumber
  );
}

async function take(
  world: World,
  request: Request,
  response: ExchangeResponse,
  pace: Pace,
  heard: (topic: Topic) => void,
): Promise<Round> {
  const { store, clock } = world;
  // A new epoch numbers its feeds anew: cursors go, data stays, and pages are asked for again.
  const isNewEpoch = response.epoch !== request.device.epoch;
  if (isNewEpoch) {
    await store.forgetCursors();
    await offerAgain(store);
  }
  const { received, isAnew } = await takeReceipts(store, request, response, pace);
  if (await troubleHasChanged(store, request)) heard('seats');
  const brought = await takeOutcomes(store, request.sealed, response);
  for (const { digest } of request.sealed) pace.tried.add(digest);
  await dropOldBundles(store, response.time);
  await store.dropOffers(request.offers);
  // Lists of a lost life are shown before newer ones take their place.
  if (!isNewEpoch) await keepPapers(store, request.device, response.shown);
  const papersDue = isNewEpoch || lacksSeat(request, response.refusals);
  if (response.directory.length > 0) await store.saveDirectory(response.directory);
  const pages = isNewEpoch || isAnew
    ? { records: 0, more: true, completeFor: null }
    : await takePages(world, request, response);
  const hasErased = await heedErasures(world, request.device, response);
  await heedOrder(world, request.device, response);
  const { reader } = request;
  const hasLeases =
    reader !== null && (await takeLeases(store, reader.seat, request.leases, response));
  if (hasLeases) heard('seats');
  const device = await store.changeDevice((now) => ({
    ...(reader === null || isNewEpoch ? now : withFindings(now, reader.seat, response.findings)),
    minVersion: response.minVersion,
    papersDue,
    epoch: response.epoch,
    // A copy of this phone may have asked meanwhile, or this one was put back to an old state.
    lastNumber: Math.max(now.lastNumber, response.lastNumber),
    lastExchangeAt: response.time,
    skewMs: response.time - clock.now(),
  }));
  heard('device');
  heard('receipts');
  if (response.added.length + response.dropped.length > 0) heard('seats');
  if (request.sealed.length > 0) heard('bundles');
  if (hasErased || pages.records > 0 || response.directory.length > 0) heard('records');
  // Without progress there is no next round: whatever stands in the way needs time, or people.
  const goesOn = received > 0 || brought > 0 || pace.again.size > 0;
  const more =
    papersDue ||
    pages.more ||
    response.lastNumber > request.device.lastNumber ||
    (await bundlesToSend(store, pace.tried, 0)).length > 0 ||
    (goesOn && (await hasSendable(world)));
  const { records, completeFor } = pages;
  const wiping = device?.order?.action ?? null;
  const { reference, token } = response;
  return { kind: 'round', received, records, more, completeFor, wiping, token, reference };
}

/** Whether a log of this phone can no longer be sent on, or can again. */
async function troubleHasChanged(store: Store, { seats }: Request): Promise<boolean> {
  const before = new Map(seats.map(({ seat, trouble }) => [seat, trouble]));
  const now = (await store.seats()).filter(({ seat }) => before.has(seat));
  return now.some(({ seat, trouble }) => before.get(seat) !== trouble);
}

async function takePages(
  { store }: World,
  { device, reader, offers, showsAll }: Request,
  response: ExchangeResponse,
): Promise<Pick<Round, 'records' | 'more' | 'completeFor'>> {
  if (reader === null) return { records: 0, more: false, completeFor: null };
  const asking = { reader, readAnew: device.readAnew ?? 0 };
  let [records, more, missed] = [0, false, false];
  for (const [area, page] of response.pages) {
    const changed = await takePage(store, asking, area, page, response.epoch);
    records += changed?.length ?? 0;
    missed ||= changed === null;
    more ||= page.more && page.entries.length > 0;
  }
  more ||= missed;
  for (const area of response.dropped) {
    records += (await dropArea(store, reader, area)).length;
  }
  const { dropped } = response;
  const added = response.added.filter((area) => !reader.areas.includes(area));
  if (dropped.length + added.length > 0) {
    const kept = reader.areas.filter((area) => !dropped.includes(area));
    await store.changeSeat(reader.seat, { areas: [...kept, ...added] });
  }
  const pages = new Map(response.pages);
  // A device that is revoked gets no pages any more: what waits for them goes up as it is.
  const isComplete =
    response.order !== null ||
    (!missed &&
      added.length === 0 &&
      reader.areas.every((area) => dropped.includes(area) || pages.get(area)?.more === false));
  // What the reader may see from now on is asked for at once.
  more ||= added.length > 0;
  // Papers that were shown may have made the office know the reader a moment ago.
  more ||= showsAll;
  if (!missed && response.pages.length > 0 && !response.pages.some(([, page]) => page.more)) {
    const read = new Set(response.pages.map(([area]) => feedOf(reader.seat, area)));
    more ||= (await offerMissing(store, read, response.epoch)) > 0;
  }
  more ||= offers.length > 0 && (await store.offers(1, 1)).length > 0;
  return { records, more, completeFor: isComplete ? reader.seat : null };
}

async function hasSendable({ store }: World): Promise<boolean> {
  const device = await store.device();
  const seats = await store.seats();
  const sendable = seats.filter((seat) => seat.trouble === null && seat.device === device?.device);
  const unsent = await store.unsent();
  if (device !== null && (await retoldLogs(store, device)).length > 0) return true;
  return sendable.some(({ seat }) => unsent.some((one) => one.seat === seat));
}

async function noteRefusal(
  { store }: World,
  trouble: Trouble,
  heard: (topic: Topic) => void,
): Promise<void> {
  if (trouble.kind !== 'refused') return;
  const status = STATUS_BY_CODE.get(trouble.code);
  if (status === undefined) return;
  await store.changeDevice((now) => ({ ...now, status }));
  heard('device');
}

const STATUS_BY_CODE = new Map([
  ['device-unconfirmed', 'pending'],
  ['device-refused', 'refused'],
  ['device-revoked', 'revoked'],
] as const) as ReadonlyMap<string, 'pending' | 'refused' | 'revoked'>;
