/** A phone that has joined a small office, with a person at work. */
import { phoneWith } from '../../src/device/phone';
import type { Phone } from '../../src/device/port';
import type { Draft } from '../../src/store/port';
import type { Value } from '../../src/sync/pack';
import { AREA, FakeOffice } from './office';
import { copyDisk } from './copy';
import type { TusDoor } from './tus_door';
import { type TestWorld, newDiskName, newWorld } from './world';

export interface Enrolled {
  readonly office: FakeOffice;
  readonly world: TestWorld;
  readonly phone: Phone;
}

/** An's phone, at an office of its own. */
export async function enrolledPhone(): Promise<Enrolled> {
  return await joinOffice(await FakeOffice.open(), 'tam');
}

/** One more phone at an office: enrolled, confirmed at the desk, signed in. */
export async function joinOffice(
  office: FakeOffice,
  staff: string,
  door?: TusDoor,
): Promise<Enrolled> {
  const world = newWorld(office, newDiskName(), door?.tools());
  const phone = phoneWith(world);
  await phone.enrol('good-code', `Máy của ${staff}`);
  confirmAll(office);
  await phone.signIn(staff, 'luudong-demo');
  return { office, world, phone };
}

/** The same phone once more: a copy of all that it keeps, in another browser. */
export async function cloneOf({ office, world }: Enrolled): Promise<Enrolled> {
  const twin = newWorld(office, await copyDisk(world.disk));
  twin.random.bytes(1_000); // another browser throws other dice
  return { office, world: twin, phone: phoneWith(twin) };
}

export function confirmAll(office: FakeOffice): void {
  for (const device of office.devices.values()) device.status = 'confirmed';
}

export async function startOne(phone: Phone): Promise<Draft> {
  const start = { procedure: '1.001193', catalogueVersion: '2026-11', area: AREA };
  const started = await phone.startDraft(start);
  if (started.kind !== 'saved') throw new Error(started.kind);
  return started.draft;
}

/** Seals a new dossier with these answers; gives its record. */
export async function sealOne(
  { phone, world }: Pick<Enrolled, 'phone' | 'world'>,
  answers: Readonly<Record<string, Value>> = {},
): Promise<string> {
  const draft = await startOne(phone);
  world.turnClock(1_000);
  const sealed = await phone.seal(draft, { answers, papers: {}, step: '' });
  if (sealed.kind !== 'sealed') throw new Error(sealed.kind);
  return sealed.record;
}
