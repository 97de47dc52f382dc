/** The door's part for drafts that go from one person of this phone to another. */
import type { Darkroom } from '../darkroom';
import type { Phone } from '../port';
import { keeping } from '../trouble';
import type { Hands } from './bell';

type HandingDoor = Pick<
  Phone,
  'colleagues' | 'handDraft' | 'handedCounts' | 'handedToUs' | 'givenToOthers' | 'takeDraft'
>;

export function handingDoor({ world, bell, prepare }: Hands, darkroom: Darkroom): HandingDoor {
  const { store } = world;

  function tellMoved(): void {
    bell.tell('drafts');
    bell.tell('photos');
  }

  return {
    async colleagues(area) {
      const { colleagues } = await import('../handing');
      return await colleagues(world, area);
    },

    async handDraft(id, staff) {
      // What is being drawn anew is not moved under the pen; what cannot be goes as it is.
      await keeping(async () => {
        await darkroom.develop();
      });
      const { handDraft } = await import('../handing');
      const outcome = await handDraft(world, id, staff);
      if (outcome.kind === 'given') tellMoved();
      return outcome;
    },

    async handedCounts() {
      return await store.handed.counts();
    },

    async handedToUs() {
      const { handedToUs } = await import('../handing');
      return await handedToUs(world);
    },

    async givenToOthers() {
      return await store.handed.given();
    },

    async takeDraft(id, isPartly) {
      const { takeDraft } = await import('../handing');
      const outcome = await takeDraft(world, id, isPartly);
      if (outcome.kind === 'taken' || outcome.kind === 'gone') tellMoved();
      if (outcome.kind === 'taken') prepare();
      return outcome;
    },
  };
}
