/** Results that we carry (A16): how far each is, as the office says it too, and what a hand-back needs. */
import { describe, expect, it } from 'vitest';
import CASES from '../../../server/fieldwork/deliveries.json';
import {
  countsDiffer, handedOf, type HandBack, isDue, isOnTheWay, isOpen, lacksOf, mayHandBack, onTheWay, resultsOf, stepOf,
} from '../../src/shift/results';
import type { Said } from '../../src/shift/work';
import { fits } from '../../src/sync/kinds';
import { work } from './making';

const HERE = 'a'.repeat(32);
const result = (person: string, said: Said = {}) =>
  work('result_delivery', { title: 'Giấy khai sinh', person, copies: 1, pages: 1, ...said });
const COMPLETE: HandBack = {
  relation: 'applicant', receiver: ' Bạch  Đình Khôi ', receiptChecked: true, idChecked: false, authoritySeen: false,
  signing: 'drawn', signature: new Uint8Array([137, 80]), witness: '',
};

describe('how far a result is', () => {
  it.each(CASES)('$said', ({ said, step, on_the_way, open, differs }) => {
    expect([stepOf(said as Said), isOnTheWay(said as Said), isOpen(said as Said), countsDiffer(said as Said)])
      .toEqual([step, on_the_way, open, differs]);
  });
});

describe('the list of results', () => {
  const all = [
    result('Xuân', { handed_at: '2026-11-22T08:00:00+07:00', receiver_name: 'Xuân' }),
    result('Bình', { status: 'taken' }),
    result('An', { status: 'taken' }),
    result('Yên', { status: 'taken', stop: HERE }),
    result('Mai'),
    result('Lan', { handed_at: '2026-11-22T09:00:00+07:00' }),
    result('Ngọc', { status: 'uncollected', reason: 'absent' }),
    result('Tú', { ended: 'at_desk' }),
    result('Oanh', { status: 'taken', ended: 'at_desk' }),
  ];

  it('names what is to be done first, those of this stop on top, and what is over last', () => {
    const named = resultsOf(all, HERE).filter(isDue).map(({ person }) => person);

    expect(named).toEqual(['Mai', 'Yên', 'An', 'Bình', 'Ngọc', 'Oanh']);
    expect(resultsOf(all, HERE).slice(-2).map(({ person }) => person)).toEqual(['Lan', 'Xuân']);
  });

  it('counts what is with us until it is handed back or the office has it', () => {
    expect(onTheWay(all).map(({ person }) => person).sort()).toEqual(['An', 'Bình', 'Ngọc', 'Oanh', 'Yên']);
    expect(onTheWay([result('An', { status: 'uncollected', ended: 'back' })])).toEqual([]);
  });
});

describe('a hand-back', () => {
  it('lacks nothing when who came, a check and a signature are there', () => {
    expect(lacksOf(COMPLETE)).toEqual([]);
    expect(lacksOf({ ...COMPLETE, signing: 'thumbprint', signature: null, witness: 'Lê Thị Tâm' })).toEqual([]);
    expect(lacksOf({ ...COMPLETE, receiptChecked: false, idChecked: true, relation: 'agent', authoritySeen: true })).toEqual([]);
  });

  it('says what it lacks in the order of the form', () => {
    const empty: HandBack = {
      ...COMPLETE, relation: 'agent', receiver: '  ', receiptChecked: false, signature: null,
    };

    expect(lacksOf(empty)).toEqual(['receiver', 'check', 'authority', 'signature']);
    expect(lacksOf({ ...empty, signing: 'thumbprint' })).toEqual(['receiver', 'check', 'authority', 'witness']);
  });

  it('is written in fields of its record, each of which fits', () => {
    const at = '2026-11-22T09:30:00+07:00';
    const drawn = handedOf(COMPLETE, at);
    const sworn = handedOf({ ...COMPLETE, relation: 'agent', signing: 'thumbprint', witness: 'Lê Thị Tâm' }, at);

    expect(drawn).toMatchObject({ status: 'delivered', receiver_name: 'Bạch Đình Khôi', receipt_checked: true, handed_at: at });
    expect(drawn).not.toHaveProperty('witness');
    expect(sworn).toMatchObject({ authority_seen: true, witness: 'Lê Thị Tâm' });
    expect(sworn).not.toHaveProperty('signature');
    for (const [field, value] of Object.entries({ ...drawn, ...sworn })) expect(fits('result_delivery', field, value)).toBe(true);
    expect(stepOf(drawn)).toBe('delivered');
  });

  it.each([['receiving_officer', true], ['case_officer', true], ['helper', false], [null, false]])('by %s: %s', (role, may) => {
    expect(mayHandBack(role)).toBe(may);
  });
});
