/** Counts down to a moment by this phone's clock, as long as whoever asks for it is shown. */
const SECOND_MS = 1000;

export function countdown(until: () => number): { readonly seconds: number } {
  let moment = $state(Date.now());
  const seconds = $derived(Math.max(0, Math.ceil((until() - moment) / SECOND_MS)));
  $effect(() => {
    until();
    moment = Date.now();
    const timer = setInterval(() => { moment = Date.now(); }, SECOND_MS);
    return () => clearInterval(timer);
  });
  return { get seconds() { return seconds; } };
}
