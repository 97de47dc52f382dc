import { expect, it } from 'vitest';
import { EMPTY_FORM, formIn, packForm, type HandBackForm } from '../../src/shift/hand_back_form';
import { pack } from '../../src/sync/pack';
import { unpack } from '../../src/sync/unpack';

const FILLED: HandBackForm = {
  relation: 'agent', named: 'Đào Duy Khang', receiptChecked: true, idChecked: true, authoritySeen: true,
  signing: 'thumbprint', signature: Uint8Array.of(1, 2, 3), witness: 'Lê Thị Mai', reason: 'absent', remark: 'Đi vắng',
};

it('UX-46: comes back from the vault as it was filled in', () => {
  expect(formIn(unpack(pack(packForm(FILLED))))).toEqual(FILLED);
});

it('is nothing to keep while nobody filled anything in; a name that was taken out is', () => {
  expect(packForm({ ...EMPTY_FORM })).toBeNull();
  expect(formIn(null)).toEqual(EMPTY_FORM);
  expect(formIn(packForm({ ...EMPTY_FORM, named: '' })).named).toBe('');
});

it.each(['text', 7, [1], { relation: 3, signature: 'x', reason: 'whatever', named: false }])('takes %j for an empty one', (odd) => {
  expect(formIn(odd)).toEqual(EMPTY_FORM);
});
