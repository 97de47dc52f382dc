/** Wishes to be woken, held to `sync/vectors/push.json` as the Python core is. */
import { expect, test } from 'vitest';
import file from '../../../sync/vectors/push.json';
import { fromHex, hex } from '../../src/sync/bytes';
import { type PushWish, readPushResponse, writePushRequest } from '../../src/sync/push';
import { Malformed } from '../../src/sync/refusals';

const own = { office: 'test-office', device: 2, number: 7, time: 1_800_000_000_000 };
const wishes = file.cases.filter((one) => one.wish !== undefined);
const answers = file.cases.filter((one) => one.key !== undefined);

test.each(wishes)('a wish $wish has these bytes', ({ wish, seat, endpoint, message }) => {
  const address = {
    p256dh: new Uint8Array(65).fill(4),
    auth: Uint8Array.from({ length: 16 }, (_, place) => place),
  };
  const push = typeof endpoint !== 'string' ? null : { endpoint, ...address };
  const written = writePushRequest({ ...own, wish: wish as PushWish, seat: seat ?? null, push });
  expect(hex(written)).toBe(message);
});

test.each(answers)('an answer with the key $key', ({ key, seats, message }) => {
  expect(readPushResponse(fromHex(message))).toEqual({ ...own, key: fromHex(key), seats });
});

test('an answer that is none is refused', () => {
  expect(() => readPushResponse(fromHex(wishes[0]?.message ?? ''))).toThrow(Malformed);
});
