/** What the office says of changes that did not take effect reaches the people who wrote them. */
import { beforeEach, expect, it } from 'vitest';
import type { Phone } from '../../src/device/port';
import { fromHex } from '../../src/sync/bytes';
import type { Packable } from '../../src/sync/pack';
import { enrolledPhone, sealOne } from '../support/enrolled';
import type { FakeOffice } from '../support/office';
import type { TestWorld } from '../support/world';

let office: FakeOffice;
let world: TestWorld;
let phone: Phone;
let record: string;

beforeEach(async () => {
  ({ office, world, phone } = await enrolledPhone());
  record = await sealOne({ phone, world });
});

function quarantined(closed: number | null = null, outcome = ''): Packable {
  return {
    ...{ finding: 3, kind: 'quarantine', record: fromHex(record), seat: 11, seq: 1, field: null },
    ...{ reason: 'foreign-area', raised: office.time, closed, outcome },
  };
}

it('says that a change is not accepted yet, although it is received', async () => {
  office.findings = [quarantined()];

  await phone.exchangeNow();

  expect(await phone.dossierTruth(record)).toEqual({ place: 'attention', why: 'not-accepted' });
  const told = (await phone.device())?.findings ?? [];
  expect(told).toMatchObject([{ record, kind: 'quarantine', reason: 'foreign-area', closed: null }]);
});

it('says the outcome once it is decided, and forgets it when the office does', async () => {
  office.findings = [quarantined()];
  await phone.exchangeNow();
  office.findings = [quarantined(office.time, 'dismissed')];

  await phone.exchangeNow();

  expect(await phone.dossierTruth(record)).toMatchObject({ place: 'received' });
  expect((await phone.device())?.findings).toMatchObject([{ outcome: 'dismissed' }]);

  office.findings = [];
  await phone.exchangeNow();

  expect((await phone.device())?.findings).toEqual([]);
});
