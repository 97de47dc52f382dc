/** The door's part for photos of papers, and for papers that other apps shared into this one. */
import { namePhoto, replacePhoto } from '../authoring';
import type { Darkroom } from '../darkroom';
import { addPhoto, isAmong, isGood, photosOf, removePhoto, roomForPhotos } from '../photos';
import type { Phone } from '../port';
import { keeping } from '../trouble';
import { type Hands, after } from './bell';

type PhotoDoor = Pick<
  Phone,
  | 'photosOf'
  | 'thumbnail'
  | 'picture'
  | 'addPhoto'
  | 'removePhoto'
  | 'replacePhoto'
  | 'supplement'
  | 'namePhoto'
  | 'sharedPapers'
  | 'sharedCount'
  | 'sharedSince'
  | 'dropShared'
  | 'roomForPhotos'
>;

export function photoDoor(hands: Hands, darkroom: Darkroom): PhotoDoor {
  const { world, bell, prepare } = hands;
  const { store } = world;

  async function remove(photo: string): Promise<void> {
    await removePhoto(store, photo);
    bell.tell('photos');
  }

  const name: Phone['namePhoto'] = async (id, paper, reason) => {
    const all = await store.photos.all();
    const photo = all.find((one) => one.id === id);
    if (photo?.stage !== 'prepared') return { kind: 'photos-unready' };
    const beside = all.filter((one) => one.record === photo.record && isGood(one));
    if (isAmong(beside, photo)) return { kind: 'same-photo' };
    const outcome = await namePhoto(world, photo, paper, reason);
    bell.tell('photos');
    return after(hands, outcome, 'sealed', 'records');
  };

  return {
    async photosOf(record) {
      return await photosOf(store, record);
    },

    async thumbnail(photo) {
      return await store.photos.bytes(photo, 'thumbnail');
    },

    async picture(photo) {
      return await store.photos.bytes(photo, 'whole');
    },

    async addPhoto(draft, document, file, instead) {
      const place = { record: draft.record, draft, document, instead: instead ?? null };
      const outcome = await addPhoto(world, place, file);
      bell.tell('photos');
      if (outcome.kind === 'kept') prepare();
      return outcome;
    },

    removePhoto: remove,

    async replacePhoto(id, file, reason) {
      const bad = (await store.photos.all()).find((photo) => photo.id === id);
      if (bad?.stage !== 'refused') return { kind: 'unknown-record' };
      const { record, document } = bad;
      const added = await addPhoto(world, { record, draft: null, document }, file);
      if (added.kind !== 'kept') return added;
      await darkroom.develop();
      const fresh = (await store.photos.of(record)).find((photo) => photo.id === added.id);
      if (fresh?.stage !== 'prepared') {
        await store.photos.drop(added.id);
        return { kind: 'photos-unready' };
      }
      const outcome = await replacePhoto(world, bad, fresh, reason);
      bell.tell('photos');
      return after(hands, outcome, 'sealed', 'records');
    },

    async supplement(record, paper, file, reason) {
      const place = { record, draft: null, document: paper.id };
      const added = await addPhoto(world, place, file);
      if (added.kind !== 'kept') return added;
      await darkroom.develop();
      const outcome = await name(added.id, paper, reason);
      // Nothing was said to be saved: a file that is no picture is where it was.
      if (outcome.kind === 'photos-unready' || outcome.kind === 'same-photo') await remove(added.id);
      return outcome;
    },

    namePhoto: name,

    async sharedPapers() {
      const { sharedPapers } = await import('../shared');
      return await sharedPapers(world);
    },

    async sharedCount() {
      return await store.kept.sharedCount();
    },

    async sharedSince() {
      return await store.kept.sharedSince();
    },

    async dropShared(shared) {
      const trouble = await keeping(async () => {
        await store.kept.put(shared, null);
        return null;
      });
      bell.tell('photos');
      return trouble;
    },

    async roomForPhotos() {
      return await roomForPhotos(world);
    },
  };
}
