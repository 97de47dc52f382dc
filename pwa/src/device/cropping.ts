/** Turning and cutting a photo by buttons: nothing needs dragging (UX-72). */

/** Quarter turns to the right, then what is cut from each side, in hundredths. */
export interface Cut {
  readonly turns: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const UNCUT: Cut = { turns: 0, top: 0, right: 0, bottom: 0, left: 0 };
export type Side = 'top' | 'right' | 'bottom' | 'left';
export const SIDES: readonly Side[] = ['top', 'right', 'bottom', 'left'];

const STEP = 4;
/** What is left of each direction at least: a page, and not a stripe. */
const LEFT_MIN = 20;

export function turned({ turns, top, right, bottom, left }: Cut): Cut {
  return { turns: (turns + 1) % 4, top: left, right: top, bottom: right, left: bottom };
}

/** A little less of one side; the same where too little would be left. */
export function trimmed(cut: Cut, side: Side): Cut {
  const next = { ...cut, [side]: cut[side] + STEP };
  const isWide = next.left + next.right <= 100 - LEFT_MIN;
  const isHigh = next.top + next.bottom <= 100 - LEFT_MIN;
  return isWide && isHigh ? next : cut;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function sizeOf({ turns, top, right, bottom, left }: Cut, { width, height }: Size): Size {
  const [wide, high] = turns % 2 === 0 ? [width, height] : [height, width];
  return {
    width: Math.max(1, Math.round((wide * (100 - left - right)) / 100)),
    height: Math.max(1, Math.round((high * (100 - top - bottom)) / 100)),
  };
}

/** Draws what is left onto a canvas of `sizeOf`. */
export function drawCut(pen: CanvasRenderingContext2D, picture: ImageBitmap, cut: Cut): void {
  const { width, height } = picture;
  const [wide, high] = cut.turns % 2 === 0 ? [width, height] : [height, width];
  pen.setTransform(1, 0, 0, 1, (-wide * cut.left) / 100, (-high * cut.top) / 100);
  pen.translate(wide / 2, high / 2);
  pen.rotate((cut.turns * Math.PI) / 2);
  pen.drawImage(picture, -width / 2, -height / 2);
}
