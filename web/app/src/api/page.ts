import type { StreamWord } from '@sailfish/sdk';
import { post, upload } from './http';

/** The page API (docs/protocol.md, section 7.1). */
export interface InitPage {
  readonly loginStatus: boolean;
  readonly userId?: number;
  readonly nickName?: string;
  readonly avatar?: string;
  readonly showStartLivingBtn?: boolean;
}

export interface RoomCard {
  readonly id: number;
  readonly roomName: string;
  readonly anchorId: number;
  readonly watchNum: number;
  readonly goodNum: number;
  readonly covertImg: string | null;
  readonly stream?: StreamWord;
  /** In milliseconds since 1970. */
  readonly startTime?: number;
  readonly anchorNickName?: string | null;
  readonly anchorImg?: string | null;
}

export interface Page<T> {
  readonly list: readonly T[];
  readonly hasNext: boolean;
}

export interface AnchorConfig {
  /** −1 when the room is gone. */
  readonly roomId: number;
  readonly anchorId: number | null;
  readonly userId: number;
  /** Whether the caller is the anchor. */
  readonly anchor: boolean;
  readonly roomName: string | null;
  readonly nickName: string;
  readonly anchorNickName: string | null;
  readonly watcherNickName: string;
  readonly avatar: string | null;
  readonly anchorImg: string | null;
  readonly watcherAvatar: string | null;
  readonly defaultBgImg: string | null;
  readonly pkObjId: number | null;
  readonly viewers: number;
  readonly likes?: number | null;
  readonly type?: number | null;
  /** When the room started, in ms. */
  readonly startTime?: number;
  readonly peak?: number;
  readonly announcement?: string;
  readonly stream?: StreamWord;
  /** Where the stream is, with a token that is good for a minute; empty while there is none. */
  readonly streamUrl?: string;
  /** Until when the caller may not write there, in ms. */
  readonly muted?: number | null;
  readonly covertImg?: string | null;
}

/** Somebody in a room, by the name that he speaks under; empty where nobody knows one. */
export interface RoomPerson {
  readonly userId: number;
  readonly nickName: string;
  readonly avatar: string;
}

export interface RoomMembers {
  readonly list: readonly RoomPerson[];
  /** Who watches without an account: a number alone. */
  readonly guests: number;
  /** For the next page; none on the last one. */
  readonly cursor?: number | null;
}

/** Who is kept from something, until when in milliseconds since 1970. */
export interface Restricted extends RoomPerson {
  readonly until: number;
}

export interface RoomRestrictions {
  readonly muted: readonly Restricted[];
  readonly removed: readonly Restricted[];
}

export type RoomSort = 'new' | 'viewers';

/** Which rooms of a list, and in which order; the newest first without it. */
export interface ListOrder {
  readonly sort?: RoomSort;
  readonly q?: string;
}

export interface RoomRecord {
  readonly id: number;
  readonly roomName: string;
  readonly type?: number;
  readonly startTime: number | string;
  readonly endTime: number | string;
  readonly peakViewers: number;
  readonly goodNum?: number;
}

export interface ImConfig {
  readonly token: string;
  readonly wsImServerAddress: string;
  readonly tcpImServerAddress: string;
  readonly userId: number;
}

/** A browser that the account is signed in with. */
export interface AccountSession {
  readonly id: string;
  /** Whether it is this one. */
  readonly current: boolean;
  readonly since: number | string;
  readonly lastSeen: number | string;
  readonly address: string | null;
  readonly agent: string | null;
}

/** 2 is a room for duels, which nobody opens here: there is no second seat. */
export type RoomType = 1 | 2;

/** The type of a room that is no duel: there is no other in the page. */
export const normalRoom: RoomType = 1;

/** What an anchor writes on a room. */
export interface RoomTexts {
  readonly roomName?: string;
  readonly announcement?: string;
}

export const pageApi = {
  register: (name: string, password: string) => post<{ userId: number }>('/account/register', { name, password }),
  login: (name: string, password: string) => post<{ userId: number }>('/account/login', { name, password }),
  logout: () => post('/account/logout'),
  rename: (nickName: string) => post('/account/profile', { nickName }),
  changeAvatar: (file: File) => upload<{ avatar: string }>('/account/avatar', 'avatar', file),
  /** `old` is what the server calls the password so far, `new` the next one. */
  changePassword: (old: string, next: string) => post('/account/password', { old, new: next }),
  sessions: () => post<{ list: readonly AccountSession[] }>('/account/sessions'),
  endSession: (id: string) => post('/account/endSession', { id }),
  init: () => post<InitPage>('/home/initPage'),
  startLiving: (type: RoomType, texts: RoomTexts = {}) =>
    post<{ roomId: number }>('/living/startingLiving', { type, ...texts }),
  editRoom: (roomId: number, texts: RoomTexts) => post<Required<RoomTexts>>('/living/edit', { roomId, ...texts }),
  closeLiving: (roomId: number) => post('/living/closeLiving', { roomId }),
  anchorConfig: (roomId: number) => post<AnchorConfig>('/living/anchorConfig', { roomId }),
  list: (type: RoomType, page: number, pageSize: number, order: ListOrder = {}) =>
    post<Page<RoomCard>>('/living/list', { type, page, pageSize, ...order }),
  records: (page: number, pageSize: number) => post<Page<RoomRecord>>('/living/records', { page, pageSize }),
  /** Short of patience: what hangs on a dead connection takes another when it is tried again. */
  imConfig: (signal: AbortSignal) => post<ImConfig>('/im/getImConfig', {}, { signal, timeoutMs: 5000 }),
  like: (roomId: number, count: number) => post('/living/like', { roomId, count }),
  mute: (roomId: number, userId: number, seconds: number) => post('/living/mute', { roomId, userId, seconds }),
  unmute: (roomId: number, userId: number) => post('/living/unmute', { roomId, userId }),
  remove: (roomId: number, userId: number, seconds: number) => post('/living/remove', { roomId, userId, seconds }),
  unremove: (roomId: number, userId: number) => post('/living/unremove', { roomId, userId }),
  restrictions: (roomId: number) => post<RoomRestrictions>('/living/restrictions', { roomId }),
  members: (roomId: number, cursor = 0) => post<RoomMembers>('/living/members', { roomId, cursor }),
  /** A cover that the anchor chose: it stays before those that the page takes of the picture. */
  chooseCover: (file: File) => upload<{ covertImg: string }>('/living/cover', 'cover', file),
  /** Ends that: the next one that the page takes is the cover. */
  automaticCover: () => upload<{ covertImg: string }>('/living/cover', 'cover', null, { auto: 'true' }),
};
