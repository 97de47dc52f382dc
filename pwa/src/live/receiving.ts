/** Who receives on this phone and by which calendar, as the rules of promises want it. */
import type { Receive } from '../procedures/promise';
import { now } from './now.svelte';
import type { PhoneView } from './phone.svelte';

export function receiveOn(view: PhoneView, area: string): Receive {
  return {
    flags: view.areas.find(({ code }) => code === area)?.flags ?? [],
    calendar: view.calendar,
    role: view.person?.person.role ?? '',
  };
}

/** The office's time: a phone's own clock may be wrong, and the office has told by how much. */
export function officeNow(view: PhoneView): number {
  return now.ms + (view.device?.skewMs ?? 0);
}

export function isReachable(view: PhoneView): boolean {
  return view.connection.state === 'online' || view.connection.state === 'weak';
}
