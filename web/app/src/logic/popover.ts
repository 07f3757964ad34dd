interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 6;
const edge = 8;

/** Where something stands that belongs to a box: beneath it, else above it, and whole within the window. */
export function placeAt(box: Box, size: Size, view: Size): { left: number; top: number } {
  const beneath = box.bottom + gap;
  const above = box.top - gap - size.height;
  const fits = beneath + size.height <= view.height - edge;
  return {
    left: within(box.left, view.width - edge - size.width),
    top: within(fits || above < edge ? beneath : above, view.height - edge - size.height),
  };
}

function within(value: number, most: number): number {
  return Math.max(edge, Math.min(value, most));
}
