type SourceType = { isTypeSupported(type: string): boolean };

/** Where a browser takes pictures in pieces: iPhones have the managed one alone, from iOS 17.1. */
function sourceType(): SourceType | null {
  const all = globalThis as { ManagedMediaSource?: SourceType; MediaSource?: SourceType };
  return all.ManagedMediaSource ?? all.MediaSource ?? null;
}

/** Whether the browser can play a picture that is sent while it happens. */
export function canPlayLive(): boolean {
  return sourceType()?.isTypeSupported('video/mp4; codecs="avc1.42E01E,mp4a.40.2"') ?? false;
}

/** Whether it can decode this, as `avc1.42E01F` or `opus`. What has no name yet is tried. */
export function canDecode(kind: 'video' | 'audio', codec: string | undefined): boolean {
  return !codec || (sourceType()?.isTypeSupported(`${kind}/mp4; codecs="${codec}"`) ?? false);
}
