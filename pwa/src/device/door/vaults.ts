/** The door's part for vaults: who can open theirs, opening and locking, what is kept in them. */
import type { VaultLoss } from '../../store/port';
import type { OpenerOutcome, UnlockOutcome } from '../outcomes';
import type { Phone } from '../port';
import { keeping } from '../trouble';
import { choosePin, isLocked, lock, peopleHere, sealOwed, unlock } from '../vaults';
import type { Hands } from './bell';

const NO_LOSS: VaultLoss = { changes: 0, drafts: 0, photos: 0 };

type VaultDoor = Pick<
  Phone,
  | 'people'
  | 'isLocked'
  | 'unlock'
  | 'choosePin'
  | 'canPasskey'
  | 'unlockByPasskey'
  | 'changePin'
  | 'addPasskey'
  | 'removePasskey'
  | 'lock'
  | 'leave'
  | 'sealOwed'
  | 'lossOf'
  | 'keep'
  | 'kept'
>;

export function vaultDoor(hands: Hands): VaultDoor {
  const { world, bell, sender } = hands;
  const { store } = world;

  function entered(outcome: UnlockOutcome): UnlockOutcome {
    if (outcome.kind !== 'unlocked') return outcome;
    tellUnlocked(hands);
    // Whoever asked reads all that was behind the lock; to tell them so would make them read it twice.
    sender.poke();
    return outcome;
  }

  /** Whatever came of it, tries may have been counted. */
  function reopened(outcome: OpenerOutcome): OpenerOutcome {
    bell.tell('seats');
    return outcome;
  }

  return {
    async people() {
      return await peopleHere(world);
    },

    async isLocked() {
      return await isLocked(world);
    },

    async unlock(staff, pin) {
      return entered(await unlock(world, staff, pin));
    },

    async choosePin(staff, pin) {
      return entered(await choosePin(world, staff, pin));
    },

    async canPasskey() {
      return (await (await world.vaults?.passkeys?.())?.isHere()) ?? false;
    },

    async unlockByPasskey(staff) {
      const { unlockByPasskey } = await import('../openers');
      return entered(await unlockByPasskey(world, staff));
    },

    async changePin(old, next) {
      const { changePin } = await import('../openers');
      return reopened(await changePin(world, old, next));
    },

    async addPasskey(pin) {
      const { addPasskey } = await import('../openers');
      return reopened(await addPasskey(world, pin));
    },

    async removePasskey() {
      const { removePasskey } = await import('../openers');
      return reopened(await removePasskey(world));
    },

    async lock() {
      await lock(world);
      bell.tell('locked');
    },

    async leave() {
      await lock(world);
    },

    async sealOwed() {
      await keeping(async () => {
        await sealOwed(world);
      });
    },

    async lossOf(staff) {
      const vault = (await store.vaults.all()).find((one) => one.staff === staff);
      return vault === undefined ? NO_LOSS : await store.vaults.lossOf(vault.id);
    },

    async keep(name, value) {
      return await keeping(async () => {
        await store.kept.put(name, value);
        return null;
      });
    },

    async kept(name) {
      return await store.kept.get(name);
    },
  };
}

/** A vault is open: by its PIN, a passkey, or somebody who has just signed in. */
export function tellUnlocked({ world, bell, prepare }: Hands): void {
  bell.tell('unlocked');
  prepare();
  // Without it nothing can be shared into the app; whatever keeps it off, the next opening tries anew.
  void import('../shared')
    .then(async ({ makeInbox }) => {
      await makeInbox(world);
    })
    .catch(() => undefined);
}
