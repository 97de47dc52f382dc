/** A store that cannot write, and a change over the bounds, as outcomes that a screen can show. */
import { StoreFull, StoreUnavailable } from '../store/port';
import { Refusal } from '../sync/refusals';
import type { WriteTrouble } from './outcomes';

/** Runs a deed; names what kept it from being kept. What is our own mistake is still thrown. */
export async function keeping<T>(deed: () => Promise<T>): Promise<T | WriteTrouble> {
  try {
    return await deed();
  } catch (fault) {
    if (fault instanceof StoreFull) return { kind: 'store-full' };
    if (fault instanceof StoreUnavailable) return { kind: 'store-unavailable' };
    if (fault instanceof Refusal) return { kind: 'too-large' };
    throw fault;
  }
}
