/** The vectors of `sync/vectors/` hold this twin and the Python core to the same bytes. */
import { describe, expect, it, test } from 'vitest';
import appVersionFile from '../../../sync/vectors/app_version.json';
import batchFile from '../../../sync/vectors/batch.json';
import columnsFile from '../../../sync/vectors/columns.json';
import chainFile from '../../../sync/vectors/chain.json';
import changeFile from '../../../sync/vectors/change.json';
import clockFile from '../../../sync/vectors/clock.json';
import erasureFile from '../../../sync/vectors/erasure.json';
import exchangeFile from '../../../sync/vectors/exchange.json';
import fingerprintFile from '../../../sync/vectors/fingerprint.json';
import kindsFile from '../../../sync/vectors/kinds.json';
import joinFile from '../../../sync/vectors/join.json';
import orderFile from '../../../sync/vectors/order.json';
import papersFile from '../../../sync/vectors/papers.json';
import receiptFile from '../../../sync/vectors/receipt.json';
import recordFile from '../../../sync/vectors/record.json';
import signatureFile from '../../../sync/vectors/signature.json';
import valueFile from '../../../sync/vectors/value.json';
import { inflate } from '../../src/device/inflating';
import { verify } from '../../src/device/keys';
import { isTooOld } from '../../src/sync/app_version';
import { requireHead, signedPart as batchPart, verifyBatch } from '../../src/sync/batch';
import { columnsOf } from '../../src/sync/columns';
import { type Bytes, fromHex, hex } from '../../src/sync/bytes';
import * as chain from '../../src/sync/chain';
import {
  type LinkedChange,
  linkChanges,
  readSkeleton,
  split,
  valuesOf,
  writeChange,
} from '../../src/sync/change';
import { tick, witness } from '../../src/sync/clock';
import { namedIn, readErasures } from '../../src/sync/erasures';
import { readExchangeResponse, writeExchangeRequest } from '../../src/sync/exchange';
import { fingerprintWords } from '../../src/sync/fingerprint';
import { fits } from '../../src/sync/kinds';
import { findAction, isFor, readOrder } from '../../src/sync/order';
import { isConfirmed, numberOf, seatOf } from '../../src/sync/papers';
import { type Value, pack } from '../../src/sync/pack';
import { readReceipt, signedPart, verifyReceipt } from '../../src/sync/receipt';
import {
  conflicts,
  decodeEntries,
  decodeState,
  emptyState,
  encodeState,
  erase,
  fold,
  join,
  shown,
} from '../../src/sync/record';
import { unpackPages } from '../../src/sync/page';
import { Malformed, Refusal } from '../../src/sync/refusals';
import { Shape } from '../../src/sync/shape';
import { requireSignature } from '../../src/sync/signature';
import { unpack } from '../../src/sync/unpack';
import { findFault } from '../../src/sync/value';
import { readBatch } from '../support/messages';

test.each(clockFile.cases)('the clock of $deed gives $at', (given) => {
  const last = at(given.last);
  const next =
    given.deed === 'tick'
      ? tick(last, given.now)
      : witness(last, at(given.foreign ?? []), given.now);

  expect(next).toEqual(at(given.at));
});

test.each(valueFile.cases)('the value $value fits: $fits', ({ value, fits }) => {
  expect(fitsField(fromHex(value))).toBe(fits);
});

test.each(changeFile.cases)('change %# has the bytes that it has in Python', (given) => {
  const { seat, seq, prev, record, kind } = given.skeleton;
  const fields = given.skeleton.fields as unknown as [string, [number, number, string][]][];
  const skeleton = {
    seat,
    seq,
    prev,
    record: fromHex(record),
    kind,
    at: at(given.skeleton.at),
    fields: new Map(fields.map(([name, dots]) => [name, dots.map(dotFrom)])),
  };
  const values = given.values as Value[];
  const written = writeChange(skeleton, values, fromHex(given.salt));

  expect(hex(written)).toBe(given.change);
  const [skeletonBytes, body] = split(fromHex(given.change));
  expect(readSkeleton(skeletonBytes)).toEqual(skeleton);
  expect(valuesOf(body)).toEqual(values);
});

test.each(chainFile.cases)('chain %# goes from head to head', (given) => {
  const start = chain.start(fromHex(given.public_key));
  const linked = linkChanges(3, 1, given.changes.map(fromHex), start);

  expect(hex(start)).toBe(given.start);
  expect(linked.map(({ head }) => hex(head))).toEqual(given.heads);
  expect(linked.map(({ head }) => hex(chain.tag(head)))).toEqual(given.tags);
});

test.each(signatureFile.cases)('signature %# holds: $holds', async (given) => {
  const asked = requireSignature(
    verify,
    fromHex(given.public_key),
    given.purpose as 'batch',
    fromHex(given.message),
    fromHex(given.signature),
  );

  await expect(
    asked.then(
      () => true,
      () => false,
    ),
  ).resolves.toBe(given.holds);
});

test.each(columnsFile.cases)('changes %# go by the same columns', (given) => {
  const columns = columnsOf(given.seat, given.first, given.changes.map(fromHex));

  expect(columns === null ? null : hex(pack(columns))).toBe(given.columns);
});

test.each(batchFile.cases)('batch %# verifies and chains', async (given) => {
  const batch = readBatch(fromHex(given.batch));

  expect(hex(batchPart(batch, given.office))).toBe(given.signed_part);
  await verifyBatch(verify, batch, given.office, fromHex(given.public_key));
  const before = fromHex(given.before);
  requireHead(batch, linkChanges(batch.seat, batch.first, batch.changes, before));
});

test.each(receiptFile.cases)('receipt %# verifies', async (given) => {
  const receipt = readReceipt(Shape.read(fromHex(given.receipt), 'a receipt'));

  expect(hex(signedPart(receipt))).toBe(given.signed_part);
  await verifyReceipt(verify, receipt, fromHex(given.office_key));
});

test.each(appVersionFile.cases)('$version is older than $minimum: $is_too_old', (given) => {
  expect(isTooOld(given.version, given.minimum)).toBe(given.is_too_old);
});

test.each(kindsFile.cases)('$kind.$field takes $value: $fits', (given) => {
  const [, zeroes] = given.value.split('zeroes:');
  const value: Value =
    zeroes === undefined ? unpack(fromHex(given.value), 'a value') : new Uint8Array(Number(zeroes));

  expect(fits(given.kind, given.field, value)).toBe(given.fits);
});

test.each(orderFile.cases)('order %# asks a device for the same', (given) => {
  const order = readOrder(fromHex(given.message));

  expect(isFor(order, 'test-office', 2)).toBe(given.is_ours);
  expect(findAction(order, given.newest)).toBe(given.action);
});

test.each(papersFile.cases)('paper %# ($purpose) reads the same', ({ purpose, message, reads }) => {
  const bytes = fromHex(message);
  const read =
    purpose === 'enrolment'
      ? { is_confirmed: isConfirmed(bytes) }
      : purpose === 'certificate'
        ? { seat: seatOf(bytes) }
        : { number: numberOf(bytes) };

  expect(read).toEqual(reads);
});

test.each(erasureFile.cases)('erasing $name leaves the same of a state', ({ list, state, left }) => {
  const named = namedIn(readErasures(fromHex(list)));

  expect(hex(encodeState(erase(decodeState(fromHex(state)), named)))).toBe(left);
});

test.each(fingerprintFile.cases)('fingerprint %# has the same six words', (given) => {
  const words = fingerprintWords(fromHex(given.office_key), fromHex(given.public_key));

  expect(words).toEqual(given.words);
});

test.each(recordFile.cases)('a record delivered $name ends in the same bytes', (given) => {
  const changes = given.deliveries.map(linkedFrom);
  const { state, waiting } = fold(emptyState(fromHex(given.record), given.kind), changes);

  expect(waiting).toHaveLength(given.waiting);
  expect(hex(encodeState(state))).toBe(given.state);
  expect(conflicts(state)).toEqual(given.conflicts);
  for (const [field, value] of Object.entries(given.shown)) {
    expect(shown(state, field)).toEqual(value);
  }
});

test.each(joinFile.cases)('joining $name gives the same bytes both ways', (given) => {
  const ours = decodeState(fromHex(given.ours));
  const theirs = decodeState(fromHex(given.theirs));

  expect(hex(encodeState(ours))).toBe(given.ours);
  expect(hex(encodeState(join(ours, theirs)))).toBe(given.joined);
  expect(hex(encodeState(join(theirs, ours)))).toBe(given.joined);
});

describe('messages', () => {
  it('writes a request as Python does', () => {
    const given = exchangeFile.cases.find(({ kind }) => kind === 'request');
    const message = fromHex(given?.message ?? '');
    const shape = Shape.read(message, 'a request');
    const written = writeExchangeRequest({
      office: shape.text('office'),
      device: shape.integer('device'),
      number: shape.integer('number'),
      time: shape.integer('time'),
      epoch: shape.integer('epoch'),
      logs: shape.shapes('logs').map((log) => ({
        seat: log.integer('seat'),
        last: log.integer('last'),
        head: log.bytes('head'),
      })),
      batches: [readBatch(fromHex(given?.batch ?? ''))],
      seat: shape.integer('seat'),
      cursors: new Map(Object.entries(shape.value('cursors') as Record<string, number>)),
      want: shape.integer('want'),
      directory: shape.integer('directory'),
      appVersion: shape.text('app_version'),
      receipts: shape.shapes('receipts').map(readReceipt),
      sealed: [pack({ protocol: 1 })],
      offered: shape.shapes('offered').map((offered) => ({
        state: offered.bytes('state'),
        mac: offered.bytes('mac'),
      })),
      shown: shape.shapes('shown').map((paper) => ({
        purpose: paper.text('purpose'),
        message: paper.bytes('message'),
        signature: paper.bytes('signature'),
      })),
      lists: { revocations: 2, erasures: 5 },
      leases: [{ lease: 4, used: 2007 }],
      order: 1,
    });

    expect(hex(written)).toBe(given?.message);
  });

  it('unpacks the entries of a page that Python packed in parts', async () => {
    const given = exchangeFile.cases.find(({ kind }) => kind === 'packed response');
    const response = readExchangeResponse(fromHex(given?.message ?? ''));
    const unpacked = await unpackPages(response, inflate);

    const [page] = unpacked.pages.map(([, one]) => one);
    expect(hex(page?.entries ?? new Uint8Array())).toBe(given?.entries?.[0]);
    expect([page?.more, page?.cursor, response.receipts]).toEqual([true, 13, []]);
  });

  it.each([
    ['more than the bound', 'ab'.repeat(40), 79],
    ['bytes that are no deflate', 'ff', 80],
    ['deflate that is cut', 'ab'.repeat(40), 80],
  ])('unpacks nothing of %s', async (what, content, most) => {
    const whole = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const packed = new Uint8Array(await new Response(whole).arrayBuffer());
    const given = { 'bytes that are no deflate': fromHex(content), 'deflate that is cut': packed.slice(0, -1) };

    await expect(inflate(what in given ? given[what as keyof typeof given] : packed, most)).rejects.toThrow(Malformed);
  });

  it('leaves out of a request what is empty, as Python does', () => {
    const written = writeExchangeRequest({
      ...{ office: 'test-office', device: 2, number: 8, time: 1_800_000_000_200, epoch: 1 },
      ...{ logs: [], batches: [], seat: null, cursors: new Map(), want: 0, directory: 0 },
      ...{ appVersion: '0.1.0', receipts: [], sealed: [], offered: [], shown: [] },
      ...{ lists: { revocations: 0, erasures: 0 }, leases: [], order: 0 },
    });

    const given = exchangeFile.cases.find(({ kind }) => kind === 'quiet request');
    expect(hex(written)).toBe(given?.message);
  });

  it('reads a response as Python wrote it', () => {
    const given = exchangeFile.cases.find(({ kind }) => kind === 'response');
    const response = readExchangeResponse(fromHex(given?.message ?? ''));

    expect(response.receipts).toHaveLength(1);
    expect(response.refusals[0]?.code).toBe('gap');
    expect(response.pages.flatMap(([, page]) => decodeEntries(page.entries))).not.toEqual([]);
    expect(response.dropped).toEqual(['09661']);
    expect(response.directory[0]?.name).toBe('Phạm Thu Chi');
    expect(response.pages[0]?.[1].macs).toHaveLength(32);
    expect(response.findings.map(({ closed, outcome }) => [closed, outcome])).toEqual([
      [null, ''],
      [7, 'settled'],
    ]);
    expect(response.leases[0]?.toDay).toBe('2026-12-05');
    expect(response.leases[0]?.agency).toBe('H26.118.05');
    expect(response.token).toBe('t');
    expect(response.order?.message).toHaveLength(5);
    expect(response.shown[0]?.purpose).toBe('revocations');
    expect(response.lastNumber).toBe(7);
  });
});

function at(pair: readonly number[]): { ms: number; counter: number } {
  return { ms: pair[0] ?? 0, counter: pair[1] ?? 0 };
}

function dotFrom([seat, seq, tag]: [number, number, string]) {
  return { seat, seq, tag: fromHex(tag) };
}

function linkedFrom(given: {
  seat: number;
  seq: number;
  head: string;
  change: string;
}): LinkedChange {
  const [skeletonBytes, bodyBytes] = split(fromHex(given.change));
  const { seat, seq } = given;
  const skeleton = readSkeleton(skeletonBytes);
  return { seat, seq, head: fromHex(given.head), skeletonBytes, bodyBytes, skeleton };
}

function fitsField(packed: Bytes): boolean {
  try {
    return findFault(unpack(packed)) === null;
  } catch (refusal) {
    if (refusal instanceof Refusal) return false;
    throw refusal;
  }
}
