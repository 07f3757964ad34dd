import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Component, createApp, effectScope, h, nextTick, ref } from 'vue';
import { ApiError } from '../src/api/http';
import { pageApi } from '../src/api/page';
import AuthDialog from '../src/components/AuthDialog.vue';
import StartDialog from '../src/components/StartDialog.vue';
import { locale } from '../src/i18n';
import { useFieldCheck } from '../src/state/fieldCheck';
import { forgetSession, openSignIn, signInOpen } from '../src/state/session';

let unmount = () => {};

function mount(component: Component, props: Record<string, unknown> = {}): HTMLElement {
  const host = document.createElement('div');
  document.body.append(host);
  const app = createApp({ render: () => h(component, props) });
  app.mount(host);
  unmount = () => {
    app.unmount();
    host.remove();
  };
  return host;
}

beforeEach(() => {
  vi.useFakeTimers();
  locale.value = 'en';
});

afterEach(() => {
  unmount();
  unmount = () => {};
  signInOpen.value = false;
  forgetSession();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function type(field: HTMLInputElement, value: string): void {
  field.value = value;
  field.dispatchEvent(new Event('input'));
}

/** What is said of a field, as who hears the page is told. */
function saidOf(field: HTMLInputElement): string {
  const hint = document.getElementById(field.getAttribute('aria-describedby') ?? '');
  return `${field.getAttribute('aria-invalid')}: ${hint?.textContent?.trim() ?? ''}`;
}

describe('a field that is looked at while it is typed', () => {
  const problemOf = (text: string) => (text.includes('!') ? 'no !' : '');

  it('tells when its writer pauses, and takes it back as soon as it is right', async () => {
    const scope = effectScope();
    const value = ref('');
    const { error, check } = scope.run(() => useFieldCheck(value, problemOf)) as ReturnType<typeof useFieldCheck>;
    value.value = 'a!';
    await vi.advanceTimersByTimeAsync(500);
    expect(error.value).toBe('');
    value.value = 'a!b';
    await vi.advanceTimersByTimeAsync(500);
    expect(error.value).toBe('');
    await vi.advanceTimersByTimeAsync(100);
    expect(error.value).toBe('no !');
    value.value = 'ab';
    await nextTick();
    expect(error.value).toBe('');
    // What the server said of it holds until it is another.
    error.value = 'taken';
    value.value = 'abc';
    await nextTick();
    expect(error.value).toBe('');
    value.value = '!';
    await nextTick();
    expect([check(), error.value]).toEqual([false, 'no !']);
    scope.stop();
  });
});

describe('signing up', () => {
  async function open() {
    openSignIn(true);
    const host = mount(AuthDialog);
    await nextTick();
    const [name, password] = host.querySelectorAll<HTMLInputElement>('input');
    if (!name || !password) throw new Error('No fields.');
    const submit = async () => {
      host.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
      await vi.advanceTimersByTimeAsync(0);
    };
    return { host, name, password, submit };
  }

  it('says at the name what is wrong with it while it is typed', async () => {
    const { name } = await open();
    expect(saidOf(name)).toBe('false: 2 to 32 letters, digits, _ - or .');
    type(name, 'x y');
    await vi.advanceTimersByTimeAsync(600);
    expect(saidOf(name)).toBe('true: Use only letters, digits, _ - and .');
    type(name, 'xy');
    await nextTick();
    expect(saidOf(name)).toBe('false: 2 to 32 letters, digits, _ - or .');
  });

  it('asks the server nothing that cannot be, and leads to the first field that is wrong', async () => {
    const register = vi.spyOn(pageApi, 'register');
    const { name, password, submit } = await open();
    await submit();
    expect([saidOf(name), saidOf(password)]).toEqual([
      'true: Use at least 2 characters.',
      'true: Use at least 8 characters.',
    ]);
    expect(document.activeElement).toBe(name);
    type(name, 'mia');
    type(password, 'short');
    await submit();
    expect(document.activeElement).toBe(password);
    expect(register).not.toHaveBeenCalled();
  });

  it('says at the field what the server finds wrong, until it is another', async () => {
    vi.spyOn(pageApi, 'register').mockRejectedValue(new ApiError(501, 'The name is taken, or looks like one that is.'));
    const { name, password, submit } = await open();
    type(name, 'mia');
    type(password, 'long enough');
    await submit();
    expect(saidOf(name)).toContain('true: That name is taken');
    expect(document.activeElement).toBe(name);
    type(name, 'mia2');
    await nextTick();
    expect(saidOf(name)).toContain('false:');
  });
});

describe('a room that is opened', () => {
  it('has what is wrong with its title at the title, and what stood there before', async () => {
    const start = vi.spyOn(pageApi, 'startLiving');
    start.mockRejectedValue(new ApiError(501, 'The name has words that are not allowed here.'));
    const host = mount(StartDialog, { before: { roomName: 'Night noodles' } });
    const title = host.querySelector('input') as HTMLInputElement;
    expect(title.value).toBe('Night noodles');
    host.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(saidOf(title)).toBe('true: That title contains words that are not allowed here.');
    expect(host.querySelector('.notice-error')).toBeNull();
    expect(document.activeElement).toBe(title);
  });
});
