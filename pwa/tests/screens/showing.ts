/** Shows the whole app at an address, on a phone that a test made, and reads it as a person would. */
import { flushSync, mount, tick, unmount } from 'svelte';
import { expect, vi } from 'vitest';
import App from '../../src/App.svelte';
import type { Phone } from '../../src/device/port';
import { now } from '../../src/live/now.svelte';
import { PhoneView } from '../../src/live/phone.svelte';
import { place } from '../../src/live/place.svelte';
import { type Facts, NOW, phoneOf } from './phones';

/** Readings follow one another: a screen asks its phone for what it was told of. */
const TURNS = 4;

/** Whatever the app fetches when it is opened is here before the first screen is shown: none is waited for. */
const PARTS = import.meta.glob<unknown>(['../../src/screens/*.svelte', '../../src/parts/*.svelte']);

export async function fetchAll(): Promise<void> {
  await Promise.all(Object.values(PARTS).map((fetch) => fetch()));
}

/** As a browser draws: a test before may have taken it away. */
const drawing = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'getContext') ?? {};

/** What the document that stands in for a browser's lacks: nobody else has the app open, whatever is drawn is gone. */
function standIn(): void {
  const pen = new Proxy({}, { get: () => () => undefined, set: () => true });
  HTMLCanvasElement.prototype.getContext = (() => pen) as unknown as HTMLCanvasElement['getContext'];
  Object.defineProperty(navigator, 'locks', { value: { request: (): Promise<null> => Promise.resolve(null) }, configurable: true });
}

/** Until what was fetched and asked for is there; nothing here waits for time. */
export async function settled(): Promise<void> {
  await turned();
  await vi.dynamicImportSettled();
  await turned();
  flushSync();
}

async function turned(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    await tick();
  }
}

export class Shown {
  readonly main: HTMLElement;

  private constructor(readonly app: object, readonly target: HTMLElement) {
    const main = target.querySelector('main');
    if (main === null) throw new Error('no main');
    this.main = main;
  }

  static async at(hash: string, facts: Partial<Facts> = {}): Promise<Shown> {
    if (navigator.userAgent.includes('HappyDOM')) standIn();
    else Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', drawing);
    window.location.hash = hash;
    place.hash = hash;
    now.ms = NOW;
    const target = document.createElement('div');
    document.body.append(target);
    const app = mount(App, { target, props: { view: new PhoneView(phoneOf(facts)) } });
    const shown = new Shown(app, target);
    await shown.settle();
    return shown;
  }

  async settle(): Promise<void> {
    await settled();
  }

  /** To another screen of the same app, as by a link. */
  async go(hash: string): Promise<this> {
    window.location.hash = hash;
    place.hash = hash;
    await this.settle();
    return this;
  }

  async end(): Promise<void> {
    await unmount(this.app);
    this.target.remove();
    // What one phone keeps beside its store is no other's.
    localStorage.clear();
  }

  /** Every word on the page, spaces folded. */
  get words(): string {
    return this.target.textContent.replace(/\s+/gu, ' ');
  }

  reads(...words: readonly string[]): this {
    for (const each of words) expect(this.words).toContain(each);
    return this;
  }

  /** A button or link of these words that can be pressed. */
  control(name: string): HTMLElement {
    const all = [...this.target.querySelectorAll<HTMLElement>('main button, main a[href], main summary, header a[href]')];
    const named = all.filter((one) => one.textContent.replace(/\s+/gu, ' ').includes(name));
    const free = named.find((one) => !(one as HTMLButtonElement).disabled);
    if (free === undefined) throw new Error(`${named.length === 0 ? 'nothing' : 'nothing that can be pressed'} is called “${name}” in: ${this.words}`);
    return free;
  }

  offers(...names: readonly string[]): this {
    for (const name of names) this.control(name);
    return this;
  }

  refuses(name: string): this {
    const all = [...this.main.querySelectorAll('button')];
    const exact = all.filter((one) => one.textContent.trim() === name);
    const found = exact.length > 0 ? exact : all.filter((one) => one.textContent.includes(name));
    expect(found.length, name).toBeGreaterThan(0);
    expect(found.every(({ disabled }) => disabled), name).toBe(true);
    return this;
  }

  async press(name: string): Promise<this> {
    this.control(name).click();
    await this.settle();
    return this;
  }

  async fill(name: string, value: string): Promise<this> {
    const field = this.target.querySelector<HTMLInputElement>(`[name="${name}"], #${name}`);
    if (field === null) throw new Error(`no field ${name}`);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await this.settle();
    return this;
  }

  async check(selector: string): Promise<this> {
    const field = this.target.querySelector<HTMLInputElement>(selector);
    if (field === null) throw new Error(`no field ${selector}`);
    field.click();
    await this.settle();
    return this;
  }

  count(selector: string): number {
    return this.main.querySelectorAll(selector).length;
  }
}

export type { Phone };
