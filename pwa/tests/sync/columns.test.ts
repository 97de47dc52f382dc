/** Batches by columns: what does not go so goes plainly (the bytes are held by the vectors). */
import { describe, expect, it } from 'vitest';
import file from '../../../sync/vectors/columns.json';
import { concat, fromHex, hex } from '../../src/sync/bytes';
import { writeChange } from '../../src/sync/change';
import { columnsOf } from '../../src/sync/columns';
import { pack } from '../../src/sync/pack';
import { unpack } from '../../src/sync/unpack';
import { changesOf } from '../support/columns';

const changes = (file.cases[1]?.changes ?? []).map(fromHex);

describe('changes by columns', () => {
  it.each(file.cases)('are the same when made anew: %#', (given) => {
    const columns = columnsOf(given.seat, given.first, given.changes.map(fromHex));

    const again = changesOf(unpack(pack(columns)), given.seat, given.first);

    expect(again.map(hex)).toEqual(given.changes);
  });

  it('are those of one seat in their places', () => {
    expect(columnsOf(3, 1, changes)).not.toBeNull();
    expect(columnsOf(3, 2, changes)).toBeNull();
    expect(columnsOf(4, 1, changes)).toBeNull();
  });

  it.each([
    ['nothing', 'c0'],
    ['numbers', '0102'],
    ['a later version', '98020101010101010192'],
    ['a change with more behind it', '01'],
  ])('are not %s', (_what, bytes) => {
    const last = changes.length + 1;
    expect(columnsOf(3, 1, [...changes, fromHex(bytes)])).toBeNull();
    expect(columnsOf(3, last, [concat(changes[0] ?? new Uint8Array(), fromHex(bytes))])).toBeNull();
  });

  it('are not written in a longer form', () => {
    const record = new Uint8Array(16);
    const fields = new Map([['a', []]]);
    const at = { ms: 1, counter: 0 };
    const kind = 'dossier';
    const skeleton = { seat: 3, seq: 1, prev: 0, record, kind, at, fields };
    const change = writeChange(skeleton, [1], new Uint8Array(16));
    // Its seat is the third byte: the same number in two bytes.
    const longer = concat(change.slice(0, 2), fromHex('cc03'), change.slice(3));

    expect(columnsOf(3, 1, [change])).not.toBeNull();
    expect(columnsOf(3, 1, [longer])).toBeNull();
  });

  it('are no more than one batch takes', () => {
    const many = Array.from({ length: 1_001 }, () => new Uint8Array());
    expect(columnsOf(3, 1, many)).toBeNull();
  });
});
