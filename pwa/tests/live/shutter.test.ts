import { describe, expect, it, vi } from 'vitest';
import type { Camera, CameraTrouble } from '../../src/device/camera';
import type { PhotoFile } from '../../src/device/shown';
import { Shutter } from '../../src/live/shutter.svelte';

const VIDEO = {} as HTMLVideoElement;

/** A phone's camera as the test would have it. */
class FakeCamera implements Camera {
  readonly stream = {} as MediaStream;
  readonly hasTorch = false;
  closed = 0;
  take: () => void = () => undefined;

  light(): Promise<boolean> { return Promise.resolve(false); }
  whenLost(deed: () => void): void { this.take = deed; }
  close(): void { this.closed += 1; }
}

function shutterOf(...answers: readonly (FakeCamera | CameraTrouble)[]): { shutter: Shutter; picture: ReturnType<typeof vi.fn> } {
  const left = [...answers];
  const picture = vi.fn(() => Promise.resolve(new Blob(['page'], { type: 'image/jpeg' })));
  const open = (): Promise<Camera | CameraTrouble> => Promise.resolve(left.shift() ?? 'missing');
  return { shutter: new Shutter({ open, picture, now: () => 1_700_000_000_000 }), picture };
}

// UX-40, UX-41
describe('the camera inside a page', () => {
  it('hands over what it shot, and is free again once that is kept', async () => {
    const { shutter } = shutterOf(new FakeCamera());
    await shutter.open();
    shutter.video = VIDEO;
    const kept: PhotoFile[] = [];
    let keepIt = (): void => undefined;
    const shot = shutter.shoot(async (file) => {
      kept.push(file);
      await new Promise<void>((resolve) => { keepIt = resolve; });
    });
    await vi.waitFor(() => { expect(kept).toHaveLength(1); });
    expect(kept[0]).toEqual({ bytes: new TextEncoder().encode('page'), type: 'image/jpeg', takenAt: 1_700_000_000_000 });
    expect(shutter.busy).toBe(true);
    keepIt();
    await shot;
    expect(shutter.busy).toBe(false);
  });

  it('takes one picture, however often it is pressed', async () => {
    const { shutter, picture } = shutterOf(new FakeCamera());
    await shutter.open();
    shutter.video = VIDEO;
    await Promise.all([1, 2, 3].map(() => shutter.shoot(() => Promise.resolve())));
    expect(picture).toHaveBeenCalledTimes(1);
  });

  it('takes none before there is anything to be seen', async () => {
    const { shutter, picture } = shutterOf(new FakeCamera());
    await shutter.open();
    await shutter.shoot(() => Promise.resolve());
    expect(picture).not.toHaveBeenCalled();
  });

  it('is free again after a picture that could not be kept', async () => {
    const { shutter } = shutterOf(new FakeCamera());
    await shutter.open();
    shutter.video = VIDEO;
    await expect(shutter.shoot(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(shutter.busy).toBe(false);
  });

  it('says that it was refused, and can be asked again', async () => {
    const camera = new FakeCamera();
    const { shutter } = shutterOf('refused', camera);
    await shutter.open();
    expect(shutter.trouble).toBe('refused');
    await shutter.open();
    expect(shutter.trouble).toBeNull();
    expect(shutter.camera).toBe(camera);
  });

  it('says when the phone takes it away', async () => {
    const camera = new FakeCamera();
    const { shutter } = shutterOf(camera);
    await shutter.open();
    shutter.video = VIDEO;
    camera.take();
    expect([shutter.trouble, shutter.camera, shutter.video]).toEqual(['lost', null, null]);
  });

  it('lets go of a camera that comes after its page has gone', async () => {
    const camera = new FakeCamera();
    const { shutter } = shutterOf(camera);
    const opening = shutter.open();
    shutter.close();
    await opening;
    expect(camera.closed).toBe(1);
    expect(shutter.camera).toBeNull();
  });
});
