import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, post } from '../src/api/http';
import { apiErrorText } from '../src/i18n/apiErrors';

function answer(status: number, body: string): void {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(body, { status })),
  );
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a call', () => {
  it('posts JSON with the cookie and gives the data', async () => {
    answer(200, '{"code":200,"msg":"success","data":{"roomId":7}}');
    expect(await post('/living/startingLiving', { type: 1 })).toEqual({ roomId: 7 });
    expect(fetch).toHaveBeenCalledWith(
      './living/startingLiving',
      expect.objectContaining({
        method: 'POST',
        body: '{"type":1}',
        credentials: 'same-origin',
      }),
    );
  });

  it.each([
    [200, '{"code":501,"msg":"The name is taken."}', 501],
    [401, '{"code":401,"msg":"Sign in first."}', 401],
    [429, '{"code":429,"msg":""}', 429],
    [502, '<html>', 502],
    [200, '<html>', 500],
  ])('fails with the code of the envelope, or the status: %i %s', async (status, body, code) => {
    answer(status, body);
    await expect(post('/x')).rejects.toMatchObject({ name: 'ApiError', code });
  });

  it('fails with 0 where there is no answer', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    await expect(post('/x')).rejects.toMatchObject({ code: 0 });
  });

  it('has a sentence for each failure', () => {
    const sentences = [0, 401, 403, 429, 500].map((code) => apiErrorText(new ApiError(code, '')));
    expect(new Set(sentences).size).toBe(5);
    expect(apiErrorText(new ApiError(501, 'No.'))).toContain('No.');
    expect(apiErrorText('odd')).toContain('odd');
  });
});
