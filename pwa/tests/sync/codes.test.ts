/** Dossier codes, held to `sync/vectors/codes.json` as the Python core is. */
import { expect, test } from 'vitest';
import file from '../../../sync/vectors/codes.json';
import * as codes from '../../src/sync/codes';

interface Lease {
  readonly lease: number;
  readonly first: number;
  readonly last: number;
  readonly from_day: string;
  readonly to_day: string;
  readonly agency: string;
  readonly used: Readonly<Record<string, number>>;
}

interface Case {
  readonly deed: string;
  readonly device?: number;
  readonly day?: string | number;
  readonly counter?: number;
  readonly text?: string;
  readonly leases?: readonly Lease[];
  readonly counters?: Readonly<Record<string, number>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

const cases: readonly Case[] = file.cases;

test.each(cases.map((given) => [JSON.stringify(given), given] as const))('%s', (_, given) => {
  expect({ ...given, ...made(given) }).toEqual(given);
});

/** What this twin makes of a case. */
function made({ deed, device = 0, day = '', counter = 0, text = '', ...given }: Case): object {
  const number = typeof day === 'number' ? day : codes.dayNumber(day);
  switch (deed) {
    case 'day':
      return { number };
    case 'provisional':
      return { code: codes.provisionalCode(device, number, counter) };
    case 'typed':
      return {
        kind: codes.codeKind(text),
        folded: codes.foldCode(text),
        is_mistyped: codes.isMistyped(text),
        groups: codes.codeGroups(text),
      };
    case 'lease':
      return leased((given.leases ?? []).map(held), String(day));
    case 'counter': {
      const byDay = Object.entries(given.counters ?? {});
      const next = codes.nextCounter(new Map(byDay.map(([on, last]) => [Number(on), last])), number);
      return { next: [next.day, next.counter] };
    }
    default:
      return { codes: codes.codesOf(new Map(Object.entries(given.values ?? {}))) };
  }
}

function leased(leases: readonly codes.HeldLease[], day: string): Record<string, unknown> {
  const next = codes.nextOrdinal(leases, day);
  return {
    next: next && [next.lease.lease, next.ordinal],
    code: next && codes.officialCode(next.lease.agency, day, next.ordinal),
    left: codes.codesLeft(leases, day),
    until: codes.lastDay(leases, day),
  };
}

function held({ lease, first, last, from_day, to_day, agency, used }: Lease): codes.HeldLease {
  return { lease, first, last, fromDay: from_day, toDay: to_day, agency, used };
}
