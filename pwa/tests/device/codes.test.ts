/** Codes that the phone gives: each once, whatever clock, tab, crash or copy says (FAULT-46). */
import { beforeEach, describe, expect, it } from 'vitest';
import { phoneWith } from '../../src/device/phone';
import { PROVISIONAL, codeKind } from '../../src/sync/codes';
import { type Enrolled, enrolledPhone, joinOffice, sealOne, startOne } from '../support/enrolled';
import { newWorld } from '../support/world';

const DAY_MS = 86_400_000;
const SEAT = 11;

let here: Enrolled;

beforeEach(async () => {
  here = await enrolledPhone();
});

function lease(number: number, first: number, last: number, seat = SEAT) {
  const days = { from_day: '2026-11-22', to_day: '2026-12-05' };
  return { lease: number, seat, first, last, ...days, agency: 'H26.118.05' };
}

async function leased(...leases: ReturnType<typeof lease>[]): Promise<void> {
  here.office.leases = leases;
  await here.phone.exchangeNow();
  here.office.leases = [];
}

async function codeOf(record: string, { phone } = here): Promise<string> {
  return (await phone.dossier(record))?.code?.text ?? '';
}

async function sealedCode(enrolled = here): Promise<string> {
  return await codeOf(await sealOne(enrolled), enrolled);
}

describe('a phone with a lease', () => {
  it('gives an official code without network, one after the other', async () => {
    await leased(lease(4, 2001, 2100));

    expect(await sealedCode()).toBe('H26.118.05-261122-2001');
    expect(await sealedCode()).toBe('H26.118.05-261122-2002');
    expect((await here.phone.seats())[0]?.codes).toEqual({ left: 98, until: '2026-12-05' });
  });

  it('goes on in the next range, then gives provisional codes', async () => {
    await leased(lease(4, 2001, 2001), lease(5, 2101, 2101));
    const codes = [await sealedCode(), await sealedCode(), await sealedCode()];

    expect(codes.slice(0, 2)).toEqual(['H26.118.05-261122-2001', 'H26.118.05-261122-2101']);
    expect(codeKind(codes[2] ?? '')).toBe('provisional');
  });

  it('never gives a number twice when the clock goes back or forward', async () => {
    await leased(lease(4, 2001, 2100));
    const codes: string[] = [];
    for (const days of [0, 1, -1, 30, -30, -5, 5]) {
      here.world.turnClock(days * DAY_MS);
      codes.push(await sealedCode());
    }

    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => codeKind(code) === 'provisional')).toHaveLength(2);
  });

  it('gives each its own number when several are sealed at once, in two tabs', async () => {
    await leased(lease(4, 2001, 2100));
    const other = phoneWith(newWorld(here.office, here.world.disk));
    const drafts = await Promise.all([1, 2, 3, 4].map(async () => await startOne(here.phone)));
    const answers = { answers: {}, papers: {}, step: '' };
    await Promise.all(
      drafts.map(async (draft, place) => {
        await (place % 2 === 0 ? here.phone : other).seal(draft, answers);
      }),
    );
    const codes = await Promise.all(drafts.map(async ({ record }) => await codeOf(record)));

    expect(codes.sort()).toEqual(
      [2001, 2002, 2003, 2004].map((number) => `H26.118.05-261122-${number}`),
    );
  });

  it('says what it has used, and goes on from there when the same lease comes again', async () => {
    await leased(lease(4, 2001, 2100));
    await sealedCode();
    await leased(lease(4, 2001, 2100));

    expect(here.office.named.at(-1)).toEqual([[4, 2001]]);
    expect(await sealedCode()).toBe('H26.118.05-261122-2002');
  });

  it('says the last word on a lease that is over, once', async () => {
    await leased(lease(4, 2001, 2100));
    await sealedCode();
    here.world.turnClock(20 * DAY_MS);
    here.office.time += 20 * DAY_MS;
    await here.phone.exchangeNow();
    await here.phone.exchangeNow();

    expect(here.office.named.slice(-2)).toEqual([[[4, 2001]], []]);
  });

  it('keeps the code when the dossier is revised', async () => {
    await leased(lease(4, 2001, 2100));
    const record = await sealOne(here);
    await here.phone.revise(record, { 'answers.name': 'An' }, 'đổi tên');

    expect(await codeOf(record)).toBe('H26.118.05-261122-2001');
  });
});

describe('a lease of somebody else', () => {
  it('is nothing to this person', async () => {
    await leased(lease(4, 2001, 2100, 99));

    expect(codeKind(await sealedCode())).toBe('provisional');
    expect((await here.phone.seats())[0]?.codes).toBeNull();
  });

  it('is not used on from a log that parted: the twin may be using it', async () => {
    await leased(lease(4, 2001, 2100));
    await here.world.store.changeSeat(SEAT, { trouble: 'log-forked' });

    expect(codeKind(await sealedCode())).toBe('provisional');
  });
});

describe('a phone without a lease', () => {
  it('gives provisional codes of its own, marked as such', async () => {
    const other = await joinOffice(here.office, 'an');
    const codes = [await sealedCode(), await sealedCode(), await sealedCode(other)];
    const record = await sealOne(here);

    expect(codes.map(codeKind)).toEqual(['provisional', 'provisional', 'provisional']);
    expect(new Set(codes).size).toBe(3);
    expect((await here.phone.dossier(record))?.code?.isProvisional).toBe(true);
    expect((await here.phone.dossier(record))?.fields.has(PROVISIONAL)).toBe(true);
  });
});

it('uses up no number where nothing was sealed: both are one write', async () => {
  await leased(lease(4, 2001, 2100));
  const { store } = here.world;
  const draft = await startOne(here.phone);
  const append = store.append.bind(store);
  store.append = () => Promise.resolve('raced');
  await here.phone.seal(draft, { answers: {}, papers: {}, step: '' });
  store.append = append;

  expect((await store.codes.leases())[0]?.used).toEqual({});
  expect(await sealedCode()).toBe('H26.118.05-261122-2001');
});
