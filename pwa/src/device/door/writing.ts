/** The door's part for what is written: drafts, what becomes of them, and the work beside dossiers. */
import { keepWork, noteOn, revise, seal } from '../authoring';
import type { Darkroom } from '../darkroom';
import { saveDraft, startDraft } from '../drafting';
import type { Phone } from '../port';
import { keeping } from '../trouble';
import { type Hands, after } from './bell';

type WritingDoor = Pick<
  Phone,
  | 'drafts'
  | 'draft'
  | 'startDraft'
  | 'saveDraft'
  | 'dropDraft'
  | 'seal'
  | 'noteOn'
  | 'revise'
  | 'keepWork'
>;

export function writingDoor(hands: Hands, darkroom: Darkroom): WritingDoor {
  const { world, bell } = hands;
  const { store } = world;
  return {
    async drafts() {
      return await store.drafts();
    },

    async draft(id) {
      return await store.draft(id);
    },

    async startDraft(start) {
      return after(hands, await startDraft(world, start), 'saved', 'drafts');
    },

    async saveDraft(draft, now) {
      return after(hands, await saveDraft(world, draft, now), 'saved', 'drafts');
    },

    async dropDraft(id) {
      const trouble = await keeping(async () => {
        await store.dropDraft(id);
        return null;
      });
      bell.tell('drafts');
      return trouble;
    },

    async seal(draft, now) {
      await darkroom.develop();
      const outcome = after(hands, await seal(world, draft, now), 'sealed', 'drafts');
      // One code fewer is left.
      if (outcome.kind === 'sealed') bell.tell('seats');
      return after(hands, outcome, 'sealed', 'records');
    },

    async noteOn(record, fields) {
      return after(hands, await noteOn(world, record, fields), 'sealed', 'records');
    },

    async revise(record, fields, reason, seen) {
      return after(hands, await revise(world, record, fields, reason, seen), 'sealed', 'records');
    },

    async keepWork(kind, record, fields) {
      return after(hands, await keepWork(world, kind, record, fields), 'sealed', 'records');
    },
  };
}
