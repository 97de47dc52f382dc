/** Taking a batch: in order, without a gap, and never what was touched on the way. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { newKeys, publicBytes, signerOf, verify } from '../../src/device/keys';
import { type Batch, signBatch } from '../../src/sync/batch';
import type { Bytes } from '../../src/sync/bytes';
import * as chain from '../../src/sync/chain';
import { type LinkedChange, linkChanges, writeChange } from '../../src/sync/change';
import { packableBatch } from '../../src/sync/exchange';
import { type HeldLog, takeBatch } from '../../src/sync/log';
import { pack } from '../../src/sync/pack';
import { Malformed, Refusal } from '../../src/sync/refusals';
import { readBatch } from '../support/messages';
import { RECORD } from '../support/story';

const OFFICE = 'test-office';
let keys: CryptoKeyPair;
let publicKey: Bytes;
let log: LinkedChange[];
let changes: Bytes[];

beforeAll(async () => {
  keys = await newKeys();
  publicKey = await publicBytes(keys);
  changes = [1, 2, 3, 4].map((seq) => changeAt(seq, 'x'));
  log = linkChanges(3, 1, changes, chain.start(publicKey));
});

it.each([
  ['all of it', 1, 0, [1, 2, 3, 4]],
  ['what is new', 1, 2, [3, 4]],
  ['what follows', 3, 2, [3, 4]],
  ['nothing that is held', 1, 4, []],
])('takes %s', async (_what, first, held, taken) => {
  const found = await takeBatch(verify, await batchFrom(first), OFFICE, heldTo(held));

  expect(found.map(({ seq }) => seq)).toEqual(taken);
});

it.each([
  ['a gap', 3, 1, 'gap'],
  ['another office', 1, 0, 'bad-signature'],
])('refuses %s', async (_what, first, held, code) => {
  const office = code === 'gap' ? OFFICE : 'other-office';

  expect(await refusalOf(takeBatch(verify, await batchFrom(first), office, heldTo(held)))).toBe(
    code,
  );
});

it('tells a fork where the logs part', async () => {
  const other = changes.map((change, place) => (place < 2 ? change : changeAt(place + 1, 'y')));
  const linked = linkChanges(3, 1, other, chain.start(publicKey));
  const batch = await batchFrom(1, other, linked);

  expect(await refusalOf(takeBatch(verify, batch, OFFICE, heldTo(4)))).toBe('fork');
});

it('refuses a batch with any bit flipped', async () => {
  const whole = pack(packableBatch(await batchFrom(1)));
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length * 8 - 1 }), async (bit) => {
      const bent = whole.slice();
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const taken = Promise.resolve().then(
        async () => await takeBatch(verify, readBatch(bent), OFFICE, heldTo(0)),
      );

      expect(await refusalOf(taken)).not.toBeNull();
    }),
  );
});

it('a kind with NUL is not written', () => {
  expect(() => changeAt(1, 'x', 'dos\0sier')).toThrow(Malformed);
});

function changeAt(seq: number, value: string, kind = 'dossier'): Bytes {
  const fields = new Map([['answers.name', []]]);
  const at = { ms: seq, counter: 0 };
  const skeleton = { seat: 3, seq, prev: seq - 1, record: RECORD, kind, at, fields };
  return writeChange(skeleton, [value], new Uint8Array(16));
}

async function batchFrom(first: number, from = changes, linked = log): Promise<Batch> {
  const head = linked.at(-1)?.head ?? new Uint8Array(32);
  const unsigned = { protocol: 1, seat: 3, first, changes: from.slice(first - 1), head };
  return await signBatch(signerOf(keys), OFFICE, unsigned);
}

function heldTo(last: number): HeldLog {
  const headAt = (seq: number): Bytes => log[seq - 1]?.head ?? chain.start(publicKey);
  return { publicKey, last, headAt };
}

async function refusalOf(deed: Promise<unknown>): Promise<string | null> {
  try {
    await deed;
    return null;
  } catch (fault) {
    if (fault instanceof Refusal) return fault.code;
    throw fault;
  }
}
