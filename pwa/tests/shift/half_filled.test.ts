/** UX-46, UX-72: what was filled in and not noted comes back from the vault as it was. */
import { describe, expect, it } from 'vitest';
import { formIn, packForm } from '../../src/shift/half_filled';
import { EMPTY_ORIGINAL } from '../../src/shift/originals';
import { EMPTY_PETITION } from '../../src/shift/petitions';
import { packSurvey, surveyIn } from '../../src/shift/survey';
import { type Value, pack } from '../../src/sync/pack';
import { unpack } from '../../src/sync/unpack';

const throughVault = (kept: Value): Value => unpack(pack(kept));
const ODD: readonly Value[] = ['text', 7, [1], new Uint8Array([1]), null];

describe('a petition, and an original that is being noted', () => {
  const petition = { subject: 'praise', words: 'Cán bộ tận tình', person: '', phone: '0912 345 678' };

  it('come back as they were filled in', () => {
    expect(formIn(throughVault(packForm(petition, EMPTY_PETITION)), EMPTY_PETITION)).toEqual(petition);
    const original = { document: 'extract_request', name: '', count: 2 };
    expect(formIn(throughVault(packForm(original, EMPTY_ORIGINAL)), EMPTY_ORIGINAL)).toEqual(original);
  });

  it('are nothing to keep while nobody filled anything in', () => {
    expect(packForm({ ...EMPTY_PETITION }, EMPTY_PETITION)).toBeNull();
    expect(packForm({ ...EMPTY_ORIGINAL }, EMPTY_ORIGINAL)).toBeNull();
  });

  it.each([...ODD, { words: 3, unheard: 'x', count: '2' }])('are empty where %j was kept', (odd) => {
    expect(formIn(odd, EMPTY_PETITION)).toEqual(EMPTY_PETITION);
    expect(formIn(odd, EMPTY_ORIGINAL)).toEqual(EMPTY_ORIGINAL);
  });

  it('keep a number that was taken out as something filled in', () => {
    const kept = packForm({ ...EMPTY_ORIGINAL, count: null }, EMPTY_ORIGINAL);
    expect(kept).not.toBeNull();
    expect(formIn(kept, EMPTY_ORIGINAL)).toEqual(EMPTY_ORIGINAL);
  });
});

describe('a survey that was left in the middle', () => {
  const half = { at: 2, answers: { overall: 4, attitude: 1 } } as const;

  it('comes back where it was, with its answers', () => {
    expect(surveyIn(throughVault(packSurvey(half)))).toEqual(half);
  });

  it('is none where nothing was answered, or where what was kept is no survey', () => {
    expect(packSurvey({ at: 3, answers: {} })).toBeNull();
    for (const odd of [...ODD, { at: 9, overall: 4 }, { overall: 4 }]) expect(surveyIn(odd)).toBeNull();
    expect(surveyIn({ at: 1, overall: 9, words: 'x' })).toEqual({ at: 1, answers: {} });
  });
});
