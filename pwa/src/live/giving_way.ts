/** Long work is cut here: a touch or a paint that waits comes before the rest of it. */

interface Yielding { readonly yield?: () => Promise<void> }

export function giveWay(): Promise<void> {
  const { scheduler } = globalThis as { readonly scheduler?: Yielding };
  if (scheduler?.yield !== undefined) return scheduler.yield();
  // A timer would be held back in a tab out of sight; a message is not.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const SOON_MS = 300;

/** What nobody on the screen waits for comes when all that is seen is drawn, or soon. */
export function whenIdle(): Promise<void> {
  const { requestIdleCallback } = globalThis as Partial<Pick<Window, 'requestIdleCallback'>>;
  if (requestIdleCallback === undefined) return giveWay();
  return new Promise((resolve) => {
    requestIdleCallback(() => { resolve(); }, { timeout: SOON_MS });
  });
}
