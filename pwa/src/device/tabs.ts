/** The tabs of one browser: one sends at a time, and each hears what another has kept. */
import type { Topic } from './outcomes';
import type { Tabs } from './world';

const TOPICS: ReadonlySet<string> = new Set<Topic>([
  'device',
  'seats',
  'drafts',
  'records',
  'receipts',
  'connection',
  'reference',
  'photos',
  'bundles',
  'locked',
  'unlocked',
]);

export function browserTabs(channelName: string): Tabs {
  const channel = new BroadcastChannel(channelName);
  return {
    // Without Web Locks (an old browser) a number is still never used twice: the store sees to it.
    alone: async (name, deed) =>
      'locks' in navigator
        ? await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
            lock === null ? 'busy' : await deed(),
          )
        : await deed(),
    tell: (topic) => {
      channel.postMessage(topic);
    },
    hear: (listener) => {
      const onMessage = ({ data }: MessageEvent<unknown>): void => {
        if (isTopic(data)) listener(data);
      };
      channel.addEventListener('message', onMessage);
      return () => {
        channel.removeEventListener('message', onMessage);
      };
    },
  };
}

function isTopic(data: unknown): data is Topic {
  return typeof data === 'string' && TOPICS.has(data);
}
