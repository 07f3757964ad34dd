/**
 * An FLV stream of H.264 and AAC or Opus: a header, then tags. Opus, which FLV itself does not know, is written as Enhanced
 * RTMP has it: sound format 9, then what the packet is, then the four letters of the codec.
 *
 * tag = type:u8 size:u24 timestamp:u24 timestampHigh:u8 stream:u24(0) body previous:u32
 */
export type FlvAudio = 'aac' | 'opus';

/** What an encoder gives. */
export interface Packet {
  readonly bytes: Uint8Array;
  /** When it is shown, in milliseconds from the beginning. */
  readonly ms: number;
}

/** What the stream is, told once at its beginning. */
export interface FlvMetadata {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly audio: FlvAudio | null;
}

const audioTag = 8;
const videoTag = 9;
const scriptTag = 18;
const tagHeader = 11;
const audioFlag = 4;
const avc = 7;
const aac = 10;
const fourCcOpus = 0x4f707573;

/** The first bytes of a stream. */
export function flvHeader(hasAudio: boolean): Uint8Array<ArrayBuffer> {
  const flags = (hasAudio ? audioFlag : 0) | 1;
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0);
}

/** Whether a stream that begins so has sound. */
export function hasSoundOf(header: Uint8Array): boolean {
  return ((header[4] ?? 0) & audioFlag) !== 0;
}

/** `avcC`, as an encoder in the format `avc` describes itself; again whenever it changes. */
export function avcHeaderTag(avcC: Uint8Array, ms: number): Uint8Array<ArrayBuffer> {
  return tag(videoTag, ms, [0x17, 0, 0, 0, 0], avcC);
}

/** A picture: NAL units with their lengths before them. */
export function avcTag({ bytes, ms }: Packet, isKey: boolean): Uint8Array<ArrayBuffer> {
  return tag(videoTag, ms, [isKey ? 0x17 : 0x27, 1, 0, 0, 0], bytes);
}

/** What a decoder must know before the first packet: AudioSpecificConfig, or OpusHead. */
export function audioHeaderTag(codec: FlvAudio, description: Uint8Array, ms: number): Uint8Array<ArrayBuffer> {
  return tag(audioTag, ms, codec === 'aac' ? [0xaf, 0] : opusPrefix(0), description);
}

export function audioTagOf(codec: FlvAudio, { bytes, ms }: Packet): Uint8Array<ArrayBuffer> {
  return tag(audioTag, ms, codec === 'aac' ? [0xaf, 1] : opusPrefix(1), bytes);
}

/** `onMetaData`, by which a server knows what is to come before it has come. */
export function metadataTag({ width, height, fps, audio }: FlvMetadata): Uint8Array<ArrayBuffer> {
  const values: [string, number][] = [
    ['width', width],
    ['height', height],
    ['framerate', fps],
    ['videocodecid', avc],
  ];
  if (audio) values.push(['audiocodecid', audio === 'aac' ? aac : fourCcOpus]);
  return tag(scriptTag, 0, [2, ...amfText('onMetaData')], ecmaArray(values));
}

/** OpusHead (RFC 7845, 5.1), for encoders that do not give theirs. */
export function opusHead(channels: number, sampleRate: number): Uint8Array<ArrayBuffer> {
  const preSkip = 312;
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode('OpusHead'));
  head[8] = 1;
  head[9] = channels;
  const view = new DataView(head.buffer);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, sampleRate, true);
  return head;
}

function opusPrefix(packetType: number): number[] {
  return [0x90 | packetType, 0x4f, 0x70, 0x75, 0x73];
}

function tag(type: number, ms: number, prefix: readonly number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = prefix.length + data.length;
  const bytes = new Uint8Array(tagHeader + size + 4);
  const view = new DataView(bytes.buffer);
  const timestamp = ms >>> 0;
  view.setUint32(0, (type << 24) | size);
  view.setUint32(4, ((timestamp & 0xffffff) << 8) | (timestamp >>> 24));
  bytes.set(prefix, tagHeader);
  bytes.set(data, tagHeader + prefix.length);
  view.setUint32(tagHeader + size, tagHeader + size);
  return bytes;
}

function amfText(text: string): number[] {
  const letters = [...new TextEncoder().encode(text)];
  return [letters.length >> 8, letters.length & 0xff, ...letters];
}

function ecmaArray(values: readonly [string, number][]): Uint8Array {
  const parts = values.flatMap(([name, value]) => [...amfText(name), 0, ...double(value)]);
  return Uint8Array.of(8, 0, 0, 0, values.length, ...parts, 0, 0, 9);
}

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}
