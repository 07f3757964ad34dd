/** What covers are: small enough for a list, large enough for a phone's whole width. */
const coverWidth = 480;
const coverHeight = 270;
const coverQuality = 0.8;

/** Draws what a video shows at this moment; false where it shows nothing. */
export function drawNow(video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean {
  if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return false;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return true;
}

/** The picture of this moment as a JPEG for the list, cut to its shape; null where there is none. */
export async function takeCover(video: HTMLVideoElement): Promise<File | null> {
  if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const canvas = document.createElement('canvas');
  canvas.width = coverWidth;
  canvas.height = coverHeight;
  fill(canvas, video, video.videoWidth, video.videoHeight);
  return await jpegOf(canvas, coverQuality);
}

/** Draws a picture of that size over the whole canvas; what is too much of it is cut off on both sides. */
export function fill(canvas: HTMLCanvasElement, source: CanvasImageSource, ownWidth: number, ownHeight: number): void {
  const share = Math.max(canvas.width / ownWidth, canvas.height / ownHeight);
  const [width, height] = [ownWidth * share, ownHeight * share];
  const [left, top] = [(canvas.width - width) / 2, (canvas.height - height) / 2];
  canvas.getContext('2d')?.drawImage(source, left, top, width, height);
}

export async function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<File | null> {
  const blob = await new Promise<Blob | null>((take) => canvas.toBlob(take, 'image/jpeg', quality));
  return blob && new File([blob], 'cover.jpg', { type: blob.type });
}
