import { afterEach, describe, expect, it } from 'vitest';
import { locale } from '../src/i18n';
import { countdown, dateTime, duration, elapsed, shortCount, shortMoment } from '../src/i18n/format';
import { sendError } from '../src/i18n/sendErrors';
import { collapseBlankLines } from '../src/logic/blankLines';
import { heartDelays } from '../src/logic/hearts';
import { hueOf, initials, isDrawn } from '../src/logic/identicon';
import { mayResend } from '../src/logic/refusal';
import { mergeRooms } from '../src/logic/roomList';
import { announcementLeft, writtenTexts } from '../src/logic/roomTexts';
import { streamStateOf } from '../src/logic/streamState';
import { parseId, parseRoute } from '../src/state/route';

afterEach(() => {
  locale.value = 'en';
});

describe('routes', () => {
  it.each([
    ['', { page: 'home' }],
    ['#/', { page: 'home' }],
    ['#/room/7', { page: 'room', roomId: 7 }],
    ['#/room/9007199254740991', { page: 'room', roomId: 9007199254740991 }],
    ['#/messages', { page: 'messages', peer: null }],
    ['#/messages/10001', { page: 'messages', peer: 10_001 }],
    ['#/messages/0', { page: 'messages', peer: 0 }],
    ['#/me', { page: 'me' }],
    ['#/room', { page: 'missing' }],
    ['#/room/x', { page: 'missing' }],
    ['#/room/7/8', { page: 'missing' }],
    ['#/messages/-1', { page: 'missing' }],
    ['#/else', { page: 'missing' }],
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });

  it('have ids that are exact', () => {
    expect([parseId('0'), parseId('9007199254740993'), parseId('1e3'), parseId(' 5'), parseId('5')]).toEqual([
      null,
      null,
      null,
      null,
      5,
    ]);
  });
});

describe('formats', () => {
  const noon = new Date(2026, 4, 10, 12, 0).getTime();

  it('shorten counts as the language does', () => {
    expect([shortCount(999, 'en'), shortCount(1234, 'en'), shortCount(12_345, 'zh')]).toEqual(['999', '1.2K', '1.2万']);
  });

  it('tell a second of what is left when it begins, and of what goes on when it is over', () => {
    expect([countdown(59_100), elapsed(59_900), elapsed(3_600_000), elapsed(-5)]).toEqual([
      '1:00',
      '0:59',
      '1:00:00',
      '0:00',
    ]);
  });

  it('name the day only where it is another', () => {
    expect(shortMoment(noon - 3_600_000, 'en', noon)).toBe('11:00');
    expect(shortMoment(noon - 86_400_000, 'en', noon)).toBe('Yesterday');
    expect(shortMoment(noon - 5 * 86_400_000, 'en', noon)).toBe('May 5');
    expect(dateTime(noon, 'en')).toContain('May 10, 2026');
  });

  it('count down', () => {
    expect([countdown(581_000), countdown(59_001), countdown(3_661_000), countdown(-1)]).toEqual([
      '9:41',
      '1:00',
      '1:01:01',
      '0:00',
    ]);
  });

  it('give durations', () => {
    expect([duration(5400), duration(125_000), duration(7_500_000)]).toEqual(['5 s', '2 min', '2 h 5 min']);
  });
});

describe('a sentence for a message that failed', () => {
  it('says of a mute what is true after it, too, and never too short for how long to wait', () => {
    expect(sendError('muted', 541_000)).toBe('You were muted when you sent this.');
    expect(sendError('rate_limited', 541_000)).toContain('Try again in 10 min.');
  });

  it('has the word when it knows no better', () => {
    expect(sendError('rate_limited', 200)).toBe('You are sending messages too fast. Try again in a moment.');
    expect(sendError('rate_limited', 18_000)).toBe('You are sending too much at once. Try again in 18 s.');
    expect(sendError('internal', null)).toContain('internal');
    for (const word of [
      'content_refused',
      'rate_limited',
      'receipt_timeout',
      'not_joined',
      'bad_target',
      'bad_content',
    ])
      expect(sendError(word, null)).not.toContain(word);
  });
});

describe('generated pictures', () => {
  it('are told from those that somebody has', () => {
    const pictures = ['', null, '/avatar/7.svg', '/chat/avatar/7.svg', '/avatar/7.png?v=2', '/avatar/7/x.webp'];
    expect(pictures.map(isDrawn)).toEqual([true, true, true, true, false, false]);
  });

  it('have initials of any alphabet', () => {
    expect(['Anna Bell', 'bo.73', '大家好', '😀 x', '', '__'].map(initials)).toEqual([
      'AB',
      'B7',
      '大',
      '😀X',
      '?',
      '?',
    ]);
  });

  it('have colours in range that differ between neighbours', () => {
    for (let id = 1; id < 500; id++) {
      expect(hueOf(id)).toBeGreaterThanOrEqual(0);
      expect(hueOf(id)).toBeLessThanOrEqual(360);
      expect(Math.abs(hueOf(id) - hueOf(id + 1))).toBeGreaterThan(30);
    }
  });
});

describe('pages of rooms', () => {
  const room = (id: number, watchNum = 0) => ({ id, roomName: '', anchorId: 1, watchNum, goodNum: 0, covertImg: null });

  it('are put together without doubles, the first list foremost', () => {
    expect(mergeRooms([room(3, 9), room(2)], [room(3), room(1)])).toEqual([room(3, 9), room(2), room(1)]);
  });

  it('keep the order in which they came', () => {
    expect(mergeRooms([room(1), room(7)], [room(4)], [room(7), room(2)]).map(({ id }) => id)).toEqual([1, 7, 4, 2]);
  });
});

describe('hearts for what others gave', () => {
  it('are one a like, twelve at most, spread over the second', () => {
    expect(heartDelays(0)).toEqual([]);
    expect(heartDelays(-3)).toEqual([]);
    expect(heartDelays(4)).toEqual([0, 250, 500, 750]);
    const many = heartDelays(900);
    expect(many).toHaveLength(12);
    expect(Math.max(...many)).toBeLessThan(1000);
  });
});

describe('what was typed', () => {
  it('has one blank line at most between two others', () => {
    expect(collapseBlankLines('a\nb\n\nc')).toBe('a\nb\n\nc');
    expect(collapseBlankLines('a\n\n\n \t\n\n  b')).toBe('a\n\n  b');
  });

  it('may be sent again where the server may take it then', () => {
    expect(['receipt_timeout', 'not_stored', 'rate_limited', 'closed', null].every(mayResend)).toBe(true);
    expect(['content_refused', 'muted', 'bad_content', 'banned', 'room_closed'].some(mayResend)).toBe(false);
  });
});

describe('what an anchor writes on a room', () => {
  it('is counted in characters as people do, without the spaces around it', () => {
    expect(announcementLeft('')).toBe(500);
    expect(announcementLeft(` ${'😀'.repeat(499)}\n\n`)).toBe(1);
    expect(announcementLeft('😀'.repeat(501))).toBe(-1);
  });

  it('is left out where nothing was written', () => {
    expect(writtenTexts(' ', '\n')).toEqual({});
    expect(writtenTexts(' Tea ', '')).toEqual({ roomName: 'Tea' });
    expect(writtenTexts('', ' a\nb ')).toEqual({ announcement: 'a\nb' });
  });
});

it('knows a room without a word about its picture as one without', () => {
  expect(['live', 'away', 'off', undefined, null, 'else'].map(streamStateOf)).toEqual([
    'live',
    'away',
    'off',
    'off',
    'off',
    'off',
  ]);
});
