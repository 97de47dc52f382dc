/** A person signs in on this phone, once: a key and a log of their own. */
import * as chain from '../sync/chain';
import { START } from '../sync/clock';
import { readSeatResponse, sealEnvelope, writeSeatRequest } from '../sync/exchange';
import { newKeys, publicBytes, signerOf } from './keys';
import { ask, readOrUntrusted } from './office';
import { faultOfPin } from './pin';
import type { FirstPin, SignInOutcome } from './outcomes';
import type { World } from './world';
import { continuationFor, nameOldLog } from './renewal';
import { keeping } from './trouble';
import { type NewVault, makeVault } from './vault_keys';
import type { NewSeat } from '../store/port';

const TIMEOUT_MS = 30_000;

export async function signIn(
  world: World,
  staff: string,
  secret: string,
  first: FirstPin | null,
): Promise<SignInOutcome> {
  return await keeping(async () => {
    const name = staff.trim().normalize('NFC');
    const vault = await vaultFor(world, name, first);
    if ('kind' in vault) return vault;
    return await signInKept(world, name, secret, vault);
  });
}

/** Where a new seat's key goes: `made` comes with the seat, and takes the place of `forgets`. */
interface SeatVault {
  readonly made: NewVault | null;
  readonly forgets: string | null;
}

/** Decided before the office is asked: what cannot be kept is not asked for. */
async function vaultFor(
  { store, vaults, random }: World,
  staff: string,
  first: FirstPin | null,
): Promise<SeatVault | SignInOutcome> {
  if (vaults === null) return { made: null, forgets: null };
  const old = (await store.vaults.all()).find((one) => one.staff === staff) ?? null;
  const { vault: open } = vaults.sealing;
  if (open !== null && open === old?.id) return { made: null, forgets: null };
  if (open !== null) return { kind: 'not-locked' };
  if (old !== null && first?.forgets !== true) return { kind: 'has-vault' };
  const fault = faultOfPin(first?.pin ?? '');
  if (fault !== null || first === null) return { kind: 'bad-pin', fault: fault ?? 'too-short' };
  const made = await makeVault(staff, first.pin, vaults.stretch, random, vaults.cost);
  return { made, forgets: old?.id ?? null };
}

async function signInKept(
  world: World,
  staff: string,
  secret: string,
  { made: vault, forgets }: SeatVault,
): Promise<SignInOutcome> {
  const { store, clock, vaults } = world;
  const device = await store.changeDevice((now) => ({ ...now, lastNumber: now.lastNumber + 1 }));
  if (device === null) return { kind: 'not-enrolled' };
  const keys = await newKeys(vaults !== null);
  const publicKey = await publicBytes(keys);
  const address = { office: device.office, device: device.device, number: device.lastNumber };
  const message = writeSeatRequest({
    ...address,
    time: clock.now() + device.skewMs,
    staff,
    secret: secret.normalize('NFC'),
    publicKey,
  });
  const body = await sealEnvelope(message, signerOf(device.keys), signerOf(keys));
  const request = { method: 'POST', path: '/sync/seats', body, timeoutMs: TIMEOUT_MS } as const;
  const answer = await ask(world, request, 'response', () => device.officeKey);
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
  await addSeat(world, made, vault);
  if (forgets !== null) await store.vaults.forget(forgets);
  if (continues !== null) {
    // As it is kept: with what the log before it was still to carry over.
    const kept = (await store.seats()).find((one) => one.seat === seat);
    if (kept !== undefined) await nameOldLog(world, kept);
  }
  return { kind: 'signed-in', seat, person, areas };
}

/** The seat with its vault, in one transaction; the vault then stays open. */
async function addSeat({ store, vaults }: World, seat: NewSeat, made: NewVault | null): Promise<void> {
  if (made === null || vaults === null) {
    await store.addSeat(seat);
    return;
  }
  vaults.sealing.enter(made.vault.id, made.key);
  try {
    await store.addSeat(seat, made.vault);
  } catch (fault) {
    vaults.sealing.leave();
    throw fault;
  }
}
