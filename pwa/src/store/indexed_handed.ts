/** Drafts on their way to a colleague, in IndexedDB; what moves them is fetched when it is needed. */
import { GAVE, HANDED, type HandedStore } from './handed';
import type { Kit } from './kit';
import { namesWith } from './names';

export function handedIn(kit: Kit): HandedStore {
  const { disk, sealing } = kit;
  return {
    async counts() {
      const { vault } = sealing;
      if (vault === null) return { handed: 0, given: 0 };
      return await disk.read(['kept'], async (tx) => {
        const kept = tx.objectStore('kept');
        let given = 0;
        for (const [, name] of await kept.getAllKeys(namesWith(vault, GAVE))) {
          const [draft = '', to = ''] = name.slice(GAVE.length).split('/');
          if ((await kept.getKey([to, HANDED + draft])) !== undefined) given++;
        }
        return { handed: await kept.count(namesWith(vault, HANDED)), given };
      });
    },

    async give(...asked) {
      return await (await import('./giving')).give(kit, ...asked);
    },

    async given() {
      return await (await import('./giving')).given(kit);
    },

    async handed(own) {
      return await (await import('./taking')).handed(kit, own);
    },

    async take(...asked) {
      return await (await import('./taking')).take(kit, ...asked);
    },
  };
}
