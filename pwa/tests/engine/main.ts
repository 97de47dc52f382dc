/** Commands on stdin, one line of JSON each; their answers on stdout, in the same order. */
import { readSync, writeSync } from 'node:fs';
import { type Command, Host } from './host';

const PIECE_BYTES = 1 << 16;
const NEWLINE = 10;

const host = new Host();
const piece = Buffer.alloc(PIECE_BYTES);
const uncaught: unknown[] = [];
process.on('unhandledRejection', (fault) => {
  uncaught.push(fault);
});
let waiting = Buffer.alloc(0);

// Reading blocks: between two commands nothing may happen here.
for (let size = readSync(0, piece); size > 0; size = readSync(0, piece)) {
  waiting = Buffer.concat([waiting, piece.subarray(0, size)]);
  for (let end = waiting.indexOf(NEWLINE); end >= 0; end = waiting.indexOf(NEWLINE)) {
    const line = waiting.subarray(0, end).toString();
    waiting = waiting.subarray(end + 1);
    writeWhole(`${JSON.stringify(await answerTo(line))}\n`);
  }
}

async function answerTo(line: string): Promise<unknown> {
  try {
    const effects = await host.obey(JSON.parse(line) as Command);
    if (uncaught.length > 0) throw uncaught.splice(0)[0];
    return effects;
  } catch (fault) {
    return { error: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) };
  }
}

/** A pipe takes as much as it has room for. */
function writeWhole(text: string): void {
  let left = Buffer.from(text);
  while (left.length > 0) left = left.subarray(writeSync(1, left));
}
