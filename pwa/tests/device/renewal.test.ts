/** A log that parted from the office's goes on under a new seat, and nothing of it is lost. */
import { expect, it, test } from 'vitest';
import { changesAbove } from '../../src/device/own_log';
import { takePage } from '../../src/device/pages';
import { hex } from '../../src/sync/bytes';
import { bodyHash } from '../../src/sync/chain';
import { valuesOf } from '../../src/sync/change';
import { type Enrolled, cloneOf, enrolledPhone, sealOne } from '../support/enrolled';
import { lostOnTheWayBack } from '../support/office';

const NAME = 'answers.child_full_name';
const NOTE = 'answers.note';
const NONE = new Uint8Array();

async function seatOf({ world }: Enrolled): Promise<number> {
  return (await world.store.device())?.seat ?? 0;
}

async function signInAnew(one: Enrolled): Promise<void> {
  const outcome = await one.phone.signIn('tam', 'luudong-demo');
  expect(outcome.kind).toBe('signed-in');
}

async function shownOn({ phone }: Enrolled, record: string, field: string): Promise<unknown> {
  return (await phone.dossier(record))?.fields.get(field)?.head.value;
}

/** Two phones with one profile, after each has worked apart and the first has sent. */
async function twins(): Promise<{
  readonly one: Enrolled;
  readonly two: Enrolled;
  readonly shared: string;
  readonly ofTwo: string;
}> {
  const one = await enrolledPhone();
  const shared = await sealOne(one, { [NAME]: 'Bé An' });
  await one.phone.exchangeNow();
  const two = await cloneOf(one);
  await sealOne(one, { [NAME]: 'Của máy một' });
  await one.phone.revise(shared, { [NOTE]: 'một' }, 'máy một');
  const ofTwo = await sealOne(two, { [NAME]: 'Của máy hai' });
  await two.phone.revise(shared, { [NOTE]: 'hai', 'answers.phone': '0912' }, 'máy hai');
  await two.phone.revise(ofTwo, { [NAME]: 'Của máy hai, sửa' }, 'sai tên');
  await one.phone.exchangeNow();
  return { one, two, shared, ofTwo };
}

it('keeps what a cloned phone did, and both answers where the two disagree (FAULT-44)', async () => {
  const { one, two, shared, ofTwo } = await twins();
  const { office } = one;
  await two.phone.exchangeNow();
  expect((await two.phone.seats())[0]?.trouble).toBe('log-forked');
  expect(office.branches).toHaveLength(1);
  expect(await shownOn(two, shared, NOTE)).toBe('hai');

  await signInAnew(two);
  await two.phone.exchangeNow();

  expect(office.shownIn(ofTwo, NAME)).toBe('Của máy hai, sửa');
  expect(office.shownIn(shared, 'answers.phone')).toBe('0912');
  const conflicts = (await two.phone.dossier(shared))?.conflicts;
  expect(conflicts).toEqual([NOTE]);
  expect((await two.phone.outbox()).changes).toBe(0);
  expect(await two.phone.dossierTruth(ofTwo)).toMatchObject({ place: 'received' });
  await one.phone.exchangeNow();
  expect((await one.phone.dossier(shared))?.conflicts).toEqual([NOTE]);
  expect(await shownOn(one, ofTwo, NAME)).toBe('Của máy hai, sửa');
});

it('hands in what was to go over from a device that is revoked, which no page reaches (FAULT-47)', async () => {
  const { two, ofTwo } = await twins();
  const { office, phone } = two;
  await phone.exchangeNow();
  await signInAnew(two);
  for (const device of office.devices.values()) device.status = 'revoked';

  await phone.exchangeNow();

  expect(office.shownIn(ofTwo, NAME)).toBe('Của máy hai, sửa');
  expect((await phone.outbox()).changes).toBe(0);
});

it('says nothing again that was erased by law on the branch, and goes on past it', async () => {
  const { two, shared, ofTwo } = await twins();
  const { office } = two;
  await two.phone.exchangeNow();
  const branch = await changesAbove(two.world.store, 11, 1);
  const erased = branch.filter(({ skeleton }) => hex(skeleton?.record ?? NONE) === ofTwo);
  const listed = erased.map(({ seq, bodyBytes }) => [11, seq, bodyHash(bodyBytes)] as const);
  office.shown = [await office.signedErasures(4, listed)];
  await two.phone.exchangeNow();

  await signInAnew(two);
  await two.phone.exchangeNow();

  expect(listed).toHaveLength(2);
  expect(office.shownIn(ofTwo, NAME)).toBeNull();
  expect(office.shownIn(shared, 'answers.phone')).toBe('0912');
  expect((await two.phone.outbox()).changes).toBe(0);
});

it('finds where the logs parted if only a lost life of the office knew it (FAULT-38, 44)', async () => {
  const one = await enrolledPhone();
  const shared = await sealOne(one, { [NAME]: 'Bé An' });
  await one.phone.exchangeNow();
  const two = await cloneOf(one);
  for (const note of ['một', 'hai', 'ba']) await two.phone.revise(shared, { [NOTE]: note }, note);
  const ofTwo = await sealOne(two, { [NAME]: 'Của máy hai' });
  await two.phone.exchangeNow();
  const { office } = one;
  office.logs.get(await seatOf(one))?.changes.splice(1);
  office.fallBack({});
  for (let count = 0; count < 5; count++) await sealOne(one, { [NAME]: 'Của máy một' });
  await one.phone.exchangeNow();

  // The first says that the office begins anew; the last, which of its changes the office lacks.
  await two.phone.exchangeNow();
  await two.phone.exchangeNow();

  expect((await two.phone.seats())[0]?.trouble).toMatch(/^log-/);
  await signInAnew(two);
  await two.phone.exchangeNow();
  expect(office.shownIn(ofTwo, NAME)).toBe('Của máy hai');
  expect((await two.world.store.seats()).at(-1)?.continues).toMatchObject({ common: 1 });
  expect(await two.phone.dossierTruth(ofTwo)).toMatchObject({ place: 'received' });
});

it('tells screens when a log has parted', async () => {
  const { two } = await twins();
  const heard: string[] = [];
  two.phone.watch((topic) => heard.push(topic));
  await two.phone.exchangeNow();

  expect(heard).toContain('seats');
});

it('names the old log in its first change', async () => {
  const { two } = await twins();
  const old = await seatOf(two);
  await two.phone.exchangeNow();
  const before = (await two.world.store.seats()).find(({ seat }) => seat === old);
  await signInAnew(two);

  const [first] = await changesAbove(two.world.store, await seatOf(two), 0);
  expect(first?.skeleton?.kind).toBe('seat');
  expect([...(first?.skeleton?.fields.keys() ?? [])]).toEqual(['continues', 'reason']);
  const [continues, reason] = valuesOf(first?.bodyBytes ?? new Uint8Array());
  expect(reason).toBe('log-forked');
  expect(continues).toMatchObject({ seat: old, last: before?.last });
});

it('lets whichever of the two comes second go on', async () => {
  const { one, two, ofTwo } = await twins();
  await two.phone.exchangeNow();
  await signInAnew(two);
  await two.phone.exchangeNow();
  const later = await sealOne(one, { [NAME]: 'Một đi tiếp' });
  await one.phone.exchangeNow();

  expect((await one.phone.seats())[0]?.trouble).toBeNull();
  expect(one.office.shownIn(later, NAME)).toBe('Một đi tiếp');
  expect(one.office.shownIn(ofTwo, NAME)).toBe('Của máy hai, sửa');
});

it('carries over once, however often it is interrupted', async () => {
  const { two, shared, ofTwo } = await twins();
  const { office } = two;
  await two.phone.exchangeNow();
  office.faults.push(async (answer) => await answer(), lostOnTheWayBack, lostOnTheWayBack);
  await signInAnew(two);
  for (let tries = 0; tries < 4; tries++) await two.phone.exchangeNow();

  const seat = await seatOf(two);
  const written = await changesAbove(two.world.store, seat, 0);
  expect(written).toHaveLength(1 + 3);
  expect(office.shownIn(ofTwo, NAME)).toBe('Của máy hai, sửa');
  expect(office.shownIn(shared, 'answers.phone')).toBe('0912');
  expect((await two.phone.outbox()).changes).toBe(0);
});

it('carries on for a seat whose own log parts before all has gone over (FAULT-44)', async () => {
  const { two, shared, ofTwo } = await twins();
  const { office, phone, world } = two;
  await phone.exchangeNow();
  await signInAnew(two);
  await world.store.changeSeat(await seatOf(two), { trouble: 'log-old' });
  await signInAnew(two);
  await phone.exchangeNow();

  expect(office.shownIn(ofTwo, NAME)).toBe('Của máy hai, sửa');
  expect(office.shownIn(shared, 'answers.phone')).toBe('0912');
  expect((await phone.outbox()).changes).toBe(0);
});

it('says that a record is between two logs until the office has answered', async () => {
  const { two, shared } = await twins();
  await two.phone.exchangeNow();
  await signInAnew(two);

  expect(await two.phone.revise(shared, { [NOTE]: 'x' }, 'x')).toEqual({ kind: 'signing-in-anew' });
  const fresh = await sealOne(two, { [NAME]: 'Mới' });
  await two.phone.exchangeNow();
  expect((await two.phone.revise(shared, { [NOTE]: 'x' }, 'x')).kind).toBe('sealed');
  await two.phone.exchangeNow();
  expect(two.office.shownIn(fresh, NAME)).toBe('Mới');
  expect(two.office.shownIn(shared, NOTE)).toBe('x');
});

it('goes on on a phone that was put back to its own old copy (FAULT-45)', async () => {
  const phone = await enrolledPhone();
  const record = await sealOne(phone, { [NAME]: 'Bé An' });
  await phone.phone.exchangeNow();
  const old = await cloneOf(phone);
  await phone.phone.revise(record, { [NOTE]: 'sau bản sao' }, 'x');
  await phone.phone.exchangeNow();

  await old.phone.exchangeNow();
  expect((await old.phone.seats())[0]?.trouble).toBe('log-old');
  const work = await sealOne(old, { [NAME]: 'Sau khi khôi phục' });
  await signInAnew(old);
  await old.phone.exchangeNow();

  expect(old.office.shownIn(work, NAME)).toBe('Sau khi khôi phục');
  expect(await shownOn(old, record, NOTE)).toBe('sau bản sao');
  expect((await old.phone.outbox()).changes).toBe(0);
});

test('a power cut that lost the end of a log costs only what was never on the disk (FAULT-5)', async () => {
  const phone = await enrolledPhone();
  const before = await cloneOf(phone);
  const record = await sealOne(phone, { [NAME]: 'Bé An' });
  await phone.phone.exchangeNow();
  const again = await sealOne(before, { [NAME]: 'Làm lại' });
  await before.phone.exchangeNow();

  await signInAnew(before);
  await before.phone.exchangeNow();

  expect(before.office.shownIn(again, NAME)).toBe('Làm lại');
  expect(await shownOn(before, record, NAME)).toBe('Bé An');
});

it('does not carry what the office has by another hand, nor what another seat replaced', async () => {
  const one = await enrolledPhone();
  const record = await sealOne(one, { [NAME]: 'Bé An' });
  await one.phone.exchangeNow();
  const two = await cloneOf(one);
  await one.phone.revise(record, { [NOTE]: 'như nhau' }, 'máy một');
  await one.phone.exchangeNow();
  await two.phone.revise(record, { [NOTE]: 'như nhau' }, 'máy hai');
  await two.phone.exchangeNow();
  await signInAnew(two);
  await two.phone.exchangeNow();

  const dossier = await two.phone.dossier(record);
  expect(dossier?.conflicts).toEqual([]);
  expect(dossier?.fields.get(NOTE)?.rivals).toEqual([]);
  expect(dossier?.notes.map(({ reason }) => reason).sort()).toEqual(['máy hai', 'máy một']);
});

it('keeps drafts where they are', async () => {
  const { two } = await twins();
  const draft = await two.phone.startDraft({
    procedure: '1.001193',
    catalogueVersion: '2026-11',
    area: '10441',
  });
  await two.phone.exchangeNow();
  await signInAnew(two);
  await two.phone.exchangeNow();

  expect(await two.phone.drafts()).toEqual(draft.kind === 'saved' ? [draft.draft] : []);
});

/** Two people on one phone, put back to its own old copy; An has signed in anew since, and Bình not. */
async function putBack(): Promise<{
  readonly one: Enrolled;
  readonly old: Enrolled;
  readonly record: string;
  readonly seats: { readonly an: number; readonly binh: number };
}> {
  const one = await enrolledPhone();
  await one.phone.leaveAfter(365);
  const an = await seatOf(one);
  expect((await one.phone.signIn('binh', 'luudong-demo')).kind).toBe('signed-in');
  const binh = await seatOf(one);
  const record = await sealOne(one, { [NAME]: 'Bé An' });
  await one.phone.exchangeNow();
  const old = await cloneOf(one);
  await workAs(one, an);
  await one.phone.revise(record, { [NOTE]: 'An, sau bản sao' }, 'x');
  await one.phone.exchangeNow();
  await workAs(old, an);
  await old.phone.exchangeNow();
  await signInAnew(old);
  await old.phone.exchangeNow();
  return { one, old, record, seats: { an: await seatOf(old), binh } };
}

async function workAs({ world }: Enrolled, seat: number): Promise<void> {
  await world.store.changeDevice((device) => ({ ...device, seat }));
}

/** Bình's log parts only now: on this phone and on its double Bình writes the same number. */
async function partToo(one: Enrolled, old: Enrolled, binh: number, record: string): Promise<void> {
  await workAs(one, binh);
  await one.phone.revise(record, { [NOTE]: 'Bình, máy kia' }, 'x');
  await one.phone.exchangeNow();
  await old.phone.exchangeNow();
  const trouble = (await old.world.store.seats()).find(({ seat }) => seat === binh)?.trouble;
  expect(trouble).toBe('log-forked');
}

/** The office folds all that it was sent of a record: nothing waits for what never comes. */
async function requireNothingWaits({ office, world }: Enrolled, record: string): Promise<void> {
  const state = office.state(record);
  for (const { seat } of await world.store.seats()) {
    const own = (office.logs.get(seat)?.changes ?? []).filter(
      ({ skeleton }) => hex(skeleton?.record ?? new Uint8Array()) === record,
    );
    expect(state?.seen.get(seat) ?? 0).toBe(own.at(-1)?.seq ?? 0);
  }
}

it('goes on where a second log of the phone parts after the first was renewed (FAULT-45)', async () => {
  const { one, old, record, seats } = await putBack();
  await workAs(old, seats.binh);
  await old.phone.revise(record, { 'answers.phone': '0912' }, 'Bình, máy này');
  await workAs(old, seats.an);
  await old.phone.revise(record, { 'answers.phone': '0913' }, 'An, dựa vào Bình');
  await partToo(one, old, seats.binh, record);
  expect((await old.phone.revise(record, { [NOTE]: 'x' }, 'x')).kind).toBe('sealed');
  await workAs(old, seats.binh);
  expect((await old.phone.signIn('binh', 'luudong-demo')).kind).toBe('signed-in');
  await old.phone.exchangeNow();
  await workAs(old, seats.an);
  await old.phone.exchangeNow();
  expect((await old.phone.revise(record, { [NOTE]: 'An, sau cùng' }, 'x')).kind).toBe('sealed');
  await old.phone.exchangeNow();

  await requireNothingWaits(old, record);
  expect(old.office.shownIn(record, NOTE)).toBe('An, sau cùng');
  expect(old.office.shownIn(record, 'answers.phone')).toBe('0913');
  expect((await old.phone.outbox()).changes).toBe(0);
});

it('forgets nothing that only the office still has a copy of (FAULT-45)', async () => {
  const { one, old, record, seats } = await putBack();
  await old.phone.revise(record, { 'answers.phone': '0913' }, 'An, trước khi bỏ bản sao');
  await old.phone.exchangeNow();
  old.office.safe.set(seats.an, 99);
  await old.phone.exchangeNow();
  old.office.time += 31 * 24 * 60 * 60 * 1000;
  await old.phone.exchangeNow();
  expect(await changesAbove(old.world.store, seats.an, 0)).toEqual([]);
  await workAs(old, seats.binh);
  await old.phone.revise(record, { [NAME]: 'Bình, máy này' }, 'x');
  await partToo(one, old, seats.binh, record);
  expect((await old.phone.signIn('binh', 'luudong-demo')).kind).toBe('signed-in');
  // Bình may not read it any more; An still does.
  old.office.withheld.set(await seatOf(old), record);
  await old.phone.exchangeNow();

  await workAs(old, seats.an);
  expect(await shownOn(old, record, 'answers.phone')).toBe('0913');
  const early = await old.phone.revise(record, { [NOTE]: 'sớm' }, 'x');
  expect(early.kind).toBe('signing-in-anew');
  await old.phone.exchangeNow();
  expect((await old.phone.revise(record, { [NOTE]: 'An, sau cùng' }, 'x')).kind).toBe('sealed');
  await old.phone.exchangeNow();

  await requireNothingWaits(old, record);
  expect(old.office.shownIn(record, NOTE)).toBe('An, sau cùng');
  expect(old.office.shownIn(record, NAME)).toBe('Bình, máy này');
  expect((await old.phone.outbox()).changes).toBe(0);
});

it('carries over what a restored office lost, though its lost life had given it here (FAULT-38, 45)', async () => {
  const one = await enrolledPhone();
  const { office } = one;
  const an = await seatOf(one);
  const record = await sealOne(one, { [NAME]: 'Bé An' });
  expect((await one.phone.signIn('binh', 'luudong-demo')).kind).toBe('signed-in');
  const binh = await seatOf(one);
  const old = await cloneOf(one);
  await sealOne(one, { [NAME]: 'Bình, máy kia' });
  await workAs(one, an);
  await one.phone.revise(record, { [NOTE]: 'An, sau bản sao' }, 'x');
  await one.phone.exchangeNow();
  await workAs(old, binh);
  await sealOne(old, { [NAME]: 'Bình, máy này' });
  await old.phone.exchangeNow();
  await workAs(old, an);
  await old.phone.signIn('tam', 'luudong-demo');
  const anAnew = await seatOf(old);
  await workAs(old, binh);
  expect((await old.phone.signIn('binh', 'luudong-demo')).kind).toBe('signed-in');
  // The record comes for Bình, who signed in last, and with all that An's log says.
  await old.phone.exchangeNow();
  expect(await shownOn(old, record, NOTE)).toBe('An, sau bản sao');

  office.fallBack({ logs: [an] });
  await workAs(old, anAnew);
  await old.phone.exchangeNow();
  await old.phone.exchangeNow();

  expect(office.shownIn(record, NAME)).toBe('Bé An');
  expect((await old.phone.outbox()).changes).toBe(0);
});

it('takes no page that was asked for before feeds began again: it would leave a gap', async () => {
  const { world } = await enrolledPhone();
  const { store } = world;
  const [reader] = await store.seats();
  if (reader === undefined) throw new Error('nobody is at work');
  const none = new Uint8Array();
  const page = { entries: none, packed: none, macs: none, cursor: 3, more: false };
  const take = async (readAnew: number): Promise<string[] | null> =>
    await takePage(store, { reader, readAnew }, '10441', page, 1);

  expect(await take(0)).toEqual([]);
  await store.forgetCursors();

  expect(await take(0)).toBeNull();
  expect(await store.cursors()).toEqual(new Map());
  expect(await take(1)).toEqual([]);
});

it('carries hundreds of changes over, page by page', async () => {
  const one = await enrolledPhone();
  one.office.statesAPage = 3;
  const records: string[] = [];
  for (let n = 0; n < 12; n++) records.push(await sealOne(one, { [NAME]: `Bé ${n}` }));
  await one.phone.exchangeNow();
  const two = await cloneOf(one);
  await one.phone.revise(records[0] ?? '', { [NOTE]: 'một' }, 'x');
  await one.phone.exchangeNow();
  for (const record of records) await two.phone.revise(record, { [NOTE]: record }, 'x');
  await two.phone.exchangeNow();
  await signInAnew(two);
  await two.phone.exchangeNow();

  for (const record of records.slice(1)) expect(two.office.shownIn(record, NOTE)).toBe(record);
  expect((await two.phone.dossier(records[0] ?? ''))?.conflicts).toEqual([NOTE]);
});
