/** The time of the phone, made reactive by the half minute. */
class Now {
  ms = $state(Date.now());

  /** Begins to tick; the answer stops it. */
  tick(): () => void {
    const timer = setInterval(() => { this.ms = Date.now(); }, 30_000);
    return () => clearInterval(timer);
  }
}

export const now = new Now();
