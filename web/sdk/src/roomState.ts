/** How the anchor's stream is: there is none, it comes in, or it has broken off and may come back. */
export type StreamWord = 'off' | 'live' | 'away';

/** How a living room is (docs/protocol.md, section 2, State). */
export interface RoomState {
  readonly stream: StreamWord;
  /** Of the picture, in pixels; 0 where there is none. */
  readonly width: number;
  readonly height: number;
  /** Distinct users in the room, this one included. */
  readonly viewers: number;
  readonly title: string;
  /** What the anchor has to say to all who come; empty for nothing. */
  readonly announcement: string;
}
