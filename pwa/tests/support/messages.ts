/** Reading what only an office reads. */
import type { Batch } from '../../src/sync/batch';
import type { Bytes } from '../../src/sync/bytes';
import { Shape } from '../../src/sync/shape';

export function readBatch(bytes: Bytes): Batch {
  return batchFrom(Shape.read(bytes, 'a batch'));
}

export function batchFrom(shape: Shape): Batch {
  return {
    protocol: shape.integer('protocol', 1),
    seat: shape.integer('seat', 1),
    first: shape.integer('first', 1),
    changes: shape.list('changes').map((change) => change as Bytes),
    head: shape.bytes('head', 32),
    signature: shape.bytes('signature', 64),
  };
}
