/** What vaults need of this browser: Argon2id in a worker of its own. */
import type { Bytes } from '../sync/bytes';
import type { Stretch } from './vault_keys';

export const browserStretch: Stretch = async (pin, how) => {
  const worker = new Worker(new URL('stretch_worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Bytes | null>) => {
        if (data === null) reject(new Error('no memory for Argon2id'));
        else resolve(data);
      });
      worker.addEventListener('error', () => {
        reject(new Error('no worker for Argon2id'));
      });
      worker.postMessage({ pin, ...how });
    });
  } finally {
    // With it goes what it had of the PIN.
    worker.terminate();
  }
};
