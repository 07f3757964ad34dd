import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Component, createApp, h, nextTick, shallowRef } from 'vue';
import { ApiError } from '../src/api/http';
import AnnouncementNote from '../src/components/AnnouncementNote.vue';
import ChatComposer from '../src/components/ChatComposer.vue';
import ChatLog from '../src/components/ChatLog.vue';
import ConfirmDialog from '../src/components/ConfirmDialog.vue';
import CopyField from '../src/components/CopyField.vue';
import RemovedPanel from '../src/components/RemovedPanel.vue';
import RoomLine from '../src/components/RoomLine.vue';
import SignInNeeded from '../src/components/SignInNeeded.vue';
import { locale } from '../src/i18n';
import type { Entry } from '../src/logic/messageList';
import { signInOpen } from '../src/state/session';

let unmount = () => {};

function mount(component: Component, props: () => Record<string, unknown>): HTMLElement {
  const host = document.createElement('div');
  document.body.append(host);
  const app = createApp({ render: () => h(component, props()) });
  app.mount(host);
  unmount = () => {
    app.unmount();
    host.remove();
  };
  return host;
}

function entry(n: number, change: Partial<Entry> = {}): Entry {
  return {
    key: `e${n}`,
    msgId: `m${n}`,
    clientMsgId: null,
    seq: n,
    time: 0,
    senderId: 10_002,
    name: 'Bo',
    avatar: null,
    content: `text ${n}`,
    own: false,
    status: 'sent',
    error: null,
    retryAfterMs: null,
    ...change,
  };
}

beforeEach(() => {
  locale.value = 'en';
  sessionStorage.clear();
});

afterEach(() => unmount());

describe('a chat entry', () => {
  it('shows user text as text', () => {
    const host = mount(RoomLine, () => ({
      entry: entry(1, { content: '<img src=x onerror=alert(1)>', name: '<b>Bo</b>' }),
    }));
    expect(host.querySelector('.text')?.textContent).toBe('<img src=x onerror=alert(1)>');
    expect(host.querySelectorAll('.text *, b')).toHaveLength(0);
  });

  it.each([
    ['sending', 'Sending'],
    ['sent', 'Sent'],
  ] as const)('says that an own message is %s', (status, text) => {
    const host = mount(RoomLine, () => ({ entry: entry(1, { own: true, status }) }));
    expect(host.querySelector('.status')?.textContent).toContain(text);
  });

  it('says why an own message failed, and may send it again', () => {
    const onResend = vi.fn();
    const failed = entry(1, { own: true, status: 'failed', error: 'receipt_timeout' });
    const host = mount(RoomLine, () => ({ entry: failed, onResend }));
    expect(host.textContent).toContain('Sending again is safe');
    host.querySelector<HTMLButtonElement>('.link-button')?.click();
    expect(onResend).toHaveBeenCalledOnce();
  });

  it.each(['content_refused', 'muted'])(
    'offers to edit or discard what is refused as %s, not to send it again',
    (error) => {
      const [onEdit, onDiscard] = [vi.fn(), vi.fn()];
      const failed = entry(1, { own: true, status: 'failed', error });
      const host = mount(RoomLine, () => ({ entry: failed, onEdit, onDiscard }));
      const buttons = [...host.querySelectorAll<HTMLButtonElement>('button')];
      expect(buttons.map((button) => button.textContent?.trim())).toEqual(['Edit', 'Discard']);
      for (const button of buttons) button.click();
      expect([onEdit.mock.calls.length, onDiscard.mock.calls.length]).toEqual([1, 1]);
    },
  );

  it('shows what the server says as a line of its own, and blank lines once', () => {
    const host = mount(RoomLine, () => ({
      entry: entry(1, { senderId: 0, name: '0', content: 'one\n\n \n\ntwo' }),
    }));
    expect(host.querySelector('.who')?.textContent).toContain('Sailfish');
    expect(host.querySelectorAll('button, .avatar')).toHaveLength(0);
    expect(host.querySelector('.text')?.textContent).toBe('one\n\ntwo');
  });

  it('has links that tell nobody where from, and shows who is called', () => {
    const host = mount(RoomLine, () => ({ entry: entry(1, { content: 'see  https://example.com/a, @Ann' }) }));
    const link = host.querySelector('a');
    expect([link?.href, link?.rel, link?.target]).toEqual([
      'https://example.com/a',
      'noopener noreferrer nofollow ugc',
      '_blank',
    ]);
    expect(host.querySelector('.mention')?.textContent).toBe('@Ann');
    expect(host.querySelector('.text')?.textContent).toBe('see  https://example.com/a, @Ann');
  });

  it('says in a room only while it is on its way that an own message is, and leaves the rest to who cannot see', () => {
    const status = shallowRef<Entry['status']>('sending');
    const host = mount(RoomLine, () => ({ entry: entry(1, { own: true, status: status.value }) }));
    const isHidden = () => host.querySelector('.status')?.classList.contains('visually-hidden');
    expect(isHidden()).toBe(false);
    status.value = 'sent';
    return nextTick(() => expect(isHidden()).toBe(true));
  });

  it('leads to what may be done with others, not with oneself', () => {
    const onChoose = vi.fn();
    const host = mount(RoomLine, () => ({ entry: entry(1), anchorId: 10_002, onChoose }));
    const face = host.querySelector<HTMLButtonElement>('button.face');
    expect(face?.getAttribute('aria-label')).toBe('Options for Bo');
    expect(host.querySelector('.badge')?.textContent).toBe('Host');
    expect(host.querySelector('.name')?.classList.contains('anchor')).toBe(true);
    face?.click();
    // Where it is to be offered.
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(face);
    unmount();
    const other = mount(RoomLine, () => ({ entry: entry(1), anchorId: 10_009 }));
    expect([other.querySelector('.badge'), other.querySelector('.name.anchor')]).toEqual([null, null]);
    unmount();
    expect(mount(RoomLine, () => ({ entry: entry(1, { own: true }) })).querySelector('button')).toBeNull();
  });
});

describe('a conversation', () => {
  it('has one picture, one time and one tick for what is said without a pause', () => {
    const minute = 60_000;
    const entries = [
      entry(1),
      entry(2, { time: minute }),
      entry(3, { time: 5 * minute }),
      entry(4, { time: 5 * minute, own: true, senderId: 10_001 }),
      entry(5, { time: 6 * minute, own: true, senderId: 10_001 }),
      entry(6, { time: 6 * minute, own: true, senderId: 10_001, status: 'failed', error: 'muted' }),
    ];
    const host = mount(ChatLog, () => ({ entries, label: 'Messages', direct: true }));
    const has = (what: string) =>
      [...host.querySelectorAll('.entry')].map((each) => (each.querySelector(what) ? 'x' : '-')).join('');
    expect([has('.avatar'), has('time'), has('.status:not(.visually-hidden)')]).toEqual(['x-x---', '-xx-x-', '----x-']);
  });
});

describe('a chat log', () => {
  const entries = shallowRef<readonly Entry[]>([]);

  function mountLog(): { log: HTMLElement; host: HTMLElement } {
    entries.value = [entry(1), entry(2)];
    const host = mount(ChatLog, () => ({ entries: entries.value, label: 'Messages' }));
    const log = host.querySelector<HTMLElement>('[role=log]') as HTMLElement;
    // happy-dom has no layout: 40 a message, 100 in view.
    Object.defineProperty(log, 'clientHeight', { get: () => 100 });
    Object.defineProperty(log, 'scrollHeight', { get: () => 40 * log.querySelectorAll('.entry').length });
    return { log, host };
  }

  async function add(...more: Entry[]): Promise<void> {
    entries.value = [...entries.value, ...more];
    await nextTick();
    await nextTick();
  }

  it('is a log for those who hear it', () => {
    const { log } = mountLog();
    expect(log.getAttribute('aria-label')).toBe('Messages');
    expect(log.getAttribute('aria-live')).toBe('polite');
    expect(log.tabIndex).toBe(0);
  });

  it('follows the newest', async () => {
    const { log, host } = mountLog();
    await add(entry(3), entry(4), entry(5));
    expect(log.scrollTop).toBe(200);
    expect(host.querySelector('.newest')).toBeNull();
  });

  it('stays where the reader is, and counts what is new', async () => {
    const { log, host } = mountLog();
    await add(...[3, 4, 5, 6, 7, 8].map((n) => entry(n)));
    log.scrollTop = 10;
    log.dispatchEvent(new Event('scroll'));
    await add(entry(9), entry(10));
    expect(log.scrollTop).toBe(10);
    expect(host.querySelector('.newest')?.textContent).toContain('2 new');
    host.querySelector<HTMLButtonElement>('.newest')?.click();
    await nextTick();
    expect(log.scrollTop).toBe(400);
    expect(host.querySelector('.newest')).toBeNull();
  });

  it('shows the rest below to who reads on to the end', async () => {
    const { log, host } = mountLog();
    await add(...[3, 4, 5, 6].map((n) => entry(n)));
    log.scrollTop = 0;
    log.dispatchEvent(new Event('scroll'));
    await add(entry(7), entry(8));
    expect(log.querySelectorAll('.entry')).toHaveLength(6);
    log.scrollTop = 140;
    log.dispatchEvent(new Event('scroll'));
    await nextTick();
    expect(log.querySelectorAll('.entry')).toHaveLength(8);
    expect(log.scrollTop).toBe(140);
    expect(host.querySelector('.newest')?.textContent).not.toContain('new');
  });

  it('offers earlier messages, and to try again', async () => {
    const onEarlier = vi.fn();
    const earlier = shallowRef('some');
    const host = mount(ChatLog, () => ({ entries: [entry(1)], label: 'x', earlier: earlier.value, onEarlier }));
    const button = () => host.querySelector<HTMLButtonElement>('.earlier button');
    button()?.click();
    expect(onEarlier).toHaveBeenCalledOnce();
    earlier.value = 'loading';
    await nextTick();
    expect(button()?.disabled).toBe(true);
    earlier.value = 'failed';
    await nextTick();
    expect(host.querySelector('[role=alert]')?.textContent).toContain('could not be loaded');
    button()?.click();
    expect(onEarlier).toHaveBeenCalledTimes(2);
    earlier.value = 'none';
    await nextTick();
    expect(button()).toBeNull();
  });

  it('goes to the end for an own message', async () => {
    const { log } = mountLog();
    await add(...[3, 4, 5, 6, 7, 8].map((n) => entry(n)));
    log.scrollTop = 10;
    log.dispatchEvent(new Event('scroll'));
    await add(entry(9, { own: true, status: 'sending' }));
    expect(log.scrollTop).toBe(360);
  });
});

describe('the composer', () => {
  function type(host: HTMLElement, text: string, key: KeyboardEventInit = {}): HTMLTextAreaElement {
    const area = host.querySelector('textarea') as HTMLTextAreaElement;
    area.value = text;
    area.dispatchEvent(new Event('input'));
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ...key }));
    return area;
  }

  it('keeps what was typed for where it was typed, until it is sent', async () => {
    const onSend = vi.fn();
    const typed = (where: string) => {
      const area = mount(ChatComposer, () => ({ where, onSend })).querySelector('textarea') as HTMLTextAreaElement;
      return area;
    };
    const area = typed('room.7');
    area.value = 'half a sent';
    area.dispatchEvent(new Event('input'));
    await nextTick();
    unmount();
    expect(typed('room.8').value).toBe('');
    unmount();
    const again = typed('room.7');
    expect(again.value).toBe('half a sent');
    again.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    expect(onSend).toHaveBeenCalledExactlyOnceWith('half a sent');
    await nextTick();
    unmount();
    expect(typed('room.7').value).toBe('');
  });

  it('counts down for who is muted, and takes nothing until then', async () => {
    vi.useFakeTimers();
    const onSend = vi.fn();
    const mutedUntil = Date.now() + 61_000;
    const host = mount(ChatComposer, () => ({ where: 'room.9', mutedUntil, onSend }));
    expect(host.querySelector('textarea')).toBeNull();
    expect(host.querySelector('[role=timer]')?.textContent).toContain('Muted, 1:01 left');
    expect(host.querySelector('[role=status]')?.textContent).toBe('You are muted in this room.');
    await vi.advanceTimersByTimeAsync(2000);
    expect(host.querySelector('[role=timer]')?.textContent).toContain('Muted, 0:59 left');
    host.querySelector<HTMLElement>('.muted')?.focus();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(host.querySelector('[role=timer]')).toBeNull();
    expect(document.activeElement).toBe(host.querySelector('textarea'));
    vi.useRealTimers();
  });

  it('sends on Enter, trimmed, and is empty again', async () => {
    const onSend = vi.fn();
    const area = type(
      mount(ChatComposer, () => ({ where: 'room.1', onSend })),
      '  hello ',
    );
    await nextTick();
    expect(onSend).toHaveBeenCalledExactlyOnceWith('hello');
    expect(area.value).toBe('');
  });

  it('sends neither blanks, nor with Shift, nor while an input method composes', () => {
    const onSend = vi.fn();
    const host = mount(ChatComposer, () => ({ where: 'room.1', onSend }));
    type(host, '   ');
    type(host, 'x', { shiftKey: true });
    type(host, 'nihao', { isComposing: true });
    expect(onSend).not.toHaveBeenCalled();
  });

  it('says how much room is left when there is little', async () => {
    const host = mount(ChatComposer, () => ({ where: 'room.1' }));
    const area = host.querySelector('textarea') as HTMLTextAreaElement;
    area.value = 'x'.repeat(3900);
    area.dispatchEvent(new Event('input'));
    await nextTick();
    expect(host.querySelector('[role=status]')?.textContent?.trim()).toBe('100 characters left');
  });

  it('counts characters as people do, and sends none too many', async () => {
    const onSend = vi.fn();
    const host = mount(ChatComposer, () => ({ where: 'room.1', onSend }));
    const area = host.querySelector('textarea') as HTMLTextAreaElement;
    for (const [count, left] of [
      [3900, '100 characters left'],
      [4001, '1 character too many'],
    ] as const) {
      area.value = '😀'.repeat(count);
      area.dispatchEvent(new Event('input'));
      await nextTick();
      expect(host.querySelector('[role=status]')?.textContent?.trim()).toBe(left);
    }
    host.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(onSend).not.toHaveBeenCalled();
  });
});

describe('what is to be taken along', () => {
  const key = '100001-abc';

  function mountKey(writeText: (text: string) => Promise<void>) {
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const host = mount(CopyField, () => ({ label: 'Key', value: key, secret: true }));
    const [show, copy] = host.querySelectorAll('button');
    return { field: host.querySelector('textarea') as HTMLTextAreaElement, show, copy };
  }

  afterEach(() => vi.unstubAllGlobals());

  it('is copied as it is while it is hidden, and shown on demand', async () => {
    const writeText = vi.fn(async () => {});
    const { field, show, copy } = mountKey(writeText);
    expect(field.value).toBe('•'.repeat(key.length));
    copy?.click();
    expect(writeText).toHaveBeenCalledExactlyOnceWith(key);
    show?.click();
    await nextTick();
    expect(field.value).toBe(key);
  });

  it('is shown and selected where there is no clipboard', async () => {
    const { field, copy } = mountKey(() => Promise.reject(new Error('no clipboard')));
    copy?.click();
    await vi.waitFor(() =>
      expect([field.value, field.selectionStart, field.selectionEnd]).toEqual([key, 0, key.length]),
    );
  });
});

describe('an announcement', () => {
  it('is shown as text, with its lines, and the rest of a long one on demand', async () => {
    const text = shallowRef('<b>one</b>\ntwo');
    const host = mount(AnnouncementNote, () => ({ text: text.value }));
    const button = () => host.querySelector<HTMLButtonElement>('button.more');
    const words = host.querySelector('p') as HTMLElement;
    expect([words.textContent, host.querySelector('b'), button()]).toEqual([text.value, null, null]);
    // happy-dom has no layout: 20 a line, two in view.
    Object.defineProperty(words, 'clientHeight', { get: () => 40 });
    Object.defineProperty(words, 'scrollHeight', { get: () => 20 * text.value.split('\n').length });
    text.value = 'a\nb\nc';
    await nextTick();
    await nextTick();
    expect([button()?.textContent?.trim(), button()?.getAttribute('aria-expanded')]).toEqual(['Show all', 'false']);
    button()?.click();
    await nextTick();
    expect([button()?.textContent?.trim(), button()?.getAttribute('aria-expanded')]).toEqual(['Show less', 'true']);
    // There is nothing left to show less of.
    text.value = 'a';
    await nextTick();
    await nextTick();
    expect([button(), host.querySelector('.note')?.classList.contains('open')]).toEqual([null, false]);
  });

  it('can be put away', () => {
    const onPutAway = vi.fn();
    const host = mount(AnnouncementNote, () => ({ text: 'Soup at eight', onPutAway }));
    host.querySelector<HTMLButtonElement>('[aria-label="Put the announcement away"]')?.click();
    expect(onPutAway).toHaveBeenCalledOnce();
  });
});

describe('who was removed', () => {
  afterEach(() => vi.useRealTimers());

  it('sees the time run out, and may enter again after it', async () => {
    vi.useFakeTimers();
    const onEnter = vi.fn();
    const until = Date.now() + 61_000;
    const host = mount(RemovedPanel, () => ({ until, onEnter }));
    expect(host.querySelector('[role=timer]')?.textContent).toBe('You can come back in 1:01.');
    expect(host.querySelector('button')).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(host.querySelector('[role=timer]')?.textContent).toBe('You can come back in 0:59.');
    await vi.advanceTimersByTimeAsync(59_000);
    expect(host.querySelector('[role=status]')?.textContent).toBe('You can come back now.');
    host.querySelector('button')?.click();
    expect(onEnter).toHaveBeenCalledOnce();
  });

  it('may enter again at once where nothing is in the way', () => {
    expect(mount(RemovedPanel, () => ({ until: null })).querySelector('button')?.textContent).toContain('Rejoin');
  });
});

it('leads to signing in where a page needs it', () => {
  const host = mount(SignInNeeded, () => ({ icon: 'user' }));
  expect(host.querySelector('h1')?.textContent).toContain('Sign in');
  host.querySelector('button')?.click();
  expect(signInOpen.value).toBe(true);
  signInOpen.value = false;
});

describe('a dialog', () => {
  it('is modal, has its title for a name, and closes on Escape', async () => {
    const onClose = vi.fn();
    const showModal = vi.spyOn(HTMLDialogElement.prototype, 'showModal');
    const host = mount(ConfirmDialog, () => ({
      title: 'Sure?',
      text: '',
      confirm: 'Yes',
      action: async () => {},
      onClose,
    }));
    const dialog = host.querySelector('dialog') as HTMLDialogElement;
    expect(showModal).toHaveBeenCalledOnce();
    expect(host.querySelector(`#${dialog.getAttribute('aria-labelledby')}`)?.textContent).toBe('Sure?');
    dialog.dispatchEvent(new Event('cancel', { cancelable: true }));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('runs what was confirmed once, and closes', async () => {
    const onClose = vi.fn();
    const action = vi.fn(async () => {});
    const host = mount(ConfirmDialog, () => ({ title: 'Sure?', text: '', confirm: 'Yes', action, onClose }));
    const yes = host.querySelector<HTMLButtonElement>('.button-danger');
    yes?.click();
    await nextTick();
    yes?.click();
    await nextTick();
    await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    expect(action).toHaveBeenCalledOnce();
  });

  it('stays open with what went wrong, and may be tried again', async () => {
    const onClose = vi.fn();
    const action = vi.fn().mockRejectedValueOnce(new ApiError(0, '')).mockResolvedValue(undefined);
    const host = mount(ConfirmDialog, () => ({ title: 'Sure?', text: '', confirm: 'Yes', action, onClose }));
    const yes = host.querySelector<HTMLButtonElement>('.button-danger');
    yes?.click();
    await vi.waitFor(() =>
      expect(host.querySelector('[role=alert]')?.textContent).toContain('Cannot reach the server'),
    );
    expect(onClose).not.toHaveBeenCalled();
    expect(yes?.disabled).toBe(false);
    yes?.click();
    await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  });
});
