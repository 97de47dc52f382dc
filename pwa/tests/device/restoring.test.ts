/** An office that was put back to an older copy of itself: what a phone takes, keeps, and shows. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Phone } from '../../src/device/port';
import { newKeys } from '../../src/device/keys';
import { decodeState } from '../../src/sync/record';
import { type Enrolled, enrolledPhone, joinOffice, sealOne } from '../support/enrolled';
import { type FakeOffice, type Heard, lostOnTheWayBack, markOf } from '../support/office';
import type { TestWorld } from '../support/world';

const NAME = 'answers.applicant_full_name';

let office: FakeOffice;
let world: TestWorld;
let phone: Phone;
let other: Enrolled;
let record: string;

/** Bà Lan, whose name somebody else mended before this phone read it. */
beforeEach(async () => {
  ({ office, world, phone } = await enrolledPhone());
  record = await sealOne({ phone, world }, { [NAME]: 'Bà Lan' });
  await phone.exchangeNow();
  other = await joinOffice(office, 'an');
  await other.phone.exchangeNow();
  await other.phone.revise(record, { [NAME]: 'Bà Lan Anh' }, 'Sai tên');
  await other.phone.exchangeNow();
  await phone.exchangeNow();
});

describe('FAULT-38: in a new epoch', () => {
  it('the office’s states are taken afresh, and what they lack is offered back once', async () => {
    expect(await nameOn(phone)).toBe('Bà Lan Anh');
    const before = (await world.store.record(record))?.state;
    office.fallBack({ logs: [12] });

    await phone.exchangeNow();

    expect(await nameOn(phone)).toBe('Bà Lan');
    expect(offersIn(office.heard)).toEqual([{ state: before, mac: markOf(before ?? none) }]);
    await phone.exchangeNow();
    expect(offersIn(office.heard)).toHaveLength(1);
    await other.phone.exchangeNow();
    await phone.exchangeNow();
    expect(await nameOn(phone)).toBe('Bà Lan Anh');
    expect((await world.store.record(record))?.state).toEqual(
      (await other.world.store.record(record))?.state,
    );
  });

  it('an offer goes up until an answer has come', async () => {
    office.fallBack({ logs: [12] });
    await phone.exchangeNow();
    const [offer] = offersIn(office.heard);
    if (offer === undefined) throw new Error('nothing was offered');
    await world.store.saveOffers([], [{ id: 'again', ...offer }]);
    office.faults.push(lostOnTheWayBack);

    expect(await phone.exchangeNow()).toEqual({ kind: 'offline' });
    await phone.exchangeNow();
    await phone.exchangeNow();

    expect(offersIn(office.heard)).toHaveLength(3);
    expect(await world.store.offers(10, 1_000)).toEqual([]);
  });

  it('this phone’s own changes stand on top, sent or not', async () => {
    await phone.revise(record, { 'answers.phone': '0987' }, 'Thêm số');
    await phone.exchangeNow();
    await phone.revise(record, { 'answers.village': 'Thôn 4' }, 'Thêm thôn');
    office.fallBack({ logs: [12] });
    office.logs.get(11)?.changes.splice(1);

    await phone.exchangeNow();

    const fields = (await phone.dossier(record))?.fields;
    expect(fields?.get('answers.phone')?.head.value).toBe('0987');
    expect(fields?.get('answers.village')?.head.value).toBe('Thôn 4');
    expect(office.shownIn(record, 'answers.village')).toBe('Thôn 4');
  });

  it('a record that the office no longer gives stays, and is offered', async () => {
    const theirs = await sealOne(other, { [NAME]: 'Ông Hà' });
    await other.phone.exchangeNow();
    await phone.exchangeNow();
    office.fallBack({ logs: [12] });

    await phone.exchangeNow();
    await phone.exchangeNow();

    expect((await phone.dossier(theirs))?.fields.get(NAME)?.head.value).toBe('Ông Hà');
    const offered = offersIn(office.heard).map(({ state }) => decodeState(state).record);
    expect(offered).toHaveLength(2);
    await other.phone.exchangeNow();
    await phone.exchangeNow();
    expect((await world.store.record(theirs))?.state).toEqual(
      (await other.world.store.record(theirs))?.state,
    );
  });

  it('the phone shows its papers, once', async () => {
    office.fallBack({});

    await phone.exchangeNow();
    const shown = office.heard.filter((one) => one.shown.includes('certificate'));
    await phone.exchangeNow();

    expect(shown.map((one) => one.shown)).toEqual([['enrolment', 'certificate']]);
    expect(office.heard.at(-1)?.shown).toEqual(['enrolment']);
  });
});

describe('an office that does not know', () => {
  it('the phone any more is shown who it is, at once', async () => {
    const held = office.logs.get(11)?.changes.length;
    await phone.revise(record, { 'answers.phone': '0987' }, 'Thêm số');
    office.fallBack({ devices: [2], seats: [11] });

    expect(await phone.exchangeNow()).toMatchObject({ kind: 'done' });

    expect(office.logs.get(11)?.changes).toHaveLength((held ?? 0) + 1);
    expect(await phone.device()).toMatchObject({ status: 'confirmed' });
  });

  it('a seat is shown its certificate before the log counts as refused', async () => {
    await phone.revise(record, { 'answers.phone': '0987' }, 'Thêm số');
    office.fallBack({ seats: [11] });
    office.epoch--;

    await phone.exchangeNow();

    expect(office.shownIn(record, 'answers.phone')).toBe('0987');
    expect((await world.store.seats())[0]?.trouble).toBeNull();
  });
});

it('FAULT-37: every request has the newest receipt of each seat', async () => {
  await phone.revise(record, { 'answers.phone': '0987' }, 'Thêm số');
  await phone.exchangeNow();
  await phone.exchangeNow();

  expect(office.heard.at(-1)?.receipts).toEqual([2]);
});

it('FAULT-45: a phone put back to its own older copy reads in the same exchange', async () => {
  const device = office.devices.get(2);
  if (device !== undefined) device.last += 20;
  await other.phone.revise(record, { [NAME]: 'Bà Lan Hương' }, 'Sai tên');
  await other.phone.exchangeNow();

  await phone.exchangeNow();

  expect(await nameOn(phone)).toBe('Bà Lan Hương');
});

describe('a paper', () => {
  it('is kept if the office signed it: lists by their number, the confirmed enrolment', async () => {
    const list = async (number: number, keys?: CryptoKeyPair): Promise<void> => {
      office.papers = [await office.paper('revocations', ['test-office', number, [], 5], keys)];
      await phone.exchangeNow();
      await phone.exchangeNow();
    };

    await list(4);
    expect(office.heard.at(-1)?.lists).toBe(4);
    await list(3);
    await list(9, await newKeys());
    expect(office.heard.at(-1)?.lists).toBe(4);
    const places = ['test-office', 2, new Uint8Array(65), 5, 'confirmed', 'Máy của tam'];
    office.papers = [await office.paper('enrolment', places)];
    await phone.exchangeNow();
    await phone.exchangeNow();
    expect(office.heard.at(-1)?.shown).toEqual([]);
  });

  it('of a lost life is shown before a newer list takes its place', async () => {
    office.papers = [await office.paper('revocations', ['test-office', 4, [], 5])];
    await phone.exchangeNow();
    office.fallBack({});
    office.papers = [await office.paper('revocations', ['test-office', 1_000_001, [], 5])];

    await phone.exchangeNow();

    const shown = office.heard.filter((one) => one.shown.includes('revocations'));
    expect(shown.map(({ lists }) => lists)).toEqual([4]);
    await phone.exchangeNow();
    expect(office.heard.at(-1)?.lists).toBe(1_000_001);
  });
});

const none = new Uint8Array();

async function nameOn(one: Phone): Promise<unknown> {
  return (await one.dossier(record))?.fields.get(NAME)?.head.value;
}

function offersIn(heard: readonly Heard[]): Heard['offered'][number][] {
  return heard.flatMap(({ offered }) => offered);
}
