/** How good a picture is sent. */
export type QualityName = '360p' | '720p';

export interface Quality {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Bits a second of the picture alone. */
  readonly bitrate: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const qualities: Record<QualityName, Quality> = {
  '360p': { width: 640, height: 360, fps: 25, bitrate: 900_000 },
  '720p': { width: 1280, height: 720, fps: 25, bitrate: 1_800_000 },
};

/** The largest size of a picture's own shape that is no larger than asked, upright or lying; encoders want even numbers. */
export function fitted({ width, height }: Size, { width: long, height: short }: Size): Size {
  const [maxWidth, maxHeight] = width >= height ? [long, short] : [short, long];
  const share = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: even(width * share), height: even(height * share) };
}

function even(length: number): number {
  return Math.max(2, Math.round(length / 2) * 2);
}
