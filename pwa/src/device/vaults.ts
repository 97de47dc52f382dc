/**
 * Who is in front of this phone: vaults are made, opened by a PIN, and locked again.
 *
 * 1. A try is counted on the disk before it is made, so no killed browser gives another for nothing.
 * 2. Nothing is taken away for wrong PINs: they only cost time, more each time.
 * 3. Before a vault is locked, what its person still owes is sealed for the office.
 */
import type { StoredDevice, StoredSeat, Vault } from '../store/port';
import { sealUnsent } from './bundles';
import { catchUpErasures } from './erasing';
import { faultOfPin } from './pin';
import type { PinRefusal, UnlockOutcome } from './outcomes';
import type { PersonHere } from './shown';
import type { Vaults, World } from './world';
import { keeping } from './trouble';
import { makeVault, openByPin } from './vault_keys';

const MINUTE_MS = 60_000;
/** Wrong PINs that cost no waiting: fat fingers in the cold. */
const FREE_MISSES = 4;
/** How long the next wrong PIN makes one wait, and every one after the last of these. */
const WAITS_MS = [MINUTE_MS / 2, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] as const;

/** Everybody who has signed in here, as the lock screen names them; no vault is opened for it. */
export async function peopleHere({ store, vaults, clock }: World): Promise<PersonHere[]> {
  const [device, seats, rows] = await Promise.all([
    store.device(),
    store.seats(),
    store.vaults.all(),
  ]);
  return newestOf(seats, device).map(({ seat, person }) => {
    const vault = rows.find(({ staff }) => staff === person.staff) ?? null;
    const isOpen = vaults === null || (vault !== null && vaults.sealing.vault === vault.id);
    const waitUntil = vault === null ? 0 : waitOf(vault, clock.now());
    const hasPasskey = (vault?.passkey ?? null) !== null;
    const { staff, name } = person;
    return { staff, name, seat, hasPin: vault !== null, hasPasskey, isOpen, waitUntil };
  });
}

/** Whether somebody has to open their vault before anything can be shown. */
export async function isLocked({ store, vaults }: World): Promise<boolean> {
  if (vaults?.sealing.vault !== null) return false;
  return newestOf(await store.seats(), await store.device()).length > 0;
}

export async function unlock(world: World, staff: string, pin: string): Promise<UnlockOutcome> {
  const { store, vaults } = world;
  if (vaults === null) return { kind: 'unlocked' };
  return await keeping(async (): Promise<UnlockOutcome> => {
    const vault = (await store.vaults.all()).find((one) => one.staff === staff);
    if (vault === undefined) return { kind: 'no-vault' };
    const tried = await tryPin(world, vaults, vault, pin);
    return tried instanceof CryptoKey ? await enter(world, vault, tried) : tried;
  });
}

/** One try of a PIN, counted on the disk before it is made; whoever gets the key forgives the misses. */
export async function tryPin(
  { store, clock }: World,
  vaults: Vaults,
  vault: Vault,
  pin: string,
  canMove = false,
): Promise<CryptoKey | PinRefusal> {
  const now = clock.now();
  const waitUntil = waitOf(vault, now);
  if (waitUntil > now) return { kind: 'waiting', until: waitUntil };
  const tried = await store.vaults.change(vault.id, (row) => {
    const misses = row.misses + 1;
    return { ...row, misses, waitUntil: now + waitFor(misses) };
  });
  const key = await openByPin(vault, pin, vaults.stretch, canMove);
  if (key !== null) return key;
  const misses = tried?.misses ?? 1;
  if (misses <= FREE_MISSES) return { kind: 'wrong-pin', left: FREE_MISSES + 1 - misses };
  return { kind: 'waiting', until: tried?.waitUntil ?? now };
}

/** The first PIN of somebody who worked here before there were vaults. */
export async function choosePin(world: World, staff: string, pin: string): Promise<UnlockOutcome> {
  const { store, vaults, random } = world;
  if (vaults === null) return { kind: 'unlocked' };
  return await keeping(async (): Promise<UnlockOutcome> => {
    const fault = faultOfPin(pin);
    if (fault !== null) return { kind: 'bad-pin', fault };
    if ((await store.vaults.all()).some((one) => one.staff === staff)) return { kind: 'has-vault' };
    const { vault, key } = await makeVault(staff, pin, vaults.stretch, random, vaults.cost);
    await store.vaults.add(vault);
    return await enter(world, vault, key);
  });
}

/** Seals what is owed, then lets go of all keys. What cannot be sealed waits for its person. */
export async function lock(world: World): Promise<void> {
  try {
    await sealOwed(world);
  } finally {
    world.vaults?.sealing.leave();
  }
}

/** Seals what the person whose vault is open still owes, so that any exchange can carry it. */
export async function sealOwed(world: World): Promise<void> {
  const { store, vaults } = world;
  if ((vaults?.sealing.vault ?? null) === null) return;
  for (const { seat, keys, isClosed } of await store.seats()) {
    if (keys !== null && !isClosed) await sealUnsent(world, seat);
  }
}

/** Opens a vault for its person, after their PIN or passkey has proved them. */
export async function enter(world: World, vault: Vault, key: CryptoKey): Promise<UnlockOutcome> {
  const { store, vaults } = world;
  await store.vaults.change(vault.id, (row) => ({ ...row, misses: 0, waitUntil: 0 }));
  vaults?.sealing.enter(vault.id, key);
  await store.vaults.claim(vault);
  const device = await store.device();
  const seat = newestOf(await store.seats(), device).find(
    ({ person }) => person.staff === vault.staff,
  );
  await store.changeDevice((now) => ({ ...now, seat: seat?.seat ?? now.seat }));
  if (device !== null) await catchUpErasures(world, device, vault.erasures);
  return { kind: 'unlocked' };
}

/** The vault of the person who is at work, with what opens it; null where nothing is locked. */
export async function openVault({
  store,
  vaults,
}: World): Promise<{ readonly vaults: Vaults; readonly vault: Vault } | null> {
  const vault = (await store.vaults.all()).find(({ id }) => id === vaults?.sealing.vault);
  return vaults === null || vault === undefined ? null : { vaults, vault };
}

/** A person's newest seat on this phone, as it is joined now. */
export function newestOf(seats: readonly StoredSeat[], device: StoredDevice | null): StoredSeat[] {
  const own = seats.filter((seat) => seat.device === device?.device);
  return [...new Map(own.map((seat) => [seat.person.staff, seat])).values()];
}

function waitFor(misses: number): number {
  const place = misses - FREE_MISSES - 1;
  return place < 0 ? 0 : (WAITS_MS[Math.min(place, WAITS_MS.length - 1)] ?? 0);
}

/** Until when nobody is heard. A clock that was put back makes nobody wait longer than was said. */
function waitOf({ misses, waitUntil }: Vault, now: number): number {
  return waitUntil - now > waitFor(misses) ? now + waitFor(misses) : waitUntil;
}
