/** Seals what this phone hands over to the office's bundle key, signed by the phone. */
import type { Store, StoredDevice } from '../store/port';
import {
  type BundleMessage,
  sealBundle,
  signContent,
  writeBundleMessage,
} from '../sync/bundle';
import type { Bytes } from '../sync/bytes';
import { NONCE_BYTES } from '../sync/limits';
import { signerOf } from './keys';
import type { World } from './world';
import { openBundleKey } from './reference';

/** Before packing: so a bundle goes whole in one exchange on a bad line, also by others' hands. */
export const BUNDLE_BYTES = 1024 * 1024;

/** The office's public bundle key; null on a phone that never had the reference data. */
export async function findBundleKey(store: Store): Promise<Bytes | null> {
  const reference = await store.reference();
  return reference === null ? null : openBundleKey(reference);
}

export async function sealMessage(
  { seals, clock, random }: World,
  { office, device, keys, skewMs }: StoredDevice,
  officeKey: Bytes,
  handed: Pick<BundleMessage, 'batches' | 'attachments'>,
): Promise<Bytes> {
  const message = writeBundleMessage({ office, device, time: clock.now() + skewMs, ...handed });
  const content = await signContent(seals, signerOf(keys), message);
  return await sealBundle(seals, content, { office, officeKey, nonce: random.bytes(NONCE_BYTES) });
}
