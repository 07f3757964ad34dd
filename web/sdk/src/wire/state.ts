import type { RoomState, StreamWord } from '../roomState.js';
import { type Body, textOf, wholeOf } from './frames.js';

const nothing: RoomState = { stream: 'off', width: 0, height: 0, viewers: 0, title: '', announcement: '' };

/** The state in a JOIN answer; null where it has none. */
export function stateOf(reply: Body): RoomState | null {
  return textOf(reply.stream) === null ? null : changed(nothing, reply);
}

/** The state after a change, which has only what is not as before. */
export function changed(known: RoomState, change: Body): RoomState {
  return {
    stream: streamOf(change.stream) ?? known.stream,
    width: wholeOf(change.width) ?? known.width,
    height: wholeOf(change.height) ?? known.height,
    viewers: wholeOf(change.viewers) ?? known.viewers,
    title: textOf(change.title) ?? known.title,
    announcement: textOf(change.announcement) ?? known.announcement,
  };
}

/** The names of some who came. */
export function joinedOf(change: Body): readonly string[] {
  return Array.isArray(change.joined) ? change.joined.filter((name) => typeof name === 'string') : [];
}

function streamOf(word: unknown): StreamWord | null {
  return word === 'off' || word === 'live' || word === 'away' ? word : null;
}
