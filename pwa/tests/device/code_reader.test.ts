import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasCodeReader, openCodeReader } from '../../src/device/code_reader';

/** A browser's own reader, as `BarcodeDetector` describes it. */
function nativeReader(formats: readonly string[], codes: readonly string[] | 'fails'): unknown {
  return class {
    static getSupportedFormats(): Promise<readonly string[]> {
      return Promise.resolve(formats);
    }

    detect(): Promise<readonly { readonly rawValue: string }[]> {
      if (codes === 'fails') return Promise.reject(new DOMException('not now', 'InvalidStateError'));
      return Promise.resolve(codes.map((rawValue) => ({ rawValue })));
    }
  };
}

const FRAME = {} as HTMLVideoElement;

describe('reading codes', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('takes the browser\'s own reader where it has one', async () => {
    vi.stubGlobal('BarcodeDetector', nativeReader(['ean_13', 'qr_code'], ['001190000123||…']));
    const reader = await openCodeReader();

    expect(await reader.read(FRAME)).toEqual({ text: '001190000123||…' });
    expect(await hasCodeReader()).toBe(true);
  });

  it('has seen nothing when the browser\'s reader is not ready', async () => {
    vi.stubGlobal('BarcodeDetector', nativeReader(['qr_code'], 'fails'));
    const reader = await openCodeReader();

    expect(await reader.read(FRAME)).toBe('nothing');
  });

  it.each([['no codes'], ['the name alone']])('brings its own reader where the browser has %s', async (what) => {
    if (what === 'the name alone') vi.stubGlobal('BarcodeDetector', nativeReader([], []));
    const started = vi.fn();
    vi.stubGlobal('Worker', class {
      constructor(address: URL) {
        started(address.pathname);
      }

      terminate(): void {
        started('ended');
      }
    });

    const reader = await openCodeReader();
    reader.close();

    expect(started.mock.calls.flat()).toEqual([expect.stringContaining('code_worker'), 'ended']);
    expect(await hasCodeReader()).toBe(false);
  });
});
