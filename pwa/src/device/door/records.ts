/** The door's part for what lies on this phone: dossiers, what could not be read, what waits. */
import { DOSSIER } from '../../sync/kinds';
import { readOrSetAside, readPeople } from '../dossier';
import type { Phone } from '../port';
import type { Held } from '../shown';
import { keeping } from '../trouble';
import { outboxOf, truthOf } from '../truth';
import { workOf } from '../work';
import type { Hands } from './bell';

type RecordDoor = Pick<
  Phone,
  | 'dossiers'
  | 'held'
  | 'dossier'
  | 'damage'
  | 'removableDamage'
  | 'removeDamage'
  | 'left'
  | 'dossierTruth'
  | 'outbox'
>;

export function recordDoor({ world, bell, sender }: Hands): RecordDoor {
  const { store } = world;

  async function held(): Promise<Held> {
    const people = await readPeople(store);
    let records = await store.records();
    if (store.damage().records.some(({ isOwn }) => isOwn)) {
      const { remakeOwn } = await import('../mending');
      const made = await keeping(async () => await remakeOwn(world));
      if (made !== 0) records = await store.records();
    }
    const all = records.flatMap((record) => {
      const dossier = readOrSetAside(store, record, people);
      return dossier === null ? [] : [dossier];
    });
    return { dossiers: all.filter(({ kind }) => kind === DOSSIER), work: all.flatMap(workOf) };
  }

  return {
    held,

    async dossiers() {
      return (await held()).dossiers;
    },

    async dossier(id) {
      const record = await store.record(id);
      if (record === null) return null;
      return readOrSetAside(store, record, await readPeople(store));
    },

    damage() {
      return store.damage();
    },

    async removableDamage() {
      const { givenByNobody } = await import('../mending');
      return await givenByNobody(store);
    },

    async removeDamage() {
      const { removeGivenByNobody } = await import('../mending');
      const trouble = await keeping(async () => {
        await removeGivenByNobody(world);
        return null;
      });
      bell.tell('records');
      return trouble;
    },

    async left() {
      return await store.kept.left();
    },

    async dossierTruth(record) {
      return await truthOf(store, record, sender.connection.sending);
    },

    async outbox() {
      return await outboxOf(store);
    },
  };
}
