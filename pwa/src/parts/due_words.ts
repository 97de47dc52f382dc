import { t } from '../live/display.svelte';
import { daysOf, weekdayOfDays } from '../procedures/civil_days';
import { writeDate } from '../procedures/format';

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6] as const;

/** 17:00, thứ Hai 23/11/2026, of `YYYY-MM-DDTHH:MM`. */
export function wordsForDue(moment: string): string {
  const day = moment.slice(0, 10);
  const weekday = t(`app.weekday.${WEEKDAYS[weekdayOfDays(daysOf(day))] ?? 0}`);
  return t('app.promise.due', { time: moment.slice(11, 16), weekday, date: writeDate(day) });
}
