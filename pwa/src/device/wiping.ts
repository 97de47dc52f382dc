/**
 * What a revoked phone makes of an order of its office (`docs/protocol.md`, part 6.3).
 *
 * 1. Only an order that holds changes anything: signed, for this phone, newer than the last.
 * 2. `hand-in` wipes only what receipts cover. It waits as long as it takes.
 * 3. What was begun is ended, also after a crash: the mark in the store says so.
 */
import { sealEnvelope, writeExchangeRequest } from '../sync/exchange';
import type { ExchangeResponse } from '../sync/messages';
import { findAction, isFor, openOrder } from '../sync/order';
import type { StoredDevice } from '../store/port';
import { signerOf, verify } from './keys';
import { ask } from './office';
import type { Topic } from './outcomes';
import type { World } from './world';

const LAST_WORD_TIMEOUT_MS = 10_000;
const ALL: readonly Topic[] = ['seats', 'drafts', 'records', 'receipts', 'reference', 'device'];

/** Keeps what an answer says of this phone's rights, and the order in it if it is to be heeded. */
export async function heedOrder(
  { store }: World,
  device: StoredDevice,
  response: ExchangeResponse,
): Promise<void> {
  const order =
    response.order === null ? null : await openOrder(verify, response.order, device.officeKey);
  const speaksToUs = order !== null && isFor(order, device.office, device.device);
  await store.changeDevice((now) => {
    if (!speaksToUs) return { ...now, status: 'confirmed' };
    const action = findAction(order, now.order?.number ?? 0);
    if (action === null) return { ...now, status: 'revoked' };
    const { number, time } = order;
    return { ...now, status: 'revoked', order: { number, action, time } };
  });
}

/** Does what the heeded order asks for, if it can be done by now; tells whether it was. */
export async function wipeIfDue(world: World, heard: (topic: Topic) => void): Promise<boolean> {
  const { store, clock } = world;
  const device = await store.device();
  if (device?.order === undefined) return false;
  const { action, time } = device.order;
  const outcome = await store.wipe(action, time, clock.now() + device.skewMs);
  if (outcome !== 'wiped') return false;
  for (const topic of ALL) heard(topic);
  await world.remains.clear();
  await sayLastWord(world, device);
  await store.endWipe();
  heard('device');
  return true;
}

/** Ends a wipe that a crash cut off. Its keys are gone: the office hears nothing more of it. */
export async function endWipe(world: World, heard: (topic: Topic) => void): Promise<void> {
  const mark = await world.store.wiped();
  if (mark === null || mark.isDone) return;
  await world.remains.clear();
  await world.store.endWipe();
  heard('device');
}

/** Says once that it is done: the order's number, and no logs. Nobody waits for an answer. */
async function sayLastWord(world: World, device: StoredDevice): Promise<void> {
  const { clock, appVersion } = world;
  const message = writeExchangeRequest({
    office: device.office,
    device: device.device,
    number: device.lastNumber + 1,
    time: clock.now() + device.skewMs,
    epoch: device.epoch,
    logs: [],
    batches: [],
    seat: null,
    cursors: new Map(),
    want: 0,
    directory: device.directoryUpTo,
    appVersion,
    receipts: [],
    sealed: [],
    offered: [],
    shown: [],
    lists: { revocations: 0, erasures: 0 },
    leases: [],
    order: device.order?.number ?? 0,
  });
  const body = await sealEnvelope(message, signerOf(device.keys));
  const request = { method: 'POST', path: '/sync/exchange', body } as const;
  const timed = { ...request, timeoutMs: LAST_WORD_TIMEOUT_MS };
  await ask(world, timed, 'response', () => device.officeKey);
}
