import { BizCode, type SailfishMessage } from '@sailfish/sdk';
import { computed, shallowRef, watch } from 'vue';
import { pageApi } from '../api/page';
import { addPoint, beginCurve, type Curve } from '../logic/curve';
import { type StreamState, streamStateOf } from '../logic/streamState';
import { connectionState, onConnection } from './connection';
import { liveInfo, liveRoom } from './liveRoom';
import { guarded, onSignOut } from './session';

/** How often the curve is told that nothing has changed. */
const sampleMs = 5000;
const minuteMs = 60_000;

/** The user's own stream in figures, as this tab has heard of it; what happened before is what the server says. */
export interface OwnStream {
  readonly roomId: number;
  /** In ms; null until it is known. */
  readonly startTime: number | null;
  readonly viewers: number;
  readonly peak: number;
  readonly likes: number;
  /** How far the room's messages have come: they are numbered from 1. */
  readonly messages: number;
  /** When those of the last minute came. */
  readonly recent: readonly number[];
  readonly stream: StreamState;
  readonly curve: Curve;
}

const current = shallowRef<OwnStream | null>(null);
let sampling: ReturnType<typeof setInterval> | undefined;

/** The stream that goes on, or the last one that this tab saw; null before the first. */
export const ownStream = computed(() => current.value);

/** How much is said, in messages a minute. */
export function perMinute({ recent }: OwnStream, now: number): number {
  return recent.filter((time) => time > now - minuteMs).length;
}

function change(roomId: number, next: (before: OwnStream) => Partial<OwnStream>): void {
  const before = current.value;
  if (before?.roomId === roomId) current.value = { ...before, ...next(before) };
}

/** The most viewers that the user's own stream had at once, where the room has it; 0 for any other. */
export function peakOf(roomId: number): number {
  return current.value?.roomId === roomId ? current.value.peak : 0;
}

/** So many were in the room at once, as whoever looks at it has heard. */
export function notePeak(roomId: number, count: number): void {
  if (current.value?.roomId === roomId && count > current.value.peak) change(roomId, () => ({ peak: count }));
}

function takeViewers(roomId: number, viewers: number): void {
  change(roomId, ({ peak, curve }) => ({
    viewers,
    peak: Math.max(peak, viewers),
    curve: addPoint(curve, Date.now(), viewers),
  }));
}

/** How far the messages were when the room was entered: what comes then from before is not said now. */
function noteMessages(roomId: number, seq: number): void {
  change(roomId, ({ messages }) => ({ messages: Math.max(messages, seq) }));
}

/** Something was said in the room, as its n-th message. */
export function countMessage(roomId: number, seq: number): void {
  const now = Date.now();
  change(roomId, ({ messages, recent }) =>
    seq <= messages ? {} : { messages: seq, recent: [...recent.filter((time) => time > now - minuteMs), now] },
  );
}

function onMessage({ roomId, seq, bizCode, content }: SailfishMessage): void {
  if (roomId !== null && seq !== null && bizCode === BizCode.chat && content !== null) countMessage(roomId, seq);
}

function begin(roomId: number): void {
  if (current.value?.roomId !== roomId) {
    current.value = {
      roomId,
      startTime: null,
      viewers: 1,
      peak: 1,
      likes: 0,
      messages: 0,
      recent: [],
      stream: 'off',
      curve: beginCurve(Date.now(), 1),
    };
  }
  void ask(roomId);
}

/** What nobody tells: what the room had before this tab came. */
async function ask(roomId: number): Promise<void> {
  const config = await guarded(() => pageApi.anchorConfig(roomId)).catch(() => null);
  if (config?.roomId !== roomId) return;
  change(roomId, ({ startTime, peak, likes }) => ({
    startTime: config.startTime ?? startTime,
    peak: Math.max(peak, config.peak ?? 0),
    likes: Math.max(likes, config.likes ?? 0),
    stream: streamStateOf(config.stream),
  }));
  takeViewers(roomId, config.viewers);
}

/** Follows the stream for as long as it goes on, on whichever page its host is. Called once. */
export function startOwnStream(): void {
  watch(
    liveRoom,
    (roomId) => {
      clearInterval(sampling);
      if (roomId === null) return;
      begin(roomId);
      sampling = setInterval(() => takeViewers(roomId, current.value?.viewers ?? 1), sampleMs);
    },
    // Before the messages that follow the answer to a join.
    { flush: 'sync', immediate: true },
  );
  watch(liveInfo, (info) => info && noteMessages(info.roomId, info.seq), { flush: 'sync' });
  // It is asked anew where it could not be asked before.
  watch(connectionState, (now) => {
    if (now === 'online' && liveRoom.value !== null && current.value?.startTime === null) void ask(liveRoom.value);
  });
  onConnection('viewers', ({ roomId, viewers }) => takeViewers(roomId, viewers));
  onConnection('roomState', ({ roomId, state }) => {
    change(roomId, () => ({ stream: state.stream }));
    takeViewers(roomId, state.viewers);
  });
  onConnection('likes', ({ roomId, likes }) => change(roomId, (before) => ({ likes: Math.max(before.likes, likes) })));
  onConnection('message', onMessage);
  onSignOut(() => {
    current.value = null;
  });
}
