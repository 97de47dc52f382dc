/** A draft as bytes and back, so that it can be sealed. */
import type { Bytes } from '../sync/bytes';
import { type Value, pack } from '../sync/pack';
import { Malformed } from '../sync/refusals';
import { Shape } from '../sync/shape';
import type { Draft, Hand, PaperState } from './port';

export function packDraft({ hands, ...draft }: Draft): Bytes {
  return pack({
    ...draft,
    papers: Object.fromEntries(
      Object.entries(draft.papers).map(([id, { state, count }]) => [id, { state, count }]),
    ),
    ...(hands === undefined ? {} : { hands: hands.map((hand) => ({ ...hand })) }),
  });
}

export function unpackDraft(bytes: Bytes): Draft {
  const shape = Shape.read(bytes, 'a draft');
  return {
    id: shape.text('id'),
    record: shape.text('record'),
    seat: shape.integer('seat'),
    person: shape.text('person'),
    procedure: shape.text('procedure'),
    catalogueVersion: shape.text('catalogueVersion'),
    area: shape.text('area'),
    answers: shape.value('answers') as Readonly<Record<string, Value>>,
    papers: Object.fromEntries(shape.shapesByName('papers').map(readPaper)),
    step: shape.text('step'),
    createdAt: shape.integer('createdAt'),
    savedAt: shape.integer('savedAt'),
    ...optional(shape, 'stop'),
    ...optional(shape, 'trip'),
    ...(shape.has('hands') ? { hands: shape.shapes('hands').map(readHand) } : {}),
  };
}

/** Drafts of older versions of the app were begun at no stop. */
function optional(shape: Shape, name: 'stop' | 'trip'): Pick<Draft, 'stop' | 'trip'> {
  return shape.has(name) ? { [name]: shape.text(name) } : {};
}

function readPaper([id, paper]: [string, Shape]): [string, PaperState] {
  const state = paper.text('state');
  if (!isPaperState(state)) throw new Malformed('a draft');
  return [id, { state, count: paper.integer('count') }];
}

function readHand(hand: Shape): Hand {
  return { seat: hand.integer('seat'), person: hand.text('person'), at: hand.integer('at') };
}

function isPaperState(text: string): text is PaperState['state'] {
  return ['handed_in', 'checked', 'missing', 'not_needed'].includes(text);
}
