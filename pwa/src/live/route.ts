/** The addresses of the app. Hashes, so that the server never sees a dossier's id. */
export type Route =
  | { readonly screen: 'new'; readonly person: string | null }
  | { readonly screen: 'today' | 'sign-in' | 'dossiers' | 'outbox' | 'settings' | 'not-found' }
  | { readonly screen: ShiftScreen }
  | { readonly screen: 'keep-original' | 'hand-back' | 'greeting'; readonly record: string }
  | { readonly screen: 'shared'; readonly kept: number; readonly not: readonly SharedRefusal[] }
  | { readonly screen: 'enrol'; readonly code: string }
  | { readonly screen: 'draft' | 'papers' | 'camera' | 'check' | 'hand-draft'; readonly draft: string; readonly at: string | null }
  | { readonly screen: 'section'; readonly draft: string; readonly group: string; readonly at: string | null; readonly question: string | null }
  | { readonly screen: 'dossier'; readonly record: string; readonly just: string | null }
  | { readonly screen: 'receipt'; readonly record: string }
  | { readonly screen: 'revise'; readonly record: string; readonly group: string };

/** Why the worker kept a shared paper not (`worker/shared.ts`). */
const SHARED_REFUSALS = ['wrong-type', 'file-too-large', 'store-full', 'too-many', 'nobody', 'unread'] as const;
export type SharedRefusal = (typeof SHARED_REFUSALS)[number];

const SHIFT_SCREENS = [
  'shift', 'queue', 'originals', 'results', 'survey', 'petition', 'handover',
] as const;
/** Screens of a stop beside its dossiers. */
export type ShiftScreen = (typeof SHIFT_SCREENS)[number];

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/u, '').split('?');
  const asked = new URLSearchParams(query);
  const parts = path.split('/').filter((part) => part !== '').map(decode);
  const [first, second, third, fourth] = parts;
  if (first === undefined) return { screen: 'today' };
  if (first === 'enrol' && parts.length <= 2) return { screen: 'enrol', code: second ?? '' };
  if (first === 'new' && parts.length === 1) return { screen: 'new', person: asked.get('person') };
  if (first === 'shared' && parts.length === 1) {
    const said = asked.getAll('not');
    return { screen: 'shared', kept: Number(asked.get('kept') ?? 0), not: SHARED_REFUSALS.filter((one) => said.includes(one)) };
  }
  if (parts.length === 1) return single(first);
  if (second === undefined) return { screen: 'not-found' };
  const at = asked.get('at');
  if (first === 'draft') {
    if (third === undefined) return { screen: 'draft', draft: second, at };
    if ((third === 'papers' || third === 'camera' || third === 'check') && fourth === undefined) {
      return { screen: third, draft: second, at };
    }
    if (third === 'hand' && fourth === undefined) return { screen: 'hand-draft', draft: second, at };
    if (third === 'section' && fourth !== undefined) {
      return { screen: 'section', draft: second, group: fourth, at, question: asked.get('q') };
    }
  }
  if (first === 'result' && parts.length === 2) return { screen: 'hand-back', record: second };
  if (first === 'result' && third === 'card' && fourth === undefined) return { screen: 'greeting', record: second };
  if (first === 'dossier') {
    if (third === 'original') return { screen: 'keep-original', record: second };
    if (third === undefined) return { screen: 'dossier', record: second, just: asked.get('just') };
    if (third === 'receipt' && fourth === undefined) return { screen: 'receipt', record: second };
    if (third === 'section' && fourth !== undefined) {
      return { screen: 'revise', record: second, group: fourth };
    }
  }
  return { screen: 'not-found' };
}

function single(first: string): Route {
  const shift = SHIFT_SCREENS.find((screen) => screen === first);
  if (shift !== undefined) return { screen: shift };
  switch (first) {
    case 'sign-in': case 'dossiers': case 'outbox': case 'settings':
      return { screen: first };
    default: return { screen: 'not-found' };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const address = {
  today: '#/',
  signIn: '#/sign-in',
  fresh: '#/new',
  /** Another dossier of the person of this one. */
  freshFor: (record: string) => `#/new?person=${record}`,
  dossiers: '#/dossiers',
  outbox: '#/outbox',
  settings: '#/settings',
  shared: '#/shared',
  shift: '#/shift',
  queue: '#/queue',
  originals: '#/originals',
  results: '#/results',
  survey: '#/survey',
  petition: '#/petition',
  handover: '#/handover',
  keepOriginal: (record: string) => `#/dossier/${record}/original`,
  handBack: (record: string) => `#/result/${record}`,
  greeting: (record: string) => `#/result/${record}/card`,
  enrol: (code = '') => `#/enrol${code === '' ? '' : `/${encodeURIComponent(code)}`}`,
  draft: (id: string) => `#/draft/${id}`,
  section: (id: string, group: string, at?: string) =>
    `#/draft/${id}/section/${group}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`,
  /** One question of a section, where they are asked one by one. */
  question: (id: string, group: string, name: string) => `#/draft/${id}/section/${group}?q=${encodeURIComponent(name)}`,
  papers: (id: string, at?: string) =>
    `#/draft/${id}/papers${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`,
  camera: (id: string, paper: string) => `#/draft/${id}/camera?at=${encodeURIComponent(paper)}`,
  handDraft: (id: string) => `#/draft/${id}/hand`,
  check: (id: string) => `#/draft/${id}/check`,
  dossier: (record: string, just?: 'sealed' | 'revised') =>
    `#/dossier/${record}${just === undefined ? '' : `?just=${just}`}`,
  receipt: (record: string) => `#/dossier/${record}/receipt`,
  revise: (record: string, group: string) => `#/dossier/${record}/section/${group}`,
} as const;
