/**
 * What breaks the protocol, as in `sync/refusals.py`.
 *
 *     Refusal
 *     ├── Malformed        not the shape of a message, or a broken bound
 *     ├── TooLarge         more bytes or entries than the limits allow
 *     ├── UnknownProtocol  a version that this reader does not know
 *     ├── BadSignature     not signed by whom it names
 *     ├── WrongOffice      meant for another office
 *     ├── Gap              a batch that begins after what is held
 *     ├── Fork             a batch whose log differs from the one that is held
 *     └── BrokenChain      a batch whose head is not the head of its changes
 */

/** Something that a party sent cannot be taken as it is; `code` is stable and travels. */
export class Refusal extends Error {
  readonly code: string = 'refused';
}

export class Malformed extends Refusal {
  override readonly code = 'malformed';
  constructor(what: string) {
    super(`this is not ${what}`);
  }
}

export class TooLarge extends Refusal {
  override readonly code = 'too-large';
  constructor(what: string, size: number, sizeMax: number) {
    super(`${what} is ${size}, over the limit of ${sizeMax}`);
  }
}

export class UnknownProtocol extends Refusal {
  override readonly code = 'unknown-protocol';
  readonly protocol: number;
  constructor(protocol: number) {
    super(`protocol version ${protocol} is not known here`);
    this.protocol = protocol;
  }
}

export class BadSignature extends Refusal {
  override readonly code = 'bad-signature';
  constructor(purpose: string) {
    super(`the signature of this ${purpose} does not hold`);
  }
}

export class WrongOffice extends Refusal {
  override readonly code = 'wrong-office';
  constructor() {
    super('this message is meant for another office');
  }
}

export class Gap extends Refusal {
  override readonly code = 'gap';
  readonly held: number;
  constructor(seat: number, first: number, held: number) {
    super(`the batch of seat ${seat} begins at ${first}, but ${held} is held`);
    this.held = held;
  }
}

export class Fork extends Refusal {
  override readonly code = 'fork';
  readonly first: number;
  constructor(seat: number, first: number) {
    super(`the log of seat ${seat} differs from the one held, from ${first} on`);
    this.first = first;
  }
}

export class BrokenChain extends Refusal {
  override readonly code = 'broken-chain';
  constructor(seat: number, last: number) {
    super(`the changes of seat ${seat} up to ${last} do not end in the head given`);
  }
}
