/**
 * What opens a vault is changed by the person in it: another PIN, and a passkey beside it.
 *
 * 1. Only the seal of the vault's key is written, in one write of one row: whenever the power goes,
 *    either what opened before or what opens now does.
 * 2. Whoever adds something that opens a vault has said its PIN, which costs the same as at the lock.
 * 3. The PIN always opens; a passkey is never the only way in.
 */
import type { Vault } from '../store/port';
import { fromHex } from '../sync/bytes';
import { faultOfPin } from './pin';
import type { OpenerOutcome, UnlockOutcome } from './outcomes';
import type { World } from './world';
import { keeping } from './trouble';
import { openByPasskey, sealUnder, sealUnderPin } from './vault_keys';
import { enter, openVault, tryPin } from './vaults';

const SALT_BYTES = 32;
const FORGIVEN = { misses: 0, waitUntil: 0 } as const;

export async function changePin(world: World, old: string, next: string): Promise<OpenerOutcome> {
  return await keeping(async (): Promise<OpenerOutcome> => {
    const fault = faultOfPin(next);
    if (fault !== null) return { kind: 'bad-pin', fault };
    const open = await openVault(world);
    if (open === null) return { kind: 'no-vault' };
    const { vault, vaults } = open;
    const key = await tryPin(world, vaults, vault, old, true);
    if (!(key instanceof CryptoKey)) return key;
    const seal = await sealUnderPin(vault, key, next, vaults.stretch, world.random, vaults.cost);
    return await change(world, vault, { ...seal, ...FORGIVEN });
  });
}

/** A passkey that opens the vault too; one of before goes. */
export async function addPasskey(world: World, pin: string): Promise<OpenerOutcome> {
  return await keeping(async (): Promise<OpenerOutcome> => {
    const open = await openVault(world);
    const passkeys = await open?.vaults.passkeys?.();
    if (open === null || passkeys === undefined) return { kind: 'no-vault' };
    const { vault, vaults } = open;
    const key = await tryPin(world, vaults, vault, pin, true);
    if (!(key instanceof CryptoKey)) return key;
    await change(world, vault, FORGIVEN);
    const salt = world.random.bytes(SALT_BYTES);
    const made = await passkeys.make(fromHex(vault.id), await nameOf(world, vault.staff), salt);
    if (typeof made === 'string') return { kind: 'passkey', fault: made };
    const wrapped = await sealUnder(vault, key, made.answer, world.random);
    return await change(world, vault, { passkey: { credential: made.credential, salt, wrapped } });
  });
}

export async function removePasskey(world: World): Promise<OpenerOutcome> {
  return await keeping(async (): Promise<OpenerOutcome> => {
    const open = await openVault(world);
    if (open === null) return { kind: 'no-vault' };
    const { passkey } = open.vault;
    const outcome = await change(world, open.vault, { passkey: null });
    if (passkey !== null) await (await open.vaults.passkeys?.())?.forget(passkey.credential);
    return outcome;
  });
}

/** No waiting for wrong PINs stands before it: what a passkey answers cannot be guessed. */
export async function unlockByPasskey(world: World, staff: string): Promise<UnlockOutcome> {
  return await keeping(async (): Promise<UnlockOutcome> => {
    const vault = (await world.store.vaults.all()).find((one) => one.staff === staff);
    const passkeys = await world.vaults?.passkeys?.();
    const passkey = vault?.passkey ?? null;
    if (vault === undefined || passkey === null || passkeys === undefined) return { kind: 'no-vault' };
    const answer = await passkeys.ask(passkey.credential, passkey.salt);
    if (typeof answer === 'string') return { kind: 'passkey', fault: answer };
    const key = await openByPasskey(vault, answer);
    return key === null ? { kind: 'passkey', fault: 'failed' } : await enter(world, vault, key);
  });
}

async function change(world: World, { id }: Vault, to: Partial<Vault>): Promise<OpenerOutcome> {
  const changed = await world.store.vaults.change(id, (row) => ({ ...row, ...to }));
  return { kind: changed === null ? 'no-vault' : 'changed' };
}

async function nameOf({ store }: World, staff: string): Promise<string> {
  const seats = await store.seats();
  return seats.find(({ person }) => person.staff === staff)?.person.name ?? staff;
}
