import { describe, expect, it } from 'vitest';
import type { SealOutcome } from '../../src/device/outcomes';
import type { Phone } from '../../src/device/port';
import type { Dossier } from '../../src/device/shown';
import { RevisionView, keptRevisions, packRevisions } from '../../src/live/revision.svelte';
import type { Answers } from '../../src/procedures/answers';
import { problemsOf } from '../../src/procedures/checks';
import { PASSED } from '../../src/procedures/passing';
import { answersToSeal } from '../../src/procedures/sealing';
import { skip, skippedIn } from '../../src/procedures/skipping';
import type { Value } from '../../src/sync/pack';
import { TODAY, filled, procedureOf } from '../procedures/filling';

const EXTRACT = procedureOf('2.000635');
const NUMBER = 'answers.applicant_personal_id';
const PHONE = 'answers.applicant_phone';
const GIVEN = { reason: 'later', words: '', by: 'Nguyễn Văn An', at: '2026-11-22T09:00:00+07:00' } as const;
const OPEN: Answers = filled(EXTRACT, { [NUMBER]: null });
const MARK = skip(NUMBER, GIVEN, OPEN);
/** As a newer app may put it there. */
const UNKNOWN: Value = { name: PHONE, codes: ['unanswered'], reason: 'whatever', by: 'B', at: '' };

/** She left her card at home, and it was sealed so. */
function sealed(passed: Value = MARK[PASSED] ?? null): Dossier {
  const values = { ...answersToSeal(EXTRACT, OPEN), [PASSED]: passed };
  const fields = new Map(Object.entries(values).map(([name, value]) => [name, { head: { value } }]));
  return { record: 'r', fields, seen: new Map() } as unknown as Dossier;
}

function revised(dossier = sealed()): { readonly view: RevisionView; readonly said: Answers[] } {
  const said: Answers[] = [];
  const revise = (_record: string, fields: Answers): Promise<SealOutcome> => {
    said.push(fields);
    return Promise.resolve({ kind: 'sealed', record: 'r' });
  };
  return { view: new RevisionView({ revise } as unknown as Phone, dossier), said };
}

describe('UX-35: a question that was skipped at the intake', () => {
  it('bars no other answer from being revised, and its reason stands', async () => {
    const { view, said } = revised();
    view.setAll({ 'answers.applicant_full_name': 'Đào Thị Vân Khánh' });

    expect(skippedIn(view.whole)).toEqual([NUMBER]);
    expect(problemsOf(EXTRACT, view.whole, TODAY)).toEqual([]);
    await view.seal(EXTRACT);
    expect(said).toEqual([{ 'answers.applicant_full_name': 'Đào Thị Vân Khánh' }]);
  });

  it('loses its mark when it is answered, and has it again while that is taken back', () => {
    const { view } = revised();
    view.setAll({ [NUMBER]: '001190000123' });
    expect(view.changes(EXTRACT)).toEqual({ [NUMBER]: '001190000123', [PASSED]: null });

    view.setAll({ [NUMBER]: '' });
    expect(view.changes(EXTRACT)).toEqual({});
    expect(problemsOf(EXTRACT, view.whole, TODAY)).toEqual([]);
  });

  it('leaves every other mark as it is, also one that this app cannot read', () => {
    const { view } = revised(sealed([...(MARK[PASSED] as readonly Value[]), UNKNOWN]));
    view.setAll({ [NUMBER]: '001190000123' });
    expect(view.changes(EXTRACT)[PASSED]).toEqual([UNKNOWN]);
  });

  it('without a mark it has to be answered', () => {
    const { view } = revised(sealed(null));
    expect(problemsOf(EXTRACT, view.whole, TODAY).map(({ name }) => name)).toEqual([NUMBER]);
  });
});

describe('a revision that a lock interrupts', () => {
  it('is kept over further locks, whether or not somebody opens it in between', () => {
    const { view } = revised();
    view.setAll({ [PHONE]: '0912345678' });
    const first = keptRevisions(packRevisions([view], []));

    const second = keptRevisions(packRevisions([], first));
    const opened = new RevisionView({} as Phone, sealed(), second[0]);
    opened.reason = 'a newer word';
    const third = keptRevisions(packRevisions([opened], second));

    expect(second).toEqual(first);
    expect(third).toEqual([{ ...first[0], reason: 'a newer word' }]);
  });

  it('is gone with the last of them', () => {
    expect(packRevisions([], [])).toBeNull();
    expect(packRevisions([revised().view], [])).toBeNull();
  });
});
