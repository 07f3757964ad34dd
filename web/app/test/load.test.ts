import { describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { ApiError } from '../src/api/http';
import { useLoad } from '../src/state/load';

/** Calls that are answered by hand, each by its number. */
function byHand() {
  const answers: { give(text: string): void; fail(cause: unknown): void }[] = [];
  const ask = () => new Promise<string>((give, fail) => answers.push({ give, fail }));
  return { answers, ask };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

describe('what is loaded', () => {
  it('is there with its answer', async () => {
    const { phase, busy, load } = useLoad();
    expect([phase.value, busy.value]).toEqual(['idle', false]);
    const take = vi.fn();
    const loaded = load(async () => 'answer', take);
    expect([phase.value, busy.value]).toEqual(['loading', true]);
    await loaded;
    expect(take).toHaveBeenCalledExactlyOnceWith('answer');
    expect([phase.value, busy.value]).toEqual(['ready', false]);
  });

  it('may fail, and is tried again', async () => {
    const { phase, failure, load } = useLoad();
    const away = new ApiError(0, '');
    await load(() => Promise.reject(away), vi.fn());
    expect([phase.value, failure.value]).toEqual(['failed', away]);
    const again = load(async () => 'answer', vi.fn());
    expect(phase.value).toBe('loading');
    await again;
    expect(phase.value).toBe('ready');
  });

  it('stays until the next answer is here', async () => {
    const { phase, busy, load } = useLoad();
    await load(async () => 'old', vi.fn());
    const next = load(async () => 'new', vi.fn());
    expect([phase.value, busy.value]).toEqual(['ready', true]);
    await next;
    expect(busy.value).toBe(false);
  });

  it('is what was asked last, in whatever order the answers come', async () => {
    const { phase, busy, load } = useLoad();
    const { answers, ask } = byHand();
    const take = vi.fn();
    void load(ask, take);
    void load(ask, take);
    void load(ask, take);
    answers[1]?.give('second');
    answers[0]?.fail(new ApiError(0, ''));
    await settled();
    expect([phase.value, busy.value]).toEqual(['loading', true]);
    answers[2]?.give('third');
    await settled();
    expect(take).toHaveBeenCalledExactlyOnceWith('third');
    expect([phase.value, busy.value]).toEqual(['ready', false]);
  });

  it.each([
    ['nothing is wanted any more', (loading: ReturnType<typeof useLoad>) => loading.drop()],
    ['the scope has ended', (_: unknown, scope: ReturnType<typeof effectScope>) => scope.stop()],
  ])('is nothing where %s', async (_, end) => {
    const scope = effectScope();
    const loading = scope.run(useLoad) as ReturnType<typeof useLoad>;
    const { answers, ask } = byHand();
    const take = vi.fn();
    void loading.load(ask, take);
    end(loading, scope);
    answers[0]?.give('late');
    await settled();
    expect(take).not.toHaveBeenCalled();
    expect(loading.phase.value).not.toBe('ready');
  });
});
