import { describe, expect, it } from 'vitest';
import {
  audioHeaderTag,
  audioTagOf,
  avcHeaderTag,
  avcTag,
  flvHeader,
  metadataTag,
  opusHead,
} from '../../src/video/flv';
import { FlvFeed } from '../../src/video/flvFeed';

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
const data = (...bytes: number[]) => Uint8Array.of(...bytes);

describe('an FLV stream, byte by byte', () => {
  it('begins with a header that names its tracks', () => {
    expect(hex(flvHeader(true))).toBe('46 4c 56 01 05 00 00 00 09 00 00 00 00');
    expect(hex(flvHeader(false))).toBe('46 4c 56 01 01 00 00 00 09 00 00 00 00');
  });

  it('has the description of H.264', () => {
    expect(hex(avcHeaderTag(data(1, 0x42, 0xe0, 0x1f), 0))).toBe(
      '09 00 00 09 00 00 00 00 00 00 00 17 00 00 00 00 01 42 e0 1f 00 00 00 14',
    );
  });

  it('has key pictures and others, with times over 24 bits', () => {
    expect(hex(avcTag({ bytes: data(0xaa), ms: 0x01020304 }, true))).toBe(
      '09 00 00 06 02 03 04 01 00 00 00 17 01 00 00 00 aa 00 00 00 11',
    );
    expect(hex(avcTag({ bytes: data(0xaa, 0xbb), ms: 40 }, false))).toBe(
      '09 00 00 07 00 00 28 00 00 00 00 27 01 00 00 00 aa bb 00 00 00 12',
    );
  });

  it('has sizes over 16 bits', () => {
    const tag = avcTag({ bytes: new Uint8Array(70_000), ms: 0 }, false);
    expect(hex(tag.subarray(0, 4))).toBe('09 01 11 75');
    expect(hex(tag.subarray(-4))).toBe('00 01 11 80');
  });

  it('has AAC as FLV has it', () => {
    expect(hex(audioHeaderTag('aac', data(0x11, 0x90), 0))).toBe(
      '08 00 00 04 00 00 00 00 00 00 00 af 00 11 90 00 00 00 0f',
    );
    expect(hex(audioTagOf('aac', { bytes: data(0x21), ms: 21 }))).toBe(
      '08 00 00 03 00 00 15 00 00 00 00 af 01 21 00 00 00 0e',
    );
  });

  it('has Opus as Enhanced RTMP has it', () => {
    expect(hex(audioHeaderTag('opus', data(1), 0))).toBe(
      '08 00 00 06 00 00 00 00 00 00 00 90 4f 70 75 73 01 00 00 00 11',
    );
    expect(hex(audioTagOf('opus', { bytes: data(0xfc), ms: 20 }))).toBe(
      '08 00 00 06 00 00 14 00 00 00 00 91 4f 70 75 73 fc 00 00 00 11',
    );
  });

  it('tells what it is', () => {
    expect(hex(metadataTag({ width: 640, height: 360, fps: 25, audio: null }))).toBe(
      '12 00 00 61 00 00 00 00 00 00 00 ' +
        '02 00 0a 6f 6e 4d 65 74 61 44 61 74 61 08 00 00 00 04 ' +
        '00 05 77 69 64 74 68 00 40 84 00 00 00 00 00 00 ' +
        '00 06 68 65 69 67 68 74 00 40 76 80 00 00 00 00 00 ' +
        '00 09 66 72 61 6d 65 72 61 74 65 00 40 39 00 00 00 00 00 00 ' +
        '00 0c 76 69 64 65 6f 63 6f 64 65 63 69 64 00 40 1c 00 00 00 00 00 00 ' +
        '00 00 09 00 00 00 6c',
    );
    const codecOf = (audio: 'aac' | 'opus') =>
      new DataView(metadataTag({ width: 2, height: 2, fps: 1, audio }).slice(-15, -7).buffer).getFloat64(0);
    expect(codecOf('aac')).toBe(10);
    expect(codecOf('opus')).toBe(0x4f707573);
  });

  it('describes Opus where the encoder does not', () => {
    expect(hex(opusHead(2, 48_000))).toBe('4f 70 75 73 48 65 61 64 01 02 38 01 80 bb 00 00 00 00 00');
  });
});

describe('the order of a stream', () => {
  const size = { width: 640, height: 360 };
  const avcC = data(1, 2, 3);
  const packet = (ms: number) => ({ bytes: data(9), ms });

  /** The kinds of what was written: F for the header, M for metadata, V and A for descriptions, v and a for packets, K for keys. */
  function feedTo(kinds: string[], expectsSound: boolean): FlvFeed {
    return new FlvFeed((bytes) => kinds.push(kindOf(bytes)), 25, expectsSound);
  }

  function kindOf(bytes: Uint8Array): string {
    if (bytes[0] === 0x46) return 'F';
    if (bytes[0] === 18) return 'M';
    if (bytes[0] === 8) return bytes[11] === 0x90 ? 'A' : 'a';
    if (bytes[12] === 0) return 'V';
    return bytes[11] === 0x17 ? 'K' : 'v';
  }

  it('begins with a key picture, once picture and sound have described themselves', () => {
    const kinds: string[] = [];
    const feed = feedTo(kinds, true);
    feed.describePicture(avcC, size, 0);
    feed.picture(packet(0), true);
    feed.picture(packet(40), false);
    expect([kinds.join(''), feed.needsKey]).toEqual(['', true]);
    feed.describeSound('opus', data(1), 50);
    feed.sound(packet(50));
    feed.picture(packet(80), true);
    feed.sound(packet(90));
    feed.picture(packet(120), false);
    expect([kinds.join(''), feed.needsKey]).toEqual(['FMVAKav', false]);
  });

  it('begins without a sound that does not come', () => {
    const kinds: string[] = [];
    const feed = feedTo(kinds, true);
    feed.describePicture(avcC, size, 0);
    for (const ms of [0, 500, 999]) feed.picture(packet(ms), true);
    expect(kinds).toEqual([]);
    feed.picture(packet(1000), true);
    expect(kinds.join('')).toBe('FMVK');
  });

  it('begins anew for another connection', () => {
    const kinds: string[] = [];
    const feed = feedTo(kinds, false);
    feed.describePicture(avcC, size, 0);
    feed.picture(packet(0), true);
    feed.restart();
    feed.picture(packet(40), false);
    feed.picture(packet(80), true);
    expect(kinds.join('')).toBe('FMVKFMVK');
  });

  it('has another description when the picture changes, and not the same twice', () => {
    const kinds: string[] = [];
    const feed = feedTo(kinds, false);
    feed.describePicture(avcC, size, 0);
    feed.picture(packet(0), true);
    feed.describePicture(data(1, 2, 3), size, 40);
    feed.picture(packet(40), true);
    feed.describePicture(data(1, 2, 4), size, 80);
    feed.picture(packet(80), true);
    expect(kinds.join('')).toBe('FMVKKVK');
  });
});
