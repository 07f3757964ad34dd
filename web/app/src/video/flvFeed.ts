import {
  audioHeaderTag,
  audioTagOf,
  avcHeaderTag,
  avcTag,
  type FlvAudio,
  flvHeader,
  metadataTag,
  type Packet,
} from './flv';
import type { Size } from './quality';

/** So long a beginning waits for the sound to describe itself: viewers would begin anew when it came later. */
const patienceMs = 1000;

interface Sound {
  readonly codec: FlvAudio;
  readonly description: Uint8Array;
}

/** Puts what encoders give in the order of an FLV stream: descriptions first, then from a key picture on. */
export class FlvFeed {
  readonly #write: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #expectsSound: boolean;
  readonly #fps: number;
  #size: Size = { width: 0, height: 0 };
  #avcC: Uint8Array | null = null;
  #sound: Sound | null = null;
  #begun = false;
  #firstKeyMs: number | null = null;

  constructor(write: (bytes: Uint8Array<ArrayBuffer>) => void, fps: number, expectsSound: boolean) {
    this.#write = write;
    this.#fps = fps;
    this.#expectsSound = expectsSound;
  }

  /** Whether nothing is written until a key picture comes. */
  get needsKey(): boolean {
    return !this.#begun;
  }

  /** Another connection: it gets a stream from its first byte. */
  restart(): void {
    this.#begun = false;
    this.#firstKeyMs = null;
  }

  describePicture(avcC: Uint8Array, size: Size, ms: number): void {
    if (this.#avcC && isSame(this.#avcC, avcC)) return;
    this.#avcC = avcC;
    this.#size = size;
    if (this.#begun) this.#write(avcHeaderTag(avcC, ms));
  }

  describeSound(codec: FlvAudio, description: Uint8Array, ms: number): void {
    if (this.#sound && isSame(this.#sound.description, description)) return;
    this.#sound = { codec, description };
    if (this.#begun) this.#write(audioHeaderTag(codec, description, ms));
  }

  picture(packet: Packet, isKey: boolean): void {
    if (!this.#begun && isKey) this.#begin(packet.ms);
    if (this.#begun) this.#write(avcTag(packet, isKey));
  }

  sound(packet: Packet): void {
    if (this.#begun && this.#sound) this.#write(audioTagOf(this.#sound.codec, packet));
  }

  #begin(ms: number): void {
    this.#firstKeyMs ??= ms;
    const isPatient = this.#expectsSound && !this.#sound && ms - this.#firstKeyMs < patienceMs;
    if (!this.#avcC || isPatient) return;
    this.#begun = true;
    this.#write(flvHeader(this.#sound !== null));
    this.#write(metadataTag({ ...this.#size, fps: this.#fps, audio: this.#sound?.codec ?? null }));
    this.#write(avcHeaderTag(this.#avcC, ms));
    if (this.#sound) this.#write(audioHeaderTag(this.#sound.codec, this.#sound.description, ms));
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}
