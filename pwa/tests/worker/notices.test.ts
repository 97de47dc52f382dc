/** What a notice says: words of this phone, for a kind and nothing else. UX-64. */
import { expect, it } from 'vitest';
import file from '../../../sync/vectors/push.json';
import en from '../../src/words/notices.en.json';
import vi from '../../src/words/notices.vi.json';
import { kindOf, noticeOf } from '../../src/worker/notices';

it('words every kind in both languages, and replaces an older notice of it', () => {
  for (const kind of ['supplement', 'settled', 'result', 'codes', 'other'] as const) {
    const text = `${kind}.text` as const;
    const tag = `luudong-${kind}`;
    expect(noticeOf(kind, 'vi')).toEqual({ title: vi[kind], body: vi[text], lang: 'vi', tag });
    expect(noticeOf(kind, 'en')).toEqual({ title: en[kind], body: en[text], lang: 'en', tag });
  }
  expect(noticeOf('codes', 'fr').lang).toBe('vi');
});

it('knows the kinds that the office sends', () => {
  const kinds = file.cases.flatMap((one) => one.kinds ?? []);
  expect(kinds).toHaveLength(4);
  for (const kind of kinds) expect(kindOf(JSON.stringify({ kind }).padEnd(64))).toBe(kind);
});

it.each([undefined, '', 'null', '7', '{}', '{"kind":7}', '{"kind":"hello"}', '{"kind":"toString"}', 'Nguyễn Văn A'])(
  'takes %s for some news, and repeats nothing of it',
  (payload) => {
    expect(kindOf(payload)).toBe('other');
  },
);
