/**
 * The small printers that a browser can reach: by Bluetooth LE, or by a serial port (a cable, or
 * Bluetooth of before that was paired with the system). Which of them there are is asked, never who asks.
 *
 * TypeScript knows neither interface; what is used of them stands here.
 */
import type { Line, SmallPrinter } from './printing';

interface Characteristic {
  readonly properties: { readonly write: boolean };
  writeValueWithResponse(value: BufferSource): Promise<void>;
  writeValueWithoutResponse(value: BufferSource): Promise<void>;
}
interface Gatt {
  connect(): Promise<Gatt>;
  disconnect(): void;
  getPrimaryService(uuid: string): Promise<{ getCharacteristic(uuid: string): Promise<Characteristic> }>;
}
export interface RadioDevice { readonly id: string; readonly name?: string; readonly gatt?: Gatt }
interface Radio {
  requestDevice(options: object): Promise<RadioDevice>;
  /** Not every browser tells what it was allowed before. */
  getDevices?(): Promise<readonly RadioDevice[]>;
}
export interface Port {
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
}
interface Ports {
  requestPort(): Promise<Port>;
  getPorts(): Promise<readonly Port[]>;
}

export type Way = 'bluetooth' | 'serial';
export interface Found { readonly way: Way; readonly id: string; readonly printer: SmallPrinter }

/**
 * Where printers of receipts take ESC/POS: those of the common makers, of modules built into the rest,
 * and of Epson's portables. 0xAE30 is left out on purpose: those take a language of their own.
 */
const DOORS: readonly (readonly [string, string])[] = [
  [short('18f0'), short('2af1')],
  [short('ff00'), short('ff02')],
  ['e7810a71-73ae-499d-8c15-faa9aef0c3f2', 'bef8d6c9-9c21-4c9e-b632-bd58c1009f9f'],
  ['49535343-fe7d-4ae5-8fa9-9fafd205e455', '49535343-8841-43f4-a8d4-ecbe34729bb3'],
];
const SERVICES = DOORS.map(([service]) => service);
/** How printers call themselves that do not say beforehand what they offer. */
const NAMES = ['Printer', 'BlueTooth Printer', 'InnerPrinter', 'MPT', 'MTP', 'PT-', 'RPP', 'XP-', 'TM-P', 'POS'];

/** What a printer of any make takes in one piece: who takes more says so nowhere. */
const ANSWERED_BYTES = 180;
const UNANSWERED_BYTES = 100;
const PORT_BYTES = 512;
/** Of a cable that has one; those of USB and Bluetooth take no notice. */
const BAUD_RATE = 9600;
/** Until what was taken without an answer is out of the radio. */
const SETTLE_MS = 600;

function short(code: string): string {
  return `0000${code}-0000-1000-8000-00805f9b34fb`;
}

/** What of the two this browser has. */
export function waysHere(): readonly Way[] {
  return (['bluetooth', 'serial'] as const).filter((way) => apiOf(way) !== undefined);
}

/** Opens the browser's own list; null where nothing was chosen. With `anything`, whatever is near stands in it. */
export async function choosePrinter(way: Way, anything: boolean): Promise<Found | 'blocked' | null> {
  try {
    if (way === 'serial') return ofPort(await apiOf('serial')?.requestPort());
    const filters = [...SERVICES.map((service) => ({ services: [service] })), ...NAMES.map((namePrefix) => ({ namePrefix }))];
    const asked = anything ? { acceptAllDevices: true } : { filters };
    return ofRadio(await apiOf('bluetooth')?.requestDevice({ ...asked, optionalServices: SERVICES }));
  } catch (fault) {
    if (!(fault instanceof DOMException)) throw fault;
    return fault.name === 'NotFoundError' ? null : 'blocked';
  }
}

/** The printer of last time, where the browser still allows it and tells so. */
export async function recallPrinter(way: Way, id: string): Promise<Found | null> {
  try {
    if (way === 'bluetooth') return ofRadio((await apiOf('bluetooth')?.getDevices?.())?.find((device) => device.id === id));
    // A port has no name: only where there is one alone it must be that of last time.
    const ports = await apiOf('serial')?.getPorts() ?? [];
    return ports.length === 1 ? ofPort(ports[0]) : null;
  } catch (fault) {
    if (fault instanceof DOMException) return null;
    throw fault;
  }
}

function apiOf(way: 'bluetooth'): Radio | undefined;
function apiOf(way: 'serial'): Ports | undefined;
function apiOf(way: Way): Radio | Ports | undefined;
function apiOf(way: Way): Radio | Ports | undefined {
  return (navigator as unknown as Readonly<Record<Way, Radio & Ports | undefined>>)[way];
}

function ofRadio(device: RadioDevice | undefined): Found | null {
  if (device === undefined) return null;
  const printer = { name: device.name ?? '', open: () => openRadio(device) };
  return { way: 'bluetooth', id: device.id, printer };
}

async function openRadio(device: RadioDevice): Promise<Line | null> {
  const gatt = await device.gatt?.connect();
  if (gatt === undefined) return null;
  const door = await doorOf(gatt);
  if (door === null) {
    gatt.disconnect();
    return null;
  }
  // With an answer each piece has arrived; without, pieces may be lost on the way.
  const isAnswered = door.properties.write;
  return {
    bytesAtOnce: isAnswered ? ANSWERED_BYTES : UNANSWERED_BYTES,
    write: (piece) => (isAnswered ? door.writeValueWithResponse(piece) : door.writeValueWithoutResponse(piece)),
    close: async () => {
      if (!isAnswered) await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS); });
      gatt.disconnect();
    },
  };
}

async function doorOf(gatt: Gatt): Promise<Characteristic | null> {
  for (const [service, characteristic] of DOORS) {
    try {
      return await (await gatt.getPrimaryService(service)).getCharacteristic(characteristic);
    } catch (fault) {
      // It has none of these; who is gone says something else.
      if (!(fault instanceof DOMException) || fault.name !== 'NotFoundError') throw fault;
    }
  }
  return null;
}

function ofPort(port: Port | undefined): Found | null {
  return port === undefined ? null : { way: 'serial', id: '', printer: { name: '', open: () => openPort(port) } };
}

async function openPort(port: Port): Promise<Line | null> {
  await port.open({ baudRate: BAUD_RATE });
  const writer = port.writable?.getWriter();
  if (writer === undefined) {
    await port.close();
    return null;
  }
  return {
    bytesAtOnce: PORT_BYTES,
    write: (piece) => writer.write(piece),
    close: async () => {
      // What the printer no longer takes is thrown away; a write that hangs must not be waited for.
      if (writer.desiredSize === null || writer.desiredSize <= 0) void writer.abort().catch(() => undefined);
      writer.releaseLock();
      await port.close();
    },
  };
}
