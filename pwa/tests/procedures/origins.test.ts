import { describe, expect, it } from 'vitest';
import { presetAnswers } from '../../src/procedures/answers';
import {
  CARD_READ, TAKEN_OVER, originsOf, originsToSeal, withEdits, withOrigin,
} from '../../src/procedures/origins';
import { procedureOf } from './filling';

describe('an answer that nobody typed', () => {
  it('UX-85: is marked until somebody edits it', () => {
    const read = withOrigin('card', {}, { 'answers.a': 'x', 'answers.b': 'y' });
    expect([...originsOf(read)]).toEqual([['answers.a', 'card'], ['answers.b', 'card']]);

    const same = withEdits(read, { 'answers.a': 'x' });
    expect([...originsOf(same).keys()]).toEqual(['answers.a', 'answers.b']);

    const edited = withEdits(same, { 'answers.a': 'another' });
    expect([...originsOf(edited).keys()]).toEqual(['answers.b']);
  });

  it('is the card\'s once the card has said it again', () => {
    const taken = withOrigin('dossier', {}, { 'answers.a': 'x', 'answers.b': 'y' });

    const read = withOrigin('card', taken, { 'answers.a': 'x' });

    expect([...originsOf(read)]).toEqual([['answers.a', 'card'], ['answers.b', 'dossier']]);
  });

  it('is sealed with its mark where it is shown', () => {
    const procedure = procedureOf('2.000635');
    const begun = presetAnswers(procedure);
    const read = withOrigin('card', begun, { 'answers.applicant_full_name': 'Lan', 'answers.nowhere': 'x' });
    const both = withOrigin('dossier', read, { 'answers.applicant_address': 'Xã An Phú', 'answers.organization_name': 'Hội' });

    expect(originsToSeal(procedure, both)).toEqual({
      [CARD_READ]: ['answers.applicant_full_name'], [TAKEN_OVER]: ['answers.applicant_address'],
    });
    expect(originsToSeal(procedure, begun)).toEqual({});
  });
});
