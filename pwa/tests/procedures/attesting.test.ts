import { describe, expect, it } from 'vitest';
import {
  HELP, NOTICE, READ_BACK, SIGNING, SIGNING_WAYS, openWords, signingOf, signingValue, wordsToSeal,
} from '../../src/procedures/attesting';

const WORD = { by: 'An', at: '2026-11-22T14:20:00+07:00' };
const LAN = { name: ' Lê Thị Lan ', number: '001 190 000 123' };

describe('how a person stands by what was written', () => {
  it('UX-41: has four ways, and keeps what was said in each', () => {
    for (const way of SIGNING_WAYS) {
      expect(signingOf({ [SIGNING]: signingValue({ way, witnesses: [LAN] }) })).toEqual({ way, witnesses: [LAN] });
    }
    expect(signingOf({ [SIGNING]: { way: 'stamp' } })).toBeNull();
    expect(signingOf({ [SIGNING]: [1] })).toBeNull();
  });

  it('names what is open, and nothing when all was done', () => {
    const told = { [READ_BACK]: WORD, [NOTICE]: WORD };

    expect(openWords({}, false)).toEqual(['signing', 'read-back', 'notice']);
    expect(openWords({ ...told, [SIGNING]: { way: 'drawn' } }, false)).toEqual(['signature-picture']);
    expect(openWords({ ...told, [SIGNING]: { way: 'thumbprint', witnesses: [] } }, true)).toEqual(['witness-names']);
    expect(openWords({ ...told, [SIGNING]: { way: 'witnesses', witnesses: [LAN, LAN] } }, false)).toEqual([]);
  });

  it('seals witnesses that the way asks for, and only those with a name', () => {
    const sealed = wordsToSeal({
      [SIGNING]: { way: 'thumbprint', witnesses: [LAN, { name: 'Hai', number: '' }] },
      [NOTICE]: WORD, [HELP]: { name: ' Tâm ', role: 'community_team' },
    });

    expect(sealed).toEqual({
      [SIGNING]: { way: 'thumbprint', witnesses: [{ name: 'Lê Thị Lan', number: '001190000123' }] },
      [NOTICE]: WORD, [HELP]: { name: 'Tâm', role: 'community_team' },
    });
    expect(wordsToSeal({ [HELP]: { name: ' ', role: 'relative' } })).toEqual({});
  });
});
