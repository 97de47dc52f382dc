/**
 * What a notice says, in the words of this phone: the office sends a kind and nothing else.
 *
 * Nobody needs to unlock anything for it: whose dossier it is, the app says behind its lock.
 */
import en from '../words/notices.en.json';
import vi from '../words/notices.vi.json';

export type NoticeKind = 'supplement' | 'settled' | 'result' | 'codes' | 'other';
/** What the worker asks of a page: to exchange, because of this kind, or to show a screen too. */
export interface PageWish {
  readonly woken: NoticeKind;
  readonly show?: string;
}

export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly lang: 'vi' | 'en';
  /** A newer notice of a kind takes the place of the older one. */
  readonly tag: string;
}

const KINDS: readonly NoticeKind[] = ['supplement', 'settled', 'result', 'codes'];
/** Where a press on a notice leads: what is asked, what was settled, what waits. */
export const ATTENTION = '#/outbox';

/** Whatever came: what cannot be read is still a notice, since browsers insist on one. */
export function kindOf(payload: string | undefined): NoticeKind {
  try {
    const said: unknown = JSON.parse(payload ?? '');
    if (typeof said !== 'object' || said === null || !('kind' in said)) return 'other';
    return KINDS.find((kind) => kind === said.kind) ?? 'other';
  } catch {
    return 'other';
  }
}

export function noticeOf(kind: NoticeKind, language: string): Notice {
  const [lang, words] = language === 'en' ? (['en', en] as const) : (['vi', vi] as const);
  return { title: words[kind], body: words[`${kind}.text`], lang, tag: `luudong-${kind}` };
}
