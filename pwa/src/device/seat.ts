/** A person signs in on this phone, once: a key and a log of their own. */
import * as chain from '../sync/chain';
import { START } from '../sync/clock';
import { readSeatResponse, sealEnvelope, writeSeatRequest } from '../sync/exchange';
import { newKeys, publicBytes, signerOf } from './keys';
import { ask, readOrUntrusted } from './office';
import type { SignInOutcome, World } from './port';
import { continuationFor, nameOldLog } from './renewal';
import { keeping } from './trouble';

const TIMEOUT_MS = 30_000;
const NEW = { trouble: null, continuedBy: null, isClosed: false, dropped: 0 } as const;

export async function signIn(world: World, staff: string, secret: string): Promise<SignInOutcome> {
  return await keeping(async () => await signInKept(world, staff, secret));
}

async function signInKept(world: World, staff: string, secret: string): Promise<SignInOutcome> {
  const { store, net, clock } = world;
  const device = await store.changeDevice((now) => ({ ...now, lastNumber: now.lastNumber + 1 }));
  if (device === null) return { kind: 'not-enrolled' };
  const keys = await newKeys();
  const publicKey = await publicBytes(keys);
  const address = { office: device.office, device: device.device, number: device.lastNumber };
  const message = writeSeatRequest({
    ...address,
    time: clock.now() + device.skewMs,
    staff: staff.trim().normalize('NFC'),
    secret: secret.normalize('NFC'),
    publicKey,
  });
  const body = await sealEnvelope(message, signerOf(device.keys), signerOf(keys));
  const request = { method: 'POST', path: '/sync/seats', body, timeoutMs: TIMEOUT_MS } as const;
  const answer = await ask(net, request, 'response', () => device.officeKey);
  if (answer.kind === 'not-modified') return { kind: 'untrusted' };
  if (answer.kind !== 'answer') return answer;
  const response = readOrUntrusted(() => readSeatResponse(answer.message));
  if ('kind' in response) return response;
  if (response.number !== address.number || response.device !== address.device) {
    return { kind: 'untrusted' };
  }
  const { seat, person, areas } = response;
  const certificate = response.certificate ?? undefined;
  const head = chain.start(publicKey);
  const continues = await continuationFor(world, person.staff);
  const log = { last: 0, head, at: START, continues, certificate };
  const made = { seat, device: device.device, keys, publicKey, person, areas, ...log };
  await store.addSeat(made);
  if (continues !== null) await nameOldLog(world, { ...made, ...NEW });
  return { kind: 'signed-in', seat, person, areas };
}
