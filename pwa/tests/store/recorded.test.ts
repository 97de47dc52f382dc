/**
 * Old queues stay readable (FAULT-16): the disk of every version that the store has had, recorded
 * as its app left it, is opened by today's app, which finds all of it and hands it in.
 *
 * Each holds the same: a dossier that the office has, one sealed and corrected that it has not, a
 * draft; from version 5 a photo with each of the two, from 6 a vault, from 7 leased codes.
 */
import { describe, expect, it } from 'vitest';
import { phoneWith } from '../../src/device/phone';
import { indexedStore } from '../../src/store/indexed';
import { VERSION } from '../../src/store/schema';
import { VaultSealing } from '../../src/store/vault_sealing';
import { enrolledPhone, sealOne } from '../support/enrolled';
import { layOut, legibly, record } from '../support/recording';
import { TOKEN, TusDoor } from '../support/tus_door';
import { PIN, stretch } from '../support/vaults';
import { newWorld, settled } from '../support/world';

const NAME = 'answers.child_full_name';
const [PHOTOS_SINCE, VAULTS_SINCE, CODES_SINCE] = [5, 6, 7];
const CHEAP = { memoryKib: 64, passes: 1 };

const recorded = import.meta.glob<unknown>('./recorded/version-*.json', { eager: true, import: 'default' });

async function opened(recording: unknown) {
  const { disk, office } = await layOut(recording);
  const door = new TusDoor();
  office.token = TOKEN;
  const sealing = new VaultSealing();
  const world = {
    ...newWorld(office, disk, door.tools()),
    store: indexedStore(disk, sealing),
    vaults: { sealing, stretch, cost: CHEAP },
  };
  world.random.bytes(1_000); // another start throws other dice
  return { office, door, world, phone: phoneWith(world) };
}

describe.each(Array.from({ length: VERSION }, (_, place) => place + 1))('what version %i left', (version) => {
  it('is found whole, and handed in', async () => {
    const recording = recorded[`./recorded/version-${version}.json`];
    expect(recording, 'recorded by `record`, when its version was the newest').toMatchObject({ version });
    const { office, door, phone } = await opened(recording);
    const entering = version < VAULTS_SINCE ? phone.choosePin('tam', PIN) : phone.unlock('tam', PIN);
    expect(await entering).toEqual({ kind: 'unlocked' });

    const names = (await phone.dossiers()).map(({ fields }) => fields.get(NAME)?.head.value);
    expect(names.sort()).toEqual(['Bùi Thị Sửa Rồi', 'Bùi Thị Đã Gửi']);
    const [draft, ...others] = await phone.drafts();
    expect([draft?.answers, draft?.step, others]).toEqual([{ [NAME]: 'Bùi Thị Đang Viết' }, 'child', []]);
    const photos = version < PHOTOS_SINCE ? 0 : 1;
    expect(await phone.outbox()).toMatchObject({ changes: 2, photos });
    expect(await phone.photosOf(draft?.record ?? '')).toHaveLength(photos);

    const unsent = (await phone.outbox()).records[0] ?? '';
    expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', received: 2 });
    await settled();
    expect(office.shownIn(unsent, NAME)).toBe('Bùi Thị Sửa Rồi');
    expect(door.held.size).toBe(photos);
    expect(await phone.outbox()).toMatchObject({ changes: 0, photos: 0 });

    if (draft === undefined) throw new Error('no draft');
    const sealed = await phone.seal(draft, draft);
    if (sealed.kind !== 'sealed') throw new Error(sealed.kind);
    const code = (await phone.dossier(sealed.record))?.code?.text ?? '';
    expect(code.startsWith('H26.118.05-261122-')).toBe(version >= CODES_SINCE);
    await phone.exchangeNow();
    expect(office.shownIn(sealed.record, NAME)).toBe('Bùi Thị Đang Viết');
    expect(door.held.size).toBe(2 * photos);
  });
});

it('what today leaves can be recorded for the day when it is old', async () => {
  const { disk, office } = await legibly(async () => {
    const { world, ...here } = await enrolledPhone();
    await sealOne({ world, ...here }, { [NAME]: 'Bùi Thị Đã Gửi' });
    return { disk: world.disk, office: here.office };
  });
  const { phone } = await opened(JSON.parse(await record(disk, office)) as unknown);

  expect(await phone.choosePin('tam', PIN)).toEqual({ kind: 'unlocked' });
  expect(await phone.exchangeNow()).toMatchObject({ kind: 'done', received: 1 });
});
