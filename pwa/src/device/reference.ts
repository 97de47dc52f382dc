/** The signed reference data: procedures and areas, fetched only when they changed. */
import type { StoredReference } from '../store/port';
import type { Bytes } from '../sync/bytes';
import { PUBLIC_KEY_BYTES } from '../sync/limits';
import { Shape } from '../sync/shape';
import { ask, readOrUntrusted } from './office';
import type { Trouble, WriteTrouble } from './outcomes';
import type { Reference } from './shown';
import type { World } from './world';
import { keeping } from './trouble';

const TIMEOUT_MS = 120_000;

export type FetchOutcome = { readonly kind: 'fetched' | 'current' } | Trouble | WriteTrouble;

export function openReference({ message }: StoredReference): Reference {
  const shape = Shape.read(message, 'reference data');
  return {
    version: shape.text('version'),
    catalogue: shape.value('catalogue'),
    areas: shape.value('areas'),
    calendar: shape.value('calendar'),
    branch: shape.value('branch'),
    clips: shape.value('clips'),
  };
}

/** The key to seal bundles to; null from an office that has none yet. */
export function openBundleKey({ message }: StoredReference): Bytes | null {
  return Shape.read(message, 'reference data').bytesOrNull('bundle_key', PUBLIC_KEY_BYTES);
}

export async function fetchReference(world: World): Promise<FetchOutcome> {
  const { store } = world;
  return await keeping(async (): Promise<FetchOutcome> => {
    const device = await store.device();
    if (device === null) return { kind: 'untrusted' };
    const etag = (await store.reference())?.etag;
    const request = { method: 'GET', path: '/sync/reference', timeoutMs: TIMEOUT_MS } as const;
    const answer = await ask(
      world,
      etag === undefined ? request : { ...request, etag },
      'reference',
      () => device.officeKey,
    );
    if (answer.kind === 'not-modified') return { kind: 'current' };
    if (answer.kind !== 'answer') return answer;
    const fetched = { etag: answer.etag ?? '', message: answer.message };
    const opened = readOrUntrusted(() => openReference(fetched));
    if ('kind' in opened) return opened;
    await store.saveReference(fetched);
    return { kind: 'fetched' };
  });
}

/** Whether two etags name the same data, with quotes or without. */
export function sameEtag(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

function bare(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '');
}
