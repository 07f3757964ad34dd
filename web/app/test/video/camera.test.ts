import { describe, expect, it } from 'vitest';
import { chooseAudio, chooseVideo } from '../../src/video/encoders';
import { PicturePace } from '../../src/video/picturePace';
import { Pressure } from '../../src/video/pressure';
import { endOf, retryDelay } from '../../src/video/publishEnding';
import { largestMessage, pieces } from '../../src/video/publishSocket';
import { fitted, qualities } from '../../src/video/quality';
import { TrackClock } from '../../src/video/trackClock';

const free = { framesQueued: 0, bytesUnsent: 0 };
const queued = { framesQueued: 3, bytesUnsent: 0 };

describe('pressure', () => {
  it('drops pictures while the encoder is behind, or half a second waits to be sent', () => {
    const pressure = new Pressure(800_000);
    expect(pressure.drops({ framesQueued: 2, bytesUnsent: 50_000 }, 0)).toBe(false);
    expect(pressure.drops(queued, 40)).toBe(true);
    expect(pressure.drops({ framesQueued: 0, bytesUnsent: 50_001 }, 80)).toBe(true);
    expect(pressure.dropped).toBe(2);
  });

  it('halves the bitrate after three seconds of it, and again, down to an eighth', () => {
    const pressure = new Pressure(800_000);
    const rates = [0, 2960, 3000, 5900, 6000, 9000, 12_000, 15_000].map((ms) => {
      pressure.drops(queued, ms);
      return pressure.bitrate / 1000;
    });
    expect(rates).toEqual([800, 800, 400, 400, 200, 100, 100, 100]);
  });

  it('counts drops now and then as one pressure, and forgets it after a second without', () => {
    const pressure = new Pressure(800_000);
    for (let ms = 0; ms < 3000; ms += 400) {
      pressure.drops(queued, ms);
      pressure.drops(free, ms + 200);
    }
    pressure.drops(queued, 3100);
    expect(pressure.bitrate).toBe(400_000);
    const calm = new Pressure(800_000);
    calm.drops(queued, 0);
    calm.drops(free, 1000);
    calm.drops(queued, 3000);
    expect(calm.bitrate).toBe(800_000);
  });

  it('restores it step by step, ten seconds after the last drop', () => {
    const pressure = new Pressure(800_000);
    for (const ms of [0, 3000, 6000]) pressure.drops(queued, ms);
    expect(pressure.bitrate).toBe(200_000);
    const rates = [15_999, 16_000, 25_999, 26_000].map((ms) => {
      pressure.drops(free, ms);
      return pressure.bitrate / 1000;
    });
    expect(rates).toEqual([200, 400, 400, 800]);
  });
});

describe('the pace of pictures', () => {
  it('is what was asked for, however many come', () => {
    const pace = new PicturePace(25);
    const times = Array.from({ length: 100 }, (_, i) => pace.arrived(i * 10_000, i * 10));
    expect(times.filter((time) => time !== null)).toEqual(Array.from({ length: 34 }, (_, i) => i * 30));
  });

  it('sends the last one again while none comes', () => {
    const pace = new PicturePace(25);
    expect(pace.repeats(400)).toBeNull();
    expect(pace.arrived(0, 1000)).toBe(1000);
    expect([1499, 1500, 1900, 2000].map((now) => pace.repeats(now))).toEqual([null, 1500, null, 2000]);
    expect(pace.arrived(1_040_000, 2040)).toBe(2040);
  });

  it('takes the pictures of a source that stood still and is behind the clock since', () => {
    const pace = new PicturePace(25);
    let [own, sent] = [0, 0];
    for (let now = 0; now < 10_000; now += 20) {
      // For 0.8 s nothing comes, and the source's own time stands still.
      const stands = now >= 1000 && now < 1800;
      if (!stands && now % 40 === 0) {
        own += 40;
        if (pace.arrived(own * 1000, now) !== null) sent++;
      }
      if (now % 500 === 0) pace.repeats(now);
    }
    expect(sent).toBeGreaterThan(200);
  });
});

describe('the clocks of tracks', () => {
  it('are laid on when frames arrive, however far apart they are', () => {
    const [picture, sound] = [new TrackClock(), new TrackClock()];
    picture.arrived(1_668_341_000, 120);
    sound.arrived(351_800, 130);
    expect([picture.at(1_668_341_000), sound.at(351_800)]).toEqual([120, 130]);
    // Late by itself: the track's own clock counts.
    picture.arrived(1_668_381_000, 300);
    expect(picture.at(1_668_381_000)).toBe(160);
  });

  it('are set anew when they went away, and never go back', () => {
    const clock = new TrackClock();
    clock.arrived(0, 100);
    expect(clock.at(0)).toBe(100);
    clock.arrived(40_000, 5000);
    expect(clock.at(40_000)).toBe(5000);
    clock.arrived(9_000_000, 5040);
    expect(clock.at(9_000_000)).toBe(5040);
    clock.arrived(8_990_000, 5050);
    expect(clock.at(8_990_000)).toBe(5040);
  });
});

describe('what an encoder is asked for', () => {
  const taking = (...codecs: string[]) => ({
    isConfigSupported: async ({ codec }: { codec: string }) => {
      if (codec.startsWith('mp4a') && !codecs.includes(codec)) throw new TypeError('unknown');
      return { supported: codecs.includes(codec) };
    },
  });
  const [size, quality] = [{ width: 640, height: 360 }, qualities['360p']];

  it('is plain H.264 on hardware, else the best in software', async () => {
    const all = await chooseVideo(taking('avc1.42E01F', 'avc1.640028'), size, quality);
    expect(all).toMatchObject({
      codec: 'avc1.42E01F',
      hardwareAcceleration: 'prefer-hardware',
      width: 640,
      bitrate: 900_000,
      avc: { format: 'avc' },
    });
    const software = {
      isConfigSupported: async (config: VideoEncoderConfig) => ({
        supported: config.hardwareAcceleration === 'no-preference',
      }),
    };
    expect((await chooseVideo(software, size, quality))?.codec).toBe('avc1.640028');
    expect(await chooseVideo(taking('vp8'), size, quality)).toBeNull();
  });

  it('is AAC where there is any, else Opus, else nothing', async () => {
    expect((await chooseAudio(taking('mp4a.40.2', 'opus'), 48_000, 2))?.codec).toBe('aac');
    expect(await chooseAudio(taking('opus'), 48_000, 1)).toMatchObject({
      codec: 'opus',
      config: { codec: 'opus', numberOfChannels: 1, opus: { frameDuration: 20_000 } },
    });
    expect(await chooseAudio(taking(), 48_000, 2)).toBeNull();
  });

  it('is a size of the same shape, no larger than asked, even, and upright for who is', () => {
    const box = { width: 640, height: 360 };
    expect(fitted({ width: 1920, height: 1080 }, box)).toEqual({ width: 640, height: 360 });
    expect(fitted({ width: 1080, height: 1920 }, box)).toEqual({ width: 360, height: 640 });
    expect(fitted({ width: 1024, height: 768 }, box)).toEqual({ width: 480, height: 360 });
    expect(fitted({ width: 333, height: 111 }, box)).toEqual({ width: 334, height: 112 });
    expect(fitted({ width: 1, height: 1 }, box)).toEqual({ width: 2, height: 2 });
  });
});

describe('a broadcast that was cut', () => {
  it.each([
    [1001, null],
    [1006, null],
    [1008, 'notAllowed'],
    [4001, 'takenOver'],
    [4002, 'badMedia'],
    [4003, 'bitrate'],
    [4004, 'roomClosed'],
  ] as const)('with %i ends with: %s', (code, end) => {
    expect(endOf(code)).toBe(end);
  });

  it('is made again after 1, 2 and then 4 seconds, for half a minute', () => {
    expect([0, 1, 2, 3].map((attempt) => retryDelay(attempt, 0))).toEqual([1000, 2000, 4000, 4000]);
    expect(retryDelay(5, 26_000)).toBe(4000);
    expect(retryDelay(5, 26_001)).toBeNull();
  });

  it('is sent in messages that the server takes', () => {
    const bytes = Uint8Array.from({ length: 2 * largestMessage + 5 }, (_, i) => i);
    const all = pieces(bytes, largestMessage);
    expect(all.map((piece) => piece.length)).toEqual([largestMessage, largestMessage, 5]);
    expect(Uint8Array.from(all.flatMap((piece) => [...piece]))).toEqual(bytes);
    expect(pieces(new Uint8Array(0), 10)).toEqual([]);
  });
});
