/** Two people at one phone: whose photos still lie here, as the other one is told. */
import { expect, it } from 'vitest';
import { sealOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import { photoRow } from '../support/rows';
import { PIN, vaultPhone } from '../support/vaults';

// UX-2: a colleague's photos that nobody has sent keep a dossier from looking received.
it('counts the photos of whoever is locked, and says whose they are', async () => {
  const { world, phone } = await vaultPhone(await FakeOffice.open(), 'an', 'tam');
  const record = await sealOne({ world, phone });
  await phone.exchangeNow();
  for (const [id, stage] of [['one', 'named'], ['two', 'held'], ['loose', 'prepared']] as const) {
    const row = { ...photoRow(id, ''), draft: null, record, stage };
    await world.store.photos.add(row, new Uint8Array([1]));
  }
  expect(await phone.outbox()).toMatchObject({ photos: 1, records: [record], others: [] });

  await phone.lock();
  expect(await phone.outbox()).toMatchObject({ photos: 0, others: [{ staff: 'tam', photos: 1 }] });
  expect(await phone.unlock('an', PIN)).toEqual({ kind: 'unlocked' });
  expect(await phone.outbox()).toMatchObject({
    photos: 0,
    records: [],
    others: [{ staff: 'tam', photos: 1, records: [record] }],
  });
  expect(await phone.photosOf(record)).toEqual([]);
  expect(await phone.dossierTruth(record)).toEqual({
    place: 'sending',
    photos: { held: 1, of: 2 },
    isWaiting: true,
  });

  await phone.lock();
  await phone.unlock('tam', PIN);
  await world.store.photos.change('one', { stage: 'held' });
  await phone.lock();
  await phone.unlock('an', PIN);
  expect(await phone.outbox()).toMatchObject({ others: [] });
});
