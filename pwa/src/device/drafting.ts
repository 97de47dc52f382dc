/** Drafts: kept on this phone alone, durable at each answer, never a change. */
import type { Draft, Shift } from '../store/port';
import { newId } from './identity';
import type { SaveOutcome } from './outcomes';
import type { DraftAnswers, DraftStart } from './shown';
import type { World } from './world';
import { shiftOf } from './shift';
import { keeping } from './trouble';

export async function startDraft(world: World, start: DraftStart): Promise<SaveOutcome> {
  return await keeping(async (): Promise<SaveOutcome> => {
    const { store, clock, random } = world;
    const device = await store.device();
    const seat = (await store.seats()).find((one) => one.seat === device?.seat);
    if (seat === undefined || seat.keys === null) return { kind: 'not-signed-in' };
    const now = clock.now();
    const draft: Draft = {
      id: newId(clock, random),
      record: newId(clock, random),
      seat: seat.seat,
      person: seat.person.name,
      procedure: start.procedure,
      catalogueVersion: start.catalogueVersion,
      area: start.area,
      answers: start.answers ?? {},
      papers: {},
      step: '',
      createdAt: now,
      savedAt: now,
      ...placeOf(shiftOf(device, seat.seat)),
    };
    await store.saveDraft(draft);
    return { kind: 'saved', draft };
  });
}

function placeOf(shift: Shift | null): Pick<Draft, 'stop' | 'trip'> {
  if (shift === null) return {};
  return shift.trip === null ? { stop: shift.stop } : { stop: shift.stop, trip: shift.trip };
}

export async function saveDraft(
  world: World,
  draft: Draft,
  { answers, papers, step }: DraftAnswers,
): Promise<SaveOutcome> {
  return await keeping(async () => {
    const saved = { ...draft, answers, papers, step, savedAt: world.clock.now() };
    await world.store.saveDraft(saved);
    return { kind: 'saved', draft: saved };
  });
}
