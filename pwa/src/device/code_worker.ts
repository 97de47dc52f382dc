/** ZXing off the page's own thread: a frame comes in, the text of a QR code goes out. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

declare const self: DedicatedWorkerGlobalScope;

export type ReaderAnswer = { readonly text: string } | 'nothing' | 'not-here';

interface Frame {
  readonly picture: ImageBitmap;
  /** Where ZXing lies on our own host; by itself it would ask a foreign one. */
  readonly readerFile: string;
}

self.addEventListener('message', ({ data }: MessageEvent<Frame>) => {
  void read(data).then(
    (answer) => {
      self.postMessage(answer);
    },
    () => {
      self.postMessage('not-here' satisfies ReaderAnswer);
    },
  );
});

async function read({ picture, readerFile }: Frame): Promise<ReaderAnswer> {
  const { width, height } = picture;
  const pen = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (pen === null) throw new Error('no canvas');
  pen.drawImage(picture, 0, 0);
  picture.close();
  prepareZXingModule({ overrides: { locateFile: () => readerFile } });
  const found = await readBarcodes(pen.getImageData(0, 0, width, height), {
    formats: ['QRCode'],
    tryHarder: true,
    maxNumberOfSymbols: 1,
  });
  const text = found.find(({ isValid }) => isValid)?.text;
  return text === undefined ? 'nothing' : { text };
}
