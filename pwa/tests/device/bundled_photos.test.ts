/** Photos in a rescue file: a phone that dies without a network loses none of them either. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { ExportOutcome, ExportScope } from '../../src/device/outcomes';
import type { PhotoFile } from '../../src/device/shown';
import { bundlesIn } from '../../src/sync/bundle';
import { concat } from '../../src/sync/bytes';
import { type Enrolled, joinOffice, startOne } from '../support/enrolled';
import { FakeOffice } from '../support/office';
import type { OpenedBundle } from '../support/opening';
import { TOKEN, TusDoor } from '../support/tus_door';
import { settled } from '../support/world';

const PAPER = 'birth_declaration';
const PAPERS = { [PAPER]: { state: 'handed_in', count: 1 } } as const;
const MANY = 17;

let office: FakeOffice;
let here: Enrolled;

beforeEach(async () => {
  office = await FakeOffice.open();
  here = await joinOffice(office, 'tam', new TusDoor());
  await here.phone.fetchReference();
});

function picture(fill: number, size = 40): PhotoFile['bytes'] {
  return new Uint8Array(size).fill(fill + 1);
}

async function sealWith(pictures: readonly PhotoFile['bytes'][]): Promise<string> {
  const draft = await startOne(here.phone);
  here.world.turnClock(1_000);
  for (const bytes of pictures) {
    await here.phone.addPhoto(draft, PAPER, { bytes, type: 'image/jpeg', takenAt: 0 });
  }
  await settled();
  const outcome = await here.phone.seal(draft, { answers: {}, papers: PAPERS, step: '' });
  if (outcome.kind !== 'sealed') throw new Error(outcome.kind);
  return outcome.record;
}

async function exported(scope: ExportScope = 'unsent'): Promise<Extract<ExportOutcome, { kind: 'exported' }>> {
  const outcome = await here.phone.exportFile(scope, () => undefined);
  if (outcome.kind !== 'exported') throw new Error(outcome.kind);
  return outcome;
}

async function opened({ parts }: { readonly parts: readonly Uint8Array[] }): Promise<OpenedBundle[]> {
  const { bundles } = bundlesIn(concat(...parts.map((part) => new Uint8Array(part))));
  return await Promise.all(bundles.map(async (raw) => await office.bundleKey.open(raw)));
}

it('stand behind the changes that name them', async () => {
  const record = await sealWith([picture(1), picture(2)]);

  const file = await exported();

  expect(file).toMatchObject({ changes: 1, photos: 2, photosLeft: 0 });
  const [text, photos] = await opened(file);
  expect([text?.batches.length, text?.attachments]).toEqual([1, []]);
  expect(photos?.batches).toEqual([]);
  expect(photos?.attachments).toEqual([
    { record, type: 'image/jpeg', data: picture(1) },
    { record, type: 'image/jpeg', data: picture(2) },
  ]);
});

it('are in no bundle by the hundred, and what is too large for one is named', async () => {
  await sealWith([...Array(MANY).keys()].map((n) => picture(n)));
  await sealWith([picture(50, 4 * 1024 * 1024)]);

  const file = await exported();

  expect(file).toMatchObject({ photos: MANY, photosLeft: 1 });
  const sizes = (await opened(file)).map(({ attachments }) => attachments.length);
  expect(sizes).toEqual([0, 16, 1]);
});

it('go where only they are still owed, and with what no backup covers', async () => {
  await sealWith([picture(1)]);
  await here.phone.exchangeNow();
  expect(await exported()).toMatchObject({ changes: 0, photos: 1 });
  office.token = TOKEN;
  await here.phone.exchangeNow();
  await settled();

  expect((await here.phone.exportFile('unsent', () => undefined)).kind).toBe('nothing');
  expect(await exported('unsafe')).toMatchObject({ changes: 1, photos: 1 });
});

it('are left out where the disk has spoilt them (FAULT-6)', async () => {
  await sealWith([picture(1)]);
  const { photos } = here.world.store;
  vi.spyOn(photos, 'bytes').mockImplementation(() => Promise.resolve(picture(9)));

  expect(await exported()).toMatchObject({ changes: 1, photos: 0 });
});
