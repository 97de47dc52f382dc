/** Reading what only an office reads. */
import type { Batch } from '../../src/sync/batch';
import type { Bytes } from '../../src/sync/bytes';
import { Shape } from '../../src/sync/shape';
import { changesOf } from './columns';

export function readBatch(bytes: Bytes): Batch {
  return batchFrom(Shape.read(bytes, 'a batch'));
}

export function batchFrom(shape: Shape): Batch {
  const [seat, first] = [shape.integer('seat', 1), shape.integer('first', 1)];
  return {
    protocol: shape.integer('protocol', 1),
    seat,
    first,
    changes: shape.has('columns')
      ? changesOf(shape.value('columns'), seat, first)
      : shape.list('changes').map((change) => change as Bytes),
    head: shape.bytes('head', 32),
    signature: shape.bytes('signature', 64),
  };
}
