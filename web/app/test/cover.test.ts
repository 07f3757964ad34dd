import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp, h, nextTick } from 'vue';
import { ApiError } from '../src/api/http';
import { pageApi } from '../src/api/page';
import CoverField from '../src/components/CoverField.vue';
import { locale } from '../src/i18n';
import { useOwnCover } from '../src/state/ownCover';

const picture = { width: 4000, height: 3000, close() {} };
let unmount = () => {};

function mount(current: string | null) {
  const host = document.createElement('div');
  document.body.append(host);
  const cover = useOwnCover();
  const app = createApp({
    render: () =>
      h(CoverField, {
        current,
        modelValue: cover.choice.value,
        'onUpdate:modelValue': (now) => (cover.choice.value = now),
        error: cover.error.value,
        'onUpdate:error': (now) => (cover.error.value = now),
      }),
  });
  app.mount(host);
  unmount = () => {
    app.unmount();
    host.remove();
  };
  return { host, cover };
}

async function choose(host: HTMLElement): Promise<void> {
  const input = host.querySelector('input') as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'beach.png', { type: 'image/png' })] });
  input.dispatchEvent(new Event('change'));
  await nextTick();
  await vi.waitFor(() => expect(host.querySelector('[aria-busy=false]')).not.toBeNull());
  await nextTick();
}

beforeEach(() => {
  locale.value = 'en';
  vi.stubGlobal('createImageBitmap', async () => picture);
});

afterEach(() => {
  unmount();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the cover that a host chooses', () => {
  it('is cut down until the server takes it, shown, and told', async () => {
    const sizes = [300_000, 150_000];
    const toBlob = vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((take) => {
      take(new Blob(['x'.repeat(sizes.shift() ?? 1)], { type: 'image/jpeg' }));
    });
    const told = vi.spyOn(pageApi, 'chooseCover').mockResolvedValue({ covertImg: '/live/7.jpg' });
    const { host, cover } = mount(null);
    expect(host.querySelector('img, button')).toBeNull();
    await choose(host);
    expect(toBlob).toHaveBeenCalledTimes(2);
    expect(host.querySelector('img')?.src).toMatch(/^blob:/);
    expect(await cover.keep()).toBe(true);
    expect(told.mock.calls[0]?.[0].size).toBe(150_000);
    // It is told once.
    expect(await cover.keep()).toBe(true);
    expect(told).toHaveBeenCalledOnce();
  });

  it('says at the field what is no picture, and what the server refuses', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no picture')));
    const { host, cover } = mount(null);
    await choose(host);
    expect(host.querySelector('[role=alert]')?.textContent).toContain('This file cannot be used as a picture');
    expect(host.querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
    cover.choice.value = 'auto';
    vi.spyOn(pageApi, 'automaticCover').mockRejectedValue(new ApiError(429, '', 8000));
    expect(await cover.keep()).toBe(false);
    await nextTick();
    expect(host.querySelector('[role=alert]')?.textContent).toContain('Try again in 8 s');
  });

  it('goes back to what is taken of the video', async () => {
    const told = vi.spyOn(pageApi, 'automaticCover').mockResolvedValue({ covertImg: '/live/7.jpg' });
    const { host, cover } = mount('/live/7.jpg');
    expect(host.querySelector('img')?.getAttribute('src')).toContain('/live/7.jpg');
    host.querySelector('button')?.click();
    await nextTick();
    expect(host.querySelector('[role=status]')?.textContent).toContain('taken from your video from now on');
    expect(await cover.keep()).toBe(true);
    expect(told).toHaveBeenCalledOnce();
  });
});
