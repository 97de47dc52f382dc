/** What is sealed of a draft that is handed over, and of each of its photos, as bytes and back. */
import type { Bytes } from '../sync/bytes';
import { pack } from '../sync/pack';
import { Malformed } from '../sync/refusals';
import { Shape } from '../sync/shape';
import { unpackDraft } from './draft';
import { type Journey, NEW_JOURNEY, type PhotoHint, type PhotoPart, type PhotoRow } from './photo';
import type { Draft } from './port';

/** Nothing else that is sealed for an inbox opens as one of these. */
export const CONTEXT = 'luudong/handed\0';

const PARTS = ['raw', 'whole', 'thumbnail'] as const satisfies readonly PhotoPart[];
/** A photo of a draft has gone no further: nothing names it, and no office has heard of it. */
const STAGES = ['raw', 'unreadable', 'prepared'] as const satisfies readonly Journey['stage'][];

export interface HandedPhoto {
  readonly journey: Journey & Pick<PhotoRow, 'addedAt'> & { readonly hint?: PhotoHint };
  /** What `packSaid` wrote. */
  readonly said: Bytes;
  readonly parts: ReadonlyMap<PhotoPart, Bytes>;
}

/** The draft with the ids of its photos, so that none can be missed. */
export function packHandedDraft(draft: Bytes, photos: readonly string[]): Bytes {
  return pack({ draft, photos });
}

export function readHandedDraft(clear: Bytes): { readonly draft: Draft; readonly photos: readonly string[] } {
  const shape = Shape.read(clear, 'a draft that was handed over');
  return { draft: unpackDraft(shape.bytes('draft')), photos: shape.texts('photos') };
}

export function packHandedPhoto(row: PhotoRow, said: Bytes, parts: ReadonlyMap<string, Bytes>): Bytes {
  const { stage, tries, size, addedAt } = row;
  const hint = (row as { readonly hint?: PhotoHint | null }).hint ?? null;
  return pack({ stage, tries, size, addedAt, hint, said, parts: Object.fromEntries(parts) });
}

export function readHandedPhoto(clear: Bytes): HandedPhoto {
  const shape = Shape.read(clear, 'a photo that was handed over');
  const stage = STAGES.find((one) => one === shape.text('stage'));
  if (stage === undefined) throw new Malformed('a photo that was handed over');
  const inside = shape.shape('parts');
  const parts = PARTS.filter((part) => inside.has(part)).map((part) => [part, inside.bytes(part)] as const);
  const hint = shape.textOrNull('hint');
  return {
    journey: {
      ...NEW_JOURNEY,
      stage,
      tries: shape.integer('tries'),
      size: shape.integer('size'),
      addedAt: shape.integer('addedAt'),
      ...(hint === 'dark' || hint === 'blurred' ? { hint } : {}),
    },
    said: shape.bytes('said'),
    parts: new Map(parts),
  };
}
