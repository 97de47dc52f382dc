/** Two tabs of one browser: one at a time, and both know. */
import { expect, it } from 'vitest';
import type { Topic } from '../../src/device/outcomes';
import { browserTabs } from '../../src/device/tabs';

// FAULT-13
it('lets one tab at a deed, and tells the other at once that it is taken', async () => {
  const [one, other] = [browserTabs('locks'), browserTabs('locks')];
  let finish: () => void = () => undefined;
  const first = one.alone('sender', async () => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return 'sent';
  });
  const second = await other.alone('sender', () => Promise.resolve('sent'));
  finish();

  expect(second).toBe('busy');
  expect(await first).toBe('sent');
  expect(await other.alone('sender', () => Promise.resolve('sent'))).toBe('sent');
});

it('hears what the other tab has kept, and nothing that is no topic', async () => {
  const [one, other] = [browserTabs('topics'), browserTabs('topics')];
  const stranger = new BroadcastChannel('topics');
  const heard: Topic[] = [];
  const both = new Promise<void>((resolve) => {
    other.hear((topic) => {
      heard.push(topic);
      if (topic === 'receipts') resolve();
    });
  });
  one.tell('records');
  stranger.postMessage({ topic: 'seats' });
  one.tell('receipts');
  await both;
  stranger.close();

  expect(heard).toEqual(['records', 'receipts']);
});
