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
  const share = Math.max(coverWidth / video.videoWidth, coverHeight / video.videoHeight);
  const [width, height] = [video.videoWidth * share, video.videoHeight * share];
  canvas.getContext('2d')?.drawImage(video, (coverWidth - width) / 2, (coverHeight - height) / 2, width, height);
  const blob = await new Promise<Blob | null>((take) => canvas.toBlob(take, 'image/jpeg', coverQuality));
  return blob && new File([blob], 'cover.jpg', { type: blob.type });
}
