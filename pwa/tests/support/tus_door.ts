/** The office's door to attachments, as much of tus 1.0 as a phone can tell. */
import {
  type DoorAnswer,
  type DoorRequest,
  NoAnswer,
  type PhotoTools,
} from '../../src/device/world';
import { digestOf } from '../../src/device/darkroom';
import { type Bytes, concat } from '../../src/sync/bytes';

interface Upload {
  readonly digest: string;
  readonly size: number;
  bytes: Bytes;
}

type Fault = (answer: () => Promise<DoorAnswer>, request: DoorRequest) => Promise<DoorAnswer>;

const DOOR = '/sync/attachments/';
export const TOKEN = 'token-1';

export class TusDoor {
  readonly requests: DoorRequest[] = [];
  readonly uploads = new Map<string, Upload>();
  /** By record and digest. */
  readonly held = new Map<string, Bytes>();
  /** What happens to the next requests of a method, first to first. */
  readonly faults: { readonly method: string; readonly fault: Fault }[] = [];
  token = TOKEN;
  room: number | null = null;
  /** What the worker makes of a file; `unreadable` for none that it can draw. */
  draws: (raw: Bytes, type: string) => Promise<Bytes | 'unreadable'> = (raw) =>
    Promise.resolve(raw[0] === 0 ? 'unreadable' : raw.map((byte) => byte ^ 1));

  tools(): PhotoTools {
    return {
      prepare: async (raw, type) => {
        const bytes = await this.draws(raw, type);
        return bytes === 'unreadable'
          ? bytes
          : { bytes, type: 'image/jpeg', thumbnail: bytes.slice(0, 3), hint: null };
      },
      room: () => Promise.resolve(this.room),
      origin: 'http://office.test',
      send: async (request) => await this.send(request),
    };
  }

  /** The next request of this method goes wrong. */
  fails(method: string, fault: Fault): void {
    this.faults.push({ method, fault });
  }

  count(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  private async send(request: DoorRequest): Promise<DoorAnswer> {
    this.requests.push(request);
    const place = this.faults.findIndex(({ method }) => method === request.method);
    const [found] = place < 0 ? [] : this.faults.splice(place, 1);
    const answer = async (): Promise<DoorAnswer> => await this.answer(request);
    return found === undefined ? await answer() : await found.fault(answer, request);
  }

  private async answer({ method, address, headers, body }: DoorRequest): Promise<DoorAnswer> {
    if (headers['Authorization'] !== `Bearer ${this.token}`) return said(401);
    if (method === 'POST') return this.create(headers);
    const upload = this.uploads.get(address);
    if (upload === undefined) return said(404);
    if (method === 'HEAD') return offsetOf(upload, 200);
    if (Number(headers['Upload-Offset']) !== upload.bytes.length) return said(409);
    upload.bytes = concat(upload.bytes, body ?? new Uint8Array());
    if (upload.bytes.length === upload.size) {
      if ((await digestOf(upload.bytes)) !== upload.digest.slice(-64)) {
        this.uploads.delete(address);
        return said(460);
      }
      this.held.set(upload.digest, upload.bytes);
    }
    return offsetOf(upload, 204);
  }

  private create(headers: Readonly<Record<string, string>>): DoorAnswer {
    const pairs = (headers['Upload-Metadata'] ?? '').split(',').map((pair) => pair.split(' '));
    const metadata = new Map(pairs.map(([key = '', value = '']) => [key, atob(value)]));
    const digest = `${metadata.get('record') ?? ''}/${metadata.get('digest') ?? ''}`;
    const size = Number(headers['Upload-Length']);
    const upload = { digest, size, bytes: this.held.get(digest) ?? new Uint8Array() };
    const address = `${DOOR}u${this.uploads.size + 1}-${this.requests.length}`;
    this.uploads.set(address, upload);
    return said(201, { 'Upload-Offset': String(upload.bytes.length), Location: address });
  }
}

export function said(status: number, headers: Readonly<Record<string, string>> = {}): DoorAnswer {
  const all: Readonly<Record<string, string>> = { 'Tus-Resumable': '1.0.0', ...headers };
  return { status, header: (name) => all[name] ?? null, body: new Uint8Array() };
}

export const cut: Fault = () => Promise.reject(new NoAnswer(false));

/** The office has heard, and the answer is lost on its way. */
export const lostAnswer: Fault = async (answer) => {
  await answer();
  throw new NoAnswer(false);
};

function offsetOf({ bytes, size }: Upload, status: number): DoorAnswer {
  const headers = { 'Upload-Offset': String(bytes.length), 'Upload-Length': String(size) };
  return said(status, headers);
}
