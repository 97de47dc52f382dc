/**
 * A page: stored entries of an area, one after the other, and how far they bring a reader.
 *
 * The office packs entries in runs as it once stored them; what is unpacked is what is marked.
 */
import type { Bytes } from './bytes';
import { EXCHANGE_INFLATED_BYTES_MAX } from './limits';
import type { ExchangeResponse, Page } from './messages';

/** Unpacks raw deflate to at most so many bytes; throws Malformed if there is more, or it fails. */
export type Inflate = (packed: Bytes, most: number) => Promise<Bytes>;

/** Gives an answer with the entries of its pages as they are stored. */
export async function unpackPages(
  response: ExchangeResponse,
  inflate: Inflate,
): Promise<ExchangeResponse> {
  const pages: [string, Page][] = [];
  for (const [area, page] of response.pages) pages.push([area, await unpackPage(page, inflate)]);
  return { ...response, pages };
}

async function unpackPage(page: Page, inflate: Inflate): Promise<Page> {
  if (page.packed.length === 0) return page;
  const entries = await inflate(page.packed, EXCHANGE_INFLATED_BYTES_MAX);
  return { ...page, entries, packed: new Uint8Array() };
}
