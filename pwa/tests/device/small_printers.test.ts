import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { choosePrinter, recallPrinter, waysHere } from '../../src/device/small_printers';

const COMMON = '000018f0-0000-1000-8000-00805f9b34fb';
const PIECE = Uint8Array.of(1, 2, 3);

/** A device of the radio with one service, and what was written to it. */
function device(service: string, isAnswered = true) {
  const written: string[] = [];
  const gone = vi.fn();
  const characteristic = {
    properties: { write: isAnswered },
    writeValueWithResponse: () => Promise.resolve(void written.push('answered')),
    writeValueWithoutResponse: () => Promise.resolve(void written.push('unanswered')),
  };
  const gatt = {
    connect: () => Promise.resolve(gatt),
    disconnect: gone,
    getPrimaryService: (asked: string) => (asked === service
      ? Promise.resolve({ getCharacteristic: () => Promise.resolve(characteristic) })
      : Promise.reject(new DOMException('', 'NotFoundError'))),
  };
  return { id: 'one', name: 'MPT-II', gatt, written, gone };
}

function bluetooth(...devices: object[]) {
  const radio = { requestDevice: vi.fn(() => Promise.resolve(devices[0])), getDevices: () => Promise.resolve(devices) };
  vi.stubGlobal('navigator', { bluetooth: radio });
  return radio;
}

describe('the small printers of a browser (UX-42, UX-60)', () => {
  beforeEach(() => {
    vi.stubGlobal('navigator', {});
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('are those that it can reach, and none where it reaches none', () => {
    expect(waysHere()).toEqual([]);
    bluetooth();
    expect(waysHere()).toEqual(['bluetooth']);
  });

  it('are written to with an answer where they give one', async () => {
    const one = device(COMMON);
    bluetooth(one);

    const found = await choosePrinter('bluetooth', false);
    const line = found === null || found === 'blocked' ? null : await found.printer.open();
    await line?.write(PIECE);
    await line?.close();

    expect(one.written).toEqual(['answered']);
    expect(one.gone).toHaveBeenCalledOnce();
  });

  it('are written to without one where they give none', async () => {
    const one = device(COMMON, false);
    bluetooth(one);

    const found = await choosePrinter('bluetooth', false);
    const line = found === null || found === 'blocked' ? null : await found.printer.open();
    await line?.write(PIECE);

    expect(one.written).toEqual(['unanswered']);
  });

  it('are looked for among everything near where somebody asks for it', async () => {
    const radio = bluetooth(device(COMMON));

    await choosePrinter('bluetooth', false);
    await choosePrinter('bluetooth', true);

    expect(radio.requestDevice).toHaveBeenNthCalledWith(1, expect.objectContaining({ filters: expect.arrayContaining([{ services: [COMMON] }]) as unknown }));
    expect(radio.requestDevice).toHaveBeenNthCalledWith(2, expect.objectContaining({ acceptAllDevices: true }));
  });

  it('take no headset for a printer, and let it go', async () => {
    const headset = device('0000110b-0000-1000-8000-00805f9b34fb');
    bluetooth(headset);

    const found = await choosePrinter('bluetooth', true);

    expect(found === null || found === 'blocked' ? '' : await found.printer.open()).toBeNull();
    expect(headset.gone).toHaveBeenCalledOnce();
  });

  it.each([['NotFoundError', null], ['SecurityError', 'blocked']])('answer a list that ends with %s', async (name, answer) => {
    vi.stubGlobal('navigator', { bluetooth: { requestDevice: () => Promise.reject(new DOMException('', name)) } });

    expect(await choosePrinter('bluetooth', false)).toBe(answer);
  });

  it('are found again where the browser still allows that one', async () => {
    bluetooth(device(COMMON));

    expect((await recallPrinter('bluetooth', 'one'))?.printer.name).toBe('MPT-II');
    expect(await recallPrinter('bluetooth', 'another')).toBeNull();
    vi.stubGlobal('navigator', { bluetooth: {} });
    expect(await recallPrinter('bluetooth', 'one')).toBeNull();
  });

  it('of a port are found again where there is only one', async () => {
    const closed = vi.fn(() => Promise.resolve());
    const taken: number[] = [];
    const writable = new WritableStream<Uint8Array>({ write: (piece) => { taken.push(...piece); } });
    const port = { writable, open: () => Promise.resolve(), close: closed };
    vi.stubGlobal('navigator', { serial: { getPorts: () => Promise.resolve([port]) } });

    const line = await (await recallPrinter('serial', ''))?.printer.open();
    await line?.write(PIECE);
    await line?.close();

    expect(taken).toEqual([1, 2, 3]);
    expect(closed).toHaveBeenCalledOnce();
    vi.stubGlobal('navigator', { serial: { getPorts: () => Promise.resolve([port, port]) } });
    expect(await recallPrinter('serial', '')).toBeNull();
  });

  it('of a port that hangs are let go', async () => {
    const closed = vi.fn(() => Promise.resolve());
    const writable = new WritableStream<Uint8Array>({ write: () => new Promise(() => undefined) });
    vi.stubGlobal('navigator', { serial: { requestPort: () => Promise.resolve({ writable, open: () => Promise.resolve(), close: closed }) } });

    const found = await choosePrinter('serial', false);
    const line = found === null || found === 'blocked' ? null : await found.printer.open();
    void line?.write(PIECE).catch(() => undefined);
    void line?.close();

    await vi.waitFor(() => { expect(closed).toHaveBeenCalledOnce(); });
  });
});
