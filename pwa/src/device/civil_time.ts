/** ISO civil time with the zone of this phone, whatever calendar its language uses. */
export function civilTime(ms: number): string {
  const east = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + east * 60_000).toISOString().slice(0, 19);
  const two = (count: number): string => String(Math.trunc(count)).padStart(2, '0');
  const size = Math.abs(east);
  return `${local}${east < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
