/** FAULT-22: the civil time that is written names its instant, wherever a phone's clock thinks it is. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import catalogueFile from '../../../server/procedures/catalogue.json';
import vectors from '../../../server/deadlines/vectors.json';
import { civilTime } from '../../src/device/civil_time';
import { readCalendar } from '../../src/procedures/calendar';
import { promiseOf } from '../../src/procedures/deadlines';
import { dayOf } from '../../src/procedures/format';
import { channelOf, limitsOf, officeUnitOf } from '../../src/procedures/limits';
import { prospectOf } from '../../src/procedures/promise';
import { readCatalogue } from '../../src/procedures/reading';

const HOME = 'Asia/Ho_Chi_Minh';
const ZONES = [HOME, 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'];
const INSTANTS = [
  '2028-02-29T16:59:59Z', // leap day, and the last second of it in Vietnam
  '2026-11-01T05:30:00Z', // an hour that New York has twice
  '2026-11-01T06:30:00Z',
  '2027-02-06T01:00:00Z', // the first day of the lunar year
  '2026-12-31T17:00:00Z', // New Year in Vietnam, and not yet elsewhere
].map((text) => Date.parse(text));

afterEach(() => { vi.unstubAllEnvs(); });

describe('civil time', () => {
  it.each(ZONES)('names the instant in %s, in the years that the office counts', (name) => {
    vi.stubEnv('TZ', name);
    for (const instant of INSTANTS) {
      const written = civilTime(instant);

      expect(Date.parse(written)).toBe(instant);
      expect(written).toMatch(/^20(26|27|28)-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/u);
    }
  });

  it('is the zone of the phone that it speaks of', () => {
    const said = ZONES.map((name) => {
      vi.stubEnv('TZ', name);
      return civilTime(INSTANTS[0] ?? 0);
    });

    expect(said[0]).toBe('2028-02-29T23:59:59+07:00');
    expect(said[1]).toBe('2028-02-29T11:59:59-05:00');
    expect(said[2]).toBe('2028-02-29T22:44:59+05:45');
    expect(new Set(said).size).toBe(ZONES.length);
  });

  it.each(ZONES)('dates and promises are those of Vietnam on a phone set to %s', (name) => {
    vi.stubEnv('TZ', name);
    const calendar = readCalendar(vectors.calendar);
    const { procedures } = readCatalogue(catalogueFile);
    for (const moment of ['2026-11-20T16:59:00+07:00', '2026-11-20T17:01:00+07:00', '2027-02-03T00:10:00+07:00']) {
      expect(dayOf(Date.parse(moment))).toBe(moment.slice(0, 10));
      for (const procedure of procedures) {
        const reception = {
          procedure, answers: {}, papers: {}, flags: [], calendar, role: 'receiving_officer', acknowledgeOnly: false,
        };
        const received = moment.slice(0, 16);
        const limits = limitsOf(procedure, channelOf(procedure), [], {});

        expect(prospectOf(reception, Date.parse(moment))).toEqual({
          kind: 'promise', receivedAt: received,
          promised: promiseOf(limits, received, calendar, officeUnitOf(procedure)),
        });
      }
    }
  });
});
