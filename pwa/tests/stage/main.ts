/**
 * The screens of `tests/screens` in a real browser, one state after the other, for whoever looks on.
 *
 * `stage.begin(screen, stand)` and `stage.goOn()` answer once something stands there to be looked at,
 * and when nothing more does; where a screen is not as it has to be they reject.
 */
import '../../src/styles/fonts.css';
import '../../src/styles/tokens.css';
import '../../src/styles/app.css';
import { display } from '../../src/live/display.svelte';
import type { Stand } from '../screens/stands';

type Scene = 'shown' | 'over';

interface Stage {
  /** Of each screen the states that somebody can come upon it in. */
  readonly screens: Readonly<Record<string, readonly Stand[]>>;
  begin(screen: string, stand: Stand): Promise<Scene>;
  goOn(): Promise<Scene>;
}

declare global {
  interface Window { stage?: Stage }
}

const language = new URL(location.href).searchParams.get('language');
await display.setLanguage(language === 'en' ? 'en' : 'vi');
// The table says its words while it is read.
const [{ TABLE }, { STANDS, onlooker }, { fetchAll }] = await Promise.all([
  import('../screens/table'), import('../screens/stands'), import('../screens/showing'),
]);
await fetchAll();
await document.fonts.ready;

let leave: () => void = () => undefined;
let play: Promise<'over'> = Promise.resolve('over');
let enter: (scene: Scene) => void = () => undefined;

onlooker.look = () => {
  enter('shown');
  return new Promise((resolve) => { leave = resolve; });
};

function next(start: () => void): Promise<Scene> {
  const shown = new Promise<Scene>((resolve) => { enter = resolve; });
  start();
  return Promise.race([shown, play]);
}

const rows = Object.entries(TABLE);
window.stage = {
  screens: Object.fromEntries(rows.map(([screen, row]) => [screen, STANDS.filter((stand) => typeof row[stand] !== 'string')])),
  begin: (screen, stand) => next(() => {
    const cell = rows.find(([name]) => name === screen)?.[1][stand];
    if (typeof cell !== 'function') throw new Error(`${screen} is never ${stand}`);
    play = cell().then(() => 'over');
  }),
  goOn: () => next(leave),
};
