/** Worlds whose phones have vaults, with PINs that cost next to nothing to guess. */
import { argon2id } from 'hash-wasm';
import { phoneWith } from '../../src/device/phone';
import type { PasskeyFault } from '../../src/device/outcomes';
import type { Net, Passkeys, Vaults } from '../../src/device/world';
import type { Stretch } from '../../src/device/vault_keys';
import { indexedStore } from '../../src/store/indexed';
import { VaultSealing } from '../../src/store/vault_sealing';
import { type Bytes, concat, hex } from '../../src/sync/bytes';
import { type Enrolled, confirmAll } from './enrolled';
import type { FakeOffice } from './office';
import { newDiskName, newWorld } from './world';

export const PIN = '258036';
export const OTHER_PIN = '703914';

export const stretch: Stretch = async (pin, { salt, memoryKib, passes }) =>
  new Uint8Array(
    await argon2id({
      password: pin,
      salt,
      memorySize: memoryKib,
      iterations: passes,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    }),
  );

const CHEAP = { memoryKib: 64, passes: 1 } as const;

let started = 0;

/** The lock of a phone: it keeps passkeys, and answers for whoever has the right finger. */
export class FakeLock implements Passkeys {
  /** What it says instead of answering. */
  fault: PasskeyFault | null = null;
  readonly names: string[] = [];
  private readonly secrets = new Map<string, Bytes>();

  isHere(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async make(user: Bytes, name: string, salt: Bytes): ReturnType<Passkeys['make']> {
    if (this.fault !== null) return this.fault;
    this.names.push(name);
    const credential = Uint8Array.of(this.names.length, ...user);
    this.secrets.set(hex(credential), crypto.getRandomValues(new Uint8Array(32)));
    const answer = await this.ask(credential, salt);
    return typeof answer === 'string' ? answer : { credential, answer };
  }

  async ask(credential: Bytes, salt: Bytes): ReturnType<Passkeys['ask']> {
    const secret = this.secrets.get(hex(credential));
    if (this.fault !== null || secret === undefined) return this.fault ?? 'cancelled';
    return new Uint8Array(await crypto.subtle.digest('SHA-256', concat(secret, salt)));
  }

  forget(credential: Bytes): Promise<void> {
    this.secrets.delete(hex(credential));
    return Promise.resolve();
  }

  /** How many passkeys it keeps. */
  get size(): number {
    return this.secrets.size;
  }
}

/** The app as it starts in a browser with this disk: every vault is locked. */
export function startedOn(net: Net, disk: string, lock = new FakeLock()): Omit<Enrolled, 'office'> {
  const sealing = new VaultSealing();
  const vaults: Vaults = { sealing, stretch, cost: CHEAP, passkeys: () => Promise.resolve(lock) };
  const world = { ...newWorld(net, disk), store: indexedStore(disk, sealing), vaults };
  world.random.bytes(++started * 1_000); // each start throws other dice
  return { world, phone: phoneWith(world) };
}

/** A phone with vaults that has joined an office, with these people signed in; the last is at work. */
export async function vaultPhone(office: FakeOffice, ...staff: readonly string[]): Promise<Enrolled> {
  const { world, phone } = startedOn(office, newDiskName());
  await phone.enrol('good-code', 'Máy chung');
  confirmAll(office);
  for (const one of staff) {
    await phone.lock();
    const outcome = await phone.signIn(one, 'luudong-demo', { pin: PIN, forgets: false });
    if (outcome.kind !== 'signed-in') throw new Error(outcome.kind);
  }
  await phone.fetchReference();
  return { office, world, phone };
}
