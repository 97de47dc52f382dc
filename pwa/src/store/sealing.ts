/** Sealing that seals nothing, for worlds without vaults: all rows lie clear, and are everybody's. */
import type { Sealing } from './port';

export const openSealing: Sealing = {
  vault: '',
  seal: (clear) => Promise.resolve(clear),
  open: (sealed) => Promise.resolve(sealed),
  sealKey: () => Promise.resolve(null),
  openKey: () => Promise.reject(new Error('no key was sealed here')),
  openInbox: () => Promise.reject(new Error('no key was sealed here')),
};
