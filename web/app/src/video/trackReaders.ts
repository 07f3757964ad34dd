/** Frames of a track, as they come, until the signal is aborted. Whoever takes a frame closes it. */
interface TrackProcessor<T> {
  readonly readable: ReadableStream<T>;
}
type TrackProcessorType = new <T>(init: { track: MediaStreamTrack }) => TrackProcessor<T>;

/** A browser that has a processor gives frames in hidden tabs too. */
const Processor = (globalThis as { MediaStreamTrackProcessor?: TrackProcessorType }).MediaStreamTrackProcessor;

const tapRate = 48_000;
const tapChannels = 2;
/** With no frame for so long, a tab that is not seen takes one by itself. */
const slowMs = 500;

export function readPictures(track: MediaStreamTrack, take: (frame: VideoFrame) => void, signal: AbortSignal): void {
  if (Processor) void pump(new Processor<VideoFrame>({ track }).readable, take, signal);
  else readFromElement(track, take, signal);
}

export async function readSound(
  track: MediaStreamTrack,
  take: (data: AudioData) => void,
  signal: AbortSignal,
): Promise<void> {
  if (Processor) void pump(new Processor<AudioData>({ track }).readable, take, signal);
  else await readFromWorklet(track, take, signal);
}

async function pump<T>(readable: ReadableStream<T>, take: (frame: T) => void, signal: AbortSignal): Promise<void> {
  const reader = readable.getReader();
  signal.addEventListener('abort', () => void reader.cancel().catch(() => {}), { once: true });
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      take(value);
    }
  } catch {
    // The track has ended: whoever owns it is told by the track itself.
  }
}

function readFromElement(track: MediaStreamTrack, take: (frame: VideoFrame) => void, signal: AbortSignal): void {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  let lastMs = Number.NEGATIVE_INFINITY;
  const grab = (nowMs: number) => {
    if (signal.aborted || video.videoWidth === 0) return;
    lastMs = nowMs;
    take(new VideoFrame(video, { timestamp: Math.round(nowMs * 1000) }));
  };
  const onFrame = (nowMs: number) => {
    if (signal.aborted) return;
    video.requestVideoFrameCallback(onFrame);
    grab(nowMs);
  };
  video.requestVideoFrameCallback(onFrame);
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs >= slowMs) grab(nowMs);
  }, slowMs);
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    video.srcObject = null;
  });
  video.play().catch(() => {
    // Muted pictures of the page's own are let play; where not, the timer finds none and nothing is sent.
  });
}

async function readFromWorklet(
  track: MediaStreamTrack,
  take: (data: AudioData) => void,
  signal: AbortSignal,
): Promise<void> {
  const context = new AudioContext({ sampleRate: tapRate });
  signal.addEventListener('abort', () => void context.close().catch(() => {}), { once: true });
  await context.audioWorklet.addModule(new URL('./audioTap.js', import.meta.url));
  if (signal.aborted) return;
  const tap = new AudioWorkletNode(context, 'audio-tap', { channelCount: tapChannels, channelCountMode: 'explicit' });
  let samples = 0;
  tap.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
    if (signal.aborted) return;
    const numberOfFrames = data.length / tapChannels;
    const timestamp = Math.round((samples / tapRate) * 1e6);
    samples += numberOfFrames;
    const form = { format: 'f32-planar', sampleRate: tapRate, numberOfChannels: tapChannels } as const;
    take(new AudioData({ ...form, numberOfFrames, timestamp, data }));
  };
  context.createMediaStreamSource(new MediaStream([track])).connect(tap);
  // Without an end it may not be pulled; it gives silence there.
  tap.connect(context.destination);
  await context.resume();
}
