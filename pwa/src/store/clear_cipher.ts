/**
 * A cipher that does nothing: only in the build that proves the search of a profile's files
 * (`vite build --mode unsealed`). No other build has it in it.
 */
import type { Cipher } from './vault_sealing';

export const clearCipher: Cipher = {
  seal: (_key, clear) => Promise.resolve(clear),
  open: (_key, sealed) => Promise.resolve(sealed),
};
