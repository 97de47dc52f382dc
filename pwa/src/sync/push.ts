/**
 * How a device asks to be woken: where its browser's push service takes messages, and for whom
 * (`docs/protocol.md`, part 6.8).
 */
import type { Bytes } from './bytes';
import { PROTOCOL, readMessage } from './exchange';
import type { Address } from './messages';
import { pack } from './pack';
import { Malformed } from './refusals';

export type PushWish = 'ask' | 'on' | 'off' | 'move';

/** Where a browser can be reached, and the keys that messages to it are sealed to. */
export interface PushAddress {
  readonly endpoint: string;
  readonly p256dh: Bytes;
  readonly auth: Bytes;
}

export interface PushRequest extends Address {
  readonly time: number;
  readonly wish: PushWish;
  readonly seat: number | null;
  readonly push: PushAddress | null;
}

export interface PushResponse extends Address {
  readonly time: number;
  /** The office's, that a browser binds its subscription to; empty where it wakes nobody. */
  readonly key: Bytes;
  /** Those that are woken on this device. */
  readonly seats: readonly number[];
}

export function writePushRequest(request: PushRequest): Bytes {
  const { office, device, number, time, wish, seat, push } = request;
  const address = push === null ? null : { ...push };
  return pack({ protocol: PROTOCOL, office, device, number, time, wish, seat, push: address });
}

export function readPushResponse(message: Bytes): PushResponse {
  const shape = readMessage(message, 'an answer to a wish to be woken');
  return {
    office: shape.text('office'),
    device: shape.integer('device', 1),
    number: shape.integer('number'),
    time: shape.integer('time'),
    key: shape.bytes('key'),
    seats: shape.list('seats').map((seat) => {
      if (typeof seat !== 'number') throw new Malformed('a seat');
      return seat;
    }),
  };
}
