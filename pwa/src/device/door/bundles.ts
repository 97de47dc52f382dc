/** The door's part for bundles: work that goes to the office by a file or by somebody else's phone. */
import { exportFile, importFile, sealUnsent } from '../bundles';
import type { Phone } from '../port';
import { type Hands, after } from './bell';

type BundleDoor = Pick<
  Phone,
  'exportFile' | 'importFile' | 'carried' | 'dropCarried' | 'sealUnsent'
>;

export function bundleDoor(hands: Hands): BundleDoor {
  const { world, bell } = hands;
  return {
    async exportFile(scope, progress) {
      return await exportFile(world, scope, progress);
    },

    async importFile(file) {
      return after(hands, await importFile(world, file), 'imported', 'bundles');
    },

    async carried() {
      const bundles = await world.store.bundles.all();
      return bundles
        .filter(({ origin }) => origin === 'carried')
        .map(({ digest, raw, addedAt, heldAt, code }) => {
          return { digest, bytes: raw.length, addedAt, heldAt, code };
        });
    },

    async dropCarried(digest) {
      await world.store.bundles.drop([digest]);
      bell.tell('bundles');
    },

    async sealUnsent(seat) {
      return after(hands, await sealUnsent(world, seat), 'sealed', 'bundles');
    },
  };
}
