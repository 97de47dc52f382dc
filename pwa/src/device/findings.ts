/**
 * What the office says of changes that did not simply take effect: told in words, never asked
 * (UX-54). The newest list that a person was given stands in place of the one before.
 */
import type { Store, StoredDevice, StoredFinding } from '../store/port';
import { hex } from '../sync/bytes';
import type { Finding } from '../sync/messages';

/** Kinds in which what a person wrote has not taken effect, while nobody has decided. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['quarantine', 'unreadable', 'waiting']);

/** The device's row with what the person behind a seat was told. */
export function withFindings(
  device: StoredDevice,
  seat: number,
  findings: readonly Finding[],
): StoredDevice {
  const others = (device.findings ?? []).filter((one) => one.reader !== seat);
  return { ...device, findings: [...others, ...findings.map((one) => stored(seat, one))] };
}

/** What anybody on this phone was told, each matter once, the newest first. */
export function findingsOf(device: StoredDevice | null): readonly StoredFinding[] {
  const once = new Map((device?.findings ?? []).map((one) => [one.finding, one]));
  return [...once.values()].sort((one, other) => other.raised - one.raised);
}

/** Whether something that was written about a record waits for the office to accept it. */
export async function isUnaccepted(store: Store, record: string): Promise<boolean> {
  const findings = findingsOf(await store.device());
  return findings.some(
    (one) => one.record === record && one.closed === null && WITHOUT_EFFECT.has(one.kind),
  );
}

function stored(reader: number, one: Finding): StoredFinding {
  const { finding, kind, seat, seq, field, reason, raised, closed, outcome } = one;
  const record = one.record === null ? null : hex(one.record);
  return { reader, finding, kind, record, seat, seq, field, reason, raised, closed, outcome };
}
