import type { FlvAudio } from './flv';
import type { Quality, Size } from './quality';

/** Whether an encoder takes a configuration: `VideoEncoder`, `AudioEncoder`, or one of a test's. */
export interface EncoderType<T> {
  isConfigSupported(config: T): Promise<{ supported?: boolean | undefined }>;
}

export interface AudioChoice {
  readonly codec: FlvAudio;
  readonly config: AudioEncoderConfig;
}

const audioBitrate = 96_000;
const packetUs = 20_000;

/** H.264 by profile: the plainest on hardware, as most chips have it; the best that there is in software. */
const videoCodecs: readonly [codec: string, hardware: HardwareAcceleration][] = [
  ['avc1.42E01F', 'prefer-hardware'],
  ['avc1.4D401F', 'prefer-hardware'],
  ['avc1.640028', 'no-preference'],
  ['avc1.4D401F', 'no-preference'],
  ['avc1.42E01F', 'no-preference'],
];

/** The first way that the browser encodes H.264 in; null where it has none. */
export async function chooseVideo(
  encoder: EncoderType<VideoEncoderConfig>,
  { width, height }: Size,
  { fps, bitrate }: Quality,
): Promise<VideoEncoderConfig | null> {
  for (const [codec, hardwareAcceleration] of videoCodecs) {
    const config: VideoEncoderConfig = {
      codec,
      hardwareAcceleration,
      width,
      height,
      bitrate,
      framerate: fps,
      latencyMode: 'realtime',
      avc: { format: 'avc' },
    };
    if (await isTaken(encoder, config)) return config;
  }
  return null;
}

/** AAC, which everything plays, where the browser encodes it; else Opus, which most do. */
export async function chooseAudio(
  encoder: EncoderType<AudioEncoderConfig>,
  sampleRate: number,
  numberOfChannels: number,
): Promise<AudioChoice | null> {
  const sound = { sampleRate, numberOfChannels, bitrate: audioBitrate };
  const choices: AudioChoice[] = [
    { codec: 'aac', config: { codec: 'mp4a.40.2', ...sound } },
    { codec: 'opus', config: { codec: 'opus', ...sound, opus: { frameDuration: packetUs } } },
  ];
  for (const choice of choices) if (await isTaken(encoder, choice.config)) return choice;
  return null;
}

/** Some browsers throw at what they do not know. */
async function isTaken<T>(encoder: EncoderType<T>, config: T): Promise<boolean> {
  return await encoder.isConfigSupported(config).then(
    ({ supported }) => supported === true,
    () => false,
  );
}
