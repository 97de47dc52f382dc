/**
 * Being woken by the office: one subscription of this browser, for those people who wish it.
 *
 * 1. The browser asks its own question only after a person has said yes to ours.
 * 2. The office hears of it in a signed wish, and sends a kind and no more; whose it is stays here.
 * 3. To end it needs no vault and no network: without the browser's subscription nothing comes.
 */
import type { Store, StoredDevice, StoredSeat } from '../store/port';
import { type Bytes, hex } from '../sync/bytes';
import { sealEnvelope } from '../sync/exchange';
import {
  type PushAddress,
  type PushResponse,
  type PushWish,
  readPushResponse,
  writePushRequest,
} from '../sync/push';
import { signerOf } from './keys';
import { ask, readOrUntrusted } from './office';
import type { PushOutcome, PushState, Trouble } from './outcomes';
import type { Pushes } from './port';
import type { PushBrowser, World } from './world';

const TIMEOUT_MS = 20_000;

type Answered = PushResponse | Trouble | { readonly kind: 'not-enrolled' };

export function pushesOf(world: World, browser: PushBrowser): Pushes {
  return {
    state: async () => await stateOf(world, browser),
    turnOn: async () => await turnOn(world, browser),
    turnOff: async () => await turnOff(world, browser),
    mind: async (thoroughly) => {
      await mind(world, browser, thoroughly);
    },
  };
}

async function stateOf({ store }: World, browser: PushBrowser): Promise<PushState> {
  const permission = browser.permission();
  if (permission === 'none') return 'unavailable';
  if (permission === 'denied') return 'refused';
  const device = await store.device();
  const mine = await seatsOfReader(store, device);
  const isOn = (device?.push?.seats ?? []).some((seat) => mine.has(seat));
  if (permission === 'granted' && isOn && (await browser.current()) !== null) return 'on';
  return permission === 'default' ? 'not-asked' : 'off';
}

/** To be called from a press of a button: browsers ask their question only then. */
async function turnOn(world: World, browser: PushBrowser): Promise<PushOutcome> {
  const permission = await browser.ask();
  if (permission === 'none') return { kind: 'unavailable' };
  if (permission === 'denied') return { kind: 'refused-by-browser' };
  if (permission === 'default') return { kind: 'not-answered' };
  const reader = await readerOf(world);
  if (reader === null) return { kind: 'locked' };
  const asked = await tell(world, 'ask', reader, null);
  if ('kind' in asked) return asked;
  if (asked.key.length === 0) return { kind: 'not-offered' };
  const address = await browser.subscribe(asked.key);
  if (typeof address === 'string') return { kind: address };
  const answer = await tell(world, 'on', reader, address);
  if ('kind' in answer) return answer;
  await keep(world, address, asked.key, answer.seats);
  return answer.seats.includes(reader.seat) ? { kind: 'on' } : { kind: 'not-offered' };
}

/** Ends it for the person at work; the browser's own subscription with the last of them. */
async function turnOff(world: World, browser: PushBrowser): Promise<PushOutcome> {
  const device = await world.store.device();
  if (device === null) return { kind: 'not-enrolled' };
  const mine = await seatsOfReader(world.store, device);
  const told = device.push?.seats ?? [];
  const others = told.filter((seat) => !mine.has(seat));
  // Without a subscription nothing comes, whether the office hears of it today or not.
  if (others.length === 0) await browser.unsubscribe();
  for (const seat of told.filter((one) => mine.has(one))) {
    const answer = await tell(world, 'off', { seat, keys: null }, null);
    if ('kind' in answer && others.length > 0) return answer;
  }
  await world.store.changeDevice((now) => {
    if (now.push === undefined || others.length === 0) return withoutPush(now);
    return { ...now, push: { ...now.push, seats: others } };
  });
  return { kind: 'off' };
}

/**
 * Tells the office what has changed without anybody's doing: another address, or none any more;
 * `thoroughly` also asks whether the office still knows.
 */
async function mind(world: World, browser: PushBrowser, thoroughly: boolean): Promise<void> {
  const device = await world.store.device();
  if (device?.push === undefined) return;
  const { endpoint, key, seats } = device.push;
  const current = browser.permission() === 'granted' ? await browser.current() : null;
  if (current === 'unknown') return;
  if (current === null) {
    // The browser took it away; nobody is asked again without wishing it.
    await world.store.changeDevice(withoutPush);
    await tell(world, 'off', null, null);
    return;
  }
  const hasMoved = current.endpoint !== endpoint;
  if (!hasMoved && !thoroughly) return;
  const heard = await tell(world, hasMoved ? 'move' : 'ask', null, hasMoved ? current : null);
  if ('kind' in heard || heard.key.length === 0) return;
  const isBound = hex(heard.key) === key;
  const address = isBound ? current : await browser.subscribe(heard.key);
  if (typeof address === 'string') return;
  const reader = await readerOf(world);
  const mine = await seatsOfReader(world.store, device);
  const others = seats.filter((seat) => !mine.has(seat));
  const isMissing = others.length < seats.length && reader !== null && !heard.seats.includes(reader.seat);
  if (!isMissing) {
    await keep(world, address, heard.key, seats);
    return;
  }
  // Others are told of again when they are at work themselves.
  const told = await tell(world, 'on', reader, address);
  if (!('kind' in told)) await keep(world, address, heard.key, [...others, reader.seat]);
}

function withoutPush(device: StoredDevice): StoredDevice {
  const { push, ...rest } = device;
  return push === undefined ? device : rest;
}

async function keep(world: World, address: PushAddress, key: Bytes, seats: readonly number[]): Promise<void> {
  const push = { endpoint: address.endpoint, key: hex(key), seats: [...seats] };
  await world.store.changeDevice((now) => ({ ...now, push }));
}

async function readerOf({ store }: World): Promise<Signing | null> {
  const device = await store.device();
  const seat = (await store.seats()).find((one) => one.seat === device?.seat);
  return seat === undefined || seat.keys === null ? null : { seat: seat.seat, keys: seat.keys };
}

/** Whoever signed in anew has several: what was wished under one holds. */
async function seatsOfReader(store: Store, device: StoredDevice | null): Promise<ReadonlySet<number>> {
  const seats = await store.seats();
  const staff = seats.find(({ seat }) => seat === device?.seat)?.person.staff;
  return new Set(seats.filter(({ person }) => person.staff === staff).map(({ seat }) => seat));
}

/** For whom, and with their signature where it is needed and their vault is open. */
interface Signing {
  readonly seat: number;
  readonly keys: StoredSeat['keys'];
}

async function tell(
  world: World,
  wish: PushWish,
  reader: Signing | null,
  push: PushAddress | null,
): Promise<Answered> {
  const { store, clock } = world;
  const device = await store.changeDevice((now) => ({ ...now, lastNumber: now.lastNumber + 1 }));
  if (device === null) return { kind: 'not-enrolled' };
  const own = { office: device.office, device: device.device, number: device.lastNumber };
  const time = clock.now() + device.skewMs;
  const message = writePushRequest({ ...own, time, wish, seat: reader?.seat ?? null, push });
  const seatKeys = reader?.keys ?? null;
  const seatSign = seatKeys === null ? undefined : signerOf(seatKeys);
  const body = await sealEnvelope(message, signerOf(device.keys), seatSign);
  const request = { method: 'POST', path: '/sync/push', body, timeoutMs: TIMEOUT_MS } as const;
  const answer = await ask(world, request, 'response', () => device.officeKey);
  if (answer.kind === 'not-modified') return { kind: 'untrusted' };
  if (answer.kind !== 'answer') return answer;
  const response = readOrUntrusted(() => readPushResponse(answer.message));
  if ('kind' in response) return response;
  return isOurs(response, device) ? response : { kind: 'untrusted' };
}

function isOurs(response: PushResponse, device: StoredDevice): boolean {
  const { office, number } = response;
  return office === device.office && response.device === device.device && number === device.lastNumber;
}
