/** The vectors hold the phone's deadlines and fees to the office's (server/deadlines/vectors.json). */
import { describe, expect, it } from 'vitest';
import catalogueFile from '../../../server/procedures/catalogue.json';
import vectors from '../../../server/deadlines/vectors.json';
import { OutsideCalendar, isWorking, nextWorking, readCalendar } from '../../src/procedures/calendar';
import { findProcedure } from '../../src/procedures/catalogue';
import { type Pause, type Promised, promiseOf } from '../../src/procedures/deadlines';
import { feeDue, feePerCopy } from '../../src/procedures/fees';
import { type Channel, limitsOf, officeUnitOf } from '../../src/procedures/limits';
import { readCatalogue } from '../../src/procedures/reading';
import { pausesOf, supplementsIn, waitingOf } from '../../src/procedures/supplements';
import type { Value } from '../../src/sync/pack';

interface Case {
  readonly name: string;
  readonly procedure: string;
  readonly received_at: string;
  readonly channel: Channel;
  readonly flags: readonly string[];
  readonly answers: Readonly<Record<string, Value>>;
  readonly pauses: readonly Pause[];
  readonly readings: Readonly<Record<string, string>>;
  readonly limit: Readonly<Record<string, unknown>>;
  readonly due_at?: string;
  readonly rule?: string;
  readonly outside?: boolean;
}

const cases = vectors.cases as unknown as readonly Case[];

function counted(one: Case): Promised | 'outside' | null {
  const raw = {
    ...catalogueFile,
    procedures: catalogueFile.procedures.filter(({ code }) => code === one.procedure)
      .map((each) => ({ ...each, time_limit: { ...each.time_limit, ...one.limit } })),
  };
  const procedure = findProcedure(readCatalogue(raw), one.procedure);
  if (procedure === null) throw new Error(`the catalogue lacks ${one.procedure}`);
  const readings = { ...vectors.calendar.readings, ...one.readings };
  const calendar = readCalendar({ ...vectors.calendar, readings });
  const limits = limitsOf(procedure, one.channel, one.flags, one.answers);
  try {
    return promiseOf(limits, one.received_at, calendar, officeUnitOf(procedure), one.pauses);
  } catch (refusal) {
    if (refusal instanceof OutsideCalendar) return 'outside';
    throw refusal;
  }
}

describe('deadlines', () => {
  it.each(cases.map((one) => [`${one.name}, ${one.received_at}`, one] as const))('%s', (_name, one) => {
    const made = counted(one);

    if (one.outside === true) expect(made).toBe('outside');
    else expect(made).toEqual({ dueAt: one.due_at, rule: one.rule, calendar: vectors.calendar.version });
  });

  it('knows the working days of the office', () => {
    const calendar = readCalendar(vectors.calendar);
    for (const { day, working, next } of vectors.working_days) {
      expect([day, isWorking(calendar, day), nextWorking(calendar, day)]).toEqual([day, working, next]);
    }
  });
});

describe('supplements', () => {
  it.each(vectors.supplements.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const fields = new Map(Object.entries(one.fields));
    const told = supplementsIn(fields);

    expect(told).toEqual(one.told);
    expect(waitingOf(told).map(({ id }) => id)).toEqual(one.waiting);
    expect(pausesOf(told)).toEqual(one.pauses);
  });
});

describe('fees', () => {
  const catalogue = readCatalogue(catalogueFile);

  it.each(vectors.fees.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const procedure = findProcedure(catalogue, one.procedure);
    if (procedure === null) throw new Error(`the catalogue lacks ${one.procedure}`);
    if ('pages' in one) {
      const { feeFormula } = procedure;
      expect(feeFormula === null ? null : feePerCopy(feeFormula, one.pages ?? 0)).toBe(one.fee);
    } else {
      expect(feeDue(procedure, one.answers as Readonly<Record<string, Value>>)).toBe(one.fee);
    }
  });
});
