import { fill, jpegOf } from './picture';

/** As large as the server keeps one. */
const [width, height] = [960, 540];
/** The server takes no more, and so many are left for what goes with them. */
const maxBytes = 190_000;
/** From the best on, until one is small enough. */
const qualities = [0.85, 0.7, 0.5, 0.3];

/** A picture of the host's own as a cover, cut to its shape and small enough for the server; null where it is none. */
export async function chosenCover(file: Blob): Promise<File | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  fill(canvas, picture, picture.width, picture.height);
  picture.close();
  for (const quality of qualities) {
    const cover = await jpegOf(canvas, quality);
    if (cover && cover.size <= maxBytes) return cover;
  }
  return null;
}
