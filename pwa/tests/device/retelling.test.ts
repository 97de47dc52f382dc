/** A log parted, its person signed in anew, and then the office was put back to an old backup. */
import { describe, expect, it } from 'vitest';
import { decodeState, seenOf } from '../../src/sync/record';
import { type Enrolled, cloneOf, enrolledPhone, sealOne } from '../support/enrolled';

const NAME = 'answers.child_full_name';
const NOTE = 'answers.note';
const SEAT = 11;

async function renew({ phone }: Enrolled): Promise<void> {
  expect((await phone.signIn('tam', 'luudong-demo')).kind).toBe('signed-in');
  await phone.exchangeNow();
}

/** A phone that was put back to its own copy, and went on under a new seat. */
async function putBack(): Promise<{ readonly old: Enrolled; readonly record: string }> {
  const phone = await enrolledPhone();
  const record = await sealOne(phone, { [NAME]: 'Bé An' });
  await phone.phone.revise(record, { [NAME]: 'Bé Anh' }, 'x');
  await phone.phone.exchangeNow();
  const old = await cloneOf(phone);
  await phone.phone.revise(record, { [NOTE]: 'sau bản sao' }, 'x');
  await phone.phone.exchangeNow();
  await old.phone.exchangeNow();
  await renew(old);
  return { old, record };
}

async function seatAsKept({ world }: Enrolled): Promise<unknown> {
  return (await world.store.seats()).find(({ seat }) => seat === SEAT);
}

describe('FAULT-38, FAULT-45: an office that lost what came before the log parted', () => {
  it('is told it again by the phone that has it', async () => {
    const { old, record } = await putBack();
    old.office.fallBack({ logs: [SEAT] });
    expect(old.office.shownIn(record, NAME)).toBeNull();

    await old.phone.exchangeNow();

    expect(old.office.shownIn(record, NAME)).toBe('Bé Anh');
    expect(await seatAsKept(old)).toMatchObject({ agreed: { upTo: 2, epoch: 2 } });
    expect((await old.phone.outbox()).changes).toBe(0);
  });

  it('is told so hundreds of changes, a batch at a time', async () => {
    const phone = await enrolledPhone();
    const record = await sealOne(phone, { [NAME]: 'Bé An' });
    for (let n = 0; n < 201; n++) await phone.phone.revise(record, { [NOTE]: `${n}` }, 'x');
    while ((await phone.phone.outbox()).changes > 0) await phone.phone.exchangeNow();
    const old = await cloneOf(phone);
    await phone.phone.revise(record, { [NOTE]: 'sau bản sao' }, 'x');
    await phone.phone.exchangeNow();
    await old.phone.exchangeNow();
    await renew(old);
    old.office.fallBack({ logs: [SEAT] });

    await old.phone.exchangeNow();

    expect(old.office.shownIn(record, NOTE)).toBe('200');
    expect(await seatAsKept(old)).toMatchObject({ agreed: { upTo: 202, epoch: 2 } });
  });

  it('hears nothing more of it once it holds it, and nothing at all in the same epoch', async () => {
    const { old } = await putBack();
    await old.phone.exchangeNow();
    expect(old.office.heard.at(-1)?.logs).toBe(1);
    old.office.fallBack({});

    await old.phone.exchangeNow();
    expect(old.office.branches).toEqual([]);
    await old.phone.exchangeNow();

    expect(old.office.heard.at(-1)?.logs).toBe(1);
  });

  it('that lacks what this phone has dropped, too, is not asked without end', async () => {
    const { old } = await putBack();
    await old.world.store.changeSeat(SEAT, { agreed: { upTo: 2, epoch: 1 } });
    await old.world.store.dropEntries(SEAT, 1);
    old.office.fallBack({ logs: [SEAT] });
    const before = old.office.heard.length;

    await old.phone.exchangeNow();
    await old.phone.exchangeNow();

    expect(old.office.heard.length - before).toBeLessThan(8);
    expect(await seatAsKept(old)).toMatchObject({ agreed: { upTo: 2, epoch: 1 } });
  });
});

/** Its log parted, it signed in anew, and a copy came first at a restored office with other changes. */
async function partedEarlier(): Promise<{
  readonly one: Enrolled;
  readonly two: Enrolled;
  readonly record: string;
}> {
  const one = await enrolledPhone();
  const record = await sealOne(one, { [NAME]: 'Bé An' });
  await one.phone.exchangeNow();
  const two = await cloneOf(one);
  await two.phone.revise(record, { [NOTE]: 'máy hai' }, 'x');
  await two.phone.exchangeNow();
  const three = await cloneOf(two);
  await three.phone.revise(record, { 'answers.phone': '0912' }, 'x');
  await three.phone.exchangeNow();
  await two.phone.revise(record, { 'answers.phone': '0913' }, 'x');
  await two.phone.exchangeNow();
  await renew(two);
  two.office.fallBack({ logs: [SEAT] });
  await one.phone.revise(record, { [NOTE]: 'máy một' }, 'x');
  await one.phone.exchangeNow();
  two.office.branches.length = 0;
  return { one, two, record };
}

async function noteOf({ phone }: Enrolled, record: string): Promise<unknown[]> {
  const field = (await phone.dossier(record))?.fields.get(NOTE);
  return [field?.head.value, ...(field?.rivals ?? []).map(({ value }) => value)];
}

describe('a log that parted earlier than its phone knew', () => {
  it('stands on no change that the office has otherwise, and the office keeps it', async () => {
    const { two, record } = await partedEarlier();
    const { office, world, phone } = two;

    await phone.exchangeNow();

    const [branch] = office.branches;
    expect(branch).toMatchObject({ seat: SEAT, first: 1 });
    expect(branch?.changes).toHaveLength(2);
    const dossier = await phone.dossier(record);
    expect(dossier?.fields.get('answers.phone')?.head.value).toBe('0913');
    const here = decodeState((await world.store.record(record))?.state ?? new Uint8Array());
    expect(seenOf(here, SEAT)).toBe(2);
    expect((await phone.revise(record, { [NOTE]: 'lại' }, 'x')).kind).toBe('sealed');
  });

  it('has what nobody had carried over written anew, beside what came first', async () => {
    const { one, two, record } = await partedEarlier();
    const { office, phone } = two;

    await phone.exchangeNow();

    expect(await noteOf(two, record)).toEqual(['máy hai', 'máy một']);
    expect((await phone.outbox()).changes).toBe(0);
    office.fallBack({ logs: [SEAT] }); // the branch that it kept is lost with it
    await one.phone.exchangeNow();
    await phone.exchangeNow();
    await one.phone.exchangeNow();
    expect(await noteOf(one, record)).toEqual(['máy hai', 'máy một']);
  });

  it('carries nothing twice, nor what was replaced meanwhile', async () => {
    const { two, record } = await partedEarlier();
    const { office, phone, world } = two;
    await phone.revise(record, { [NOTE]: 'máy hai, sửa' }, 'x');
    const seat = (await world.store.device())?.seat ?? 0;

    await phone.exchangeNow();
    const count = office.logs.get(seat)?.changes.length;
    await phone.exchangeNow();

    expect(await noteOf(two, record)).toEqual(['máy hai, sửa', 'máy một']);
    expect(office.logs.get(seat)?.changes.length).toBe(count);
  });
});
