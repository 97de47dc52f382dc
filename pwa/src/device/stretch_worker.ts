/** Argon2id, off the page's own thread: it takes a slow tablet a second. */
import { argon2id } from 'hash-wasm';
import type { Stretching } from './vault_keys';

declare const self: DedicatedWorkerGlobalScope;

const KEY_BYTES = 32;

type Asked = Stretching & { readonly pin: string };

self.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const { pin, salt, memoryKib, passes } = data;
  void argon2id({
    password: pin,
    salt,
    memorySize: memoryKib,
    iterations: passes,
    parallelism: 1,
    hashLength: KEY_BYTES,
    outputType: 'binary',
  }).then(
    (stretched) => {
      self.postMessage(stretched);
    },
    () => {
      self.postMessage(null);
    },
  );
});
