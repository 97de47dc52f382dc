/** What the screens' tests ask of vitest, for a browser: it stands in for it on the stage alone. */
class Claim {
  constructor(
    private readonly value: unknown,
    private readonly what: string,
    private readonly holds = true,
  ) {}

  get not(): Claim { return new Claim(this.value, this.what, !this.holds); }

  #say(isSo: boolean, claim: string, other?: unknown): void {
    if (isSo === this.holds) return;
    throw new Error(`${this.what} ${JSON.stringify(this.value)} ${this.holds ? 'is not' : 'is'} ${claim} ${JSON.stringify(other)}`);
  }

  toBe(other: unknown): void { this.#say(Object.is(this.value, other), 'the same as', other); }
  toBeNull(): void { this.#say(this.value === null, 'null'); }
  toEqual(other: unknown): void { this.#say(JSON.stringify(this.value) === JSON.stringify(other), 'equal to', other); }
  toBeGreaterThan(other: number): void { this.#say(Number(this.value) > other, 'greater than', other); }
  toBeLessThanOrEqual(other: number): void { this.#say(Number(this.value) <= other, 'at most', other); }
  toMatch(pattern: RegExp): void { this.#say(pattern.test(String(this.value)), 'matched by', String(pattern)); }
  toHaveLength(length: number): void { this.#say((this.value as readonly unknown[]).length === length, 'as long as', length); }

  toContain(part: unknown): void {
    const whole = this.value;
    const isIn = typeof whole === 'string' ? whole.includes(String(part)) : Array.isArray(whole) && whole.includes(part);
    this.#say(isIn, 'with', part);
  }
}

export function expect(value: unknown, what = ''): Claim {
  return new Claim(value, what);
}

/** All is one script here: what is imported when it is needed is there a turn later. */
export const vi = { dynamicImportSettled: (): Promise<void> => Promise.resolve() };
