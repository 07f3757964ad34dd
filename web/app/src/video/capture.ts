import type { Quality } from './quality';

/** Why there is no picture to send. */
export type CaptureFault = 'insecure' | 'noEncoder' | 'denied' | 'noDevice' | 'busy' | 'failed';

export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly fault: CaptureFault;

  constructor(fault: CaptureFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface Devices {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
}

/** Which devices; null for the browser's own choice, and no microphone at all where `hasSound` is false. */
export interface CameraChoice {
  readonly camera: string | null;
  readonly microphone: string | null;
  readonly hasSound: boolean;
}

const faults: ReadonlyMap<string, CaptureFault> = new Map([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'noDevice'],
  ['OverconstrainedError', 'noDevice'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
]);

/** What stands in the way of sending from this browser; null for nothing. */
export function captureObstacle(): CaptureFault | null {
  // Over plain http browsers hide the cameras from every host but this one.
  if (!globalThis.isSecureContext || !navigator.mediaDevices) return 'insecure';
  return typeof VideoEncoder === 'undefined' ? 'noEncoder' : null;
}

export function canShareScreen(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

export async function openCamera(
  { camera, microphone, hasSound }: CameraChoice,
  quality: Quality,
): Promise<MediaStream> {
  const { width, height, fps } = quality;
  return await asked(() =>
    navigator.mediaDevices.getUserMedia({
      video: { width, height, frameRate: fps, ...(camera ? { deviceId: { exact: camera } } : { facingMode: 'user' }) },
      audio: hasSound && (microphone ? { deviceId: { exact: microphone } } : true),
    }),
  );
}

/** A screen, a window or a tab, which the browser lets the user choose; with the microphone, where there is one. */
export async function openScreen({ microphone, hasSound }: CameraChoice, quality: Quality): Promise<MediaStream> {
  const { width, height, fps } = quality;
  const screen = await asked(() =>
    navigator.mediaDevices.getDisplayMedia({
      video: { width: { max: width }, height: { max: height }, frameRate: { max: fps } },
      audio: false,
    }),
  );
  if (!hasSound) return screen;
  try {
    const voice = await navigator.mediaDevices.getUserMedia({
      audio: microphone ? { deviceId: { exact: microphone } } : true,
    });
    for (const track of voice.getAudioTracks()) screen.addTrack(track);
  } catch {
    // A screen without a voice is shown all the same; whoever speaks sees that there is no microphone.
  }
  return screen;
}

/** The devices; they have names only once the user has let the page use one. */
export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((each) => each.kind === kind && each.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { cameras: of('videoinput'), microphones: of('audioinput') };
}

export function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

async function asked(ask: () => Promise<MediaStream>): Promise<MediaStream> {
  try {
    return await ask();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    throw new CaptureError(faults.get(name) ?? 'failed', cause);
  }
}
