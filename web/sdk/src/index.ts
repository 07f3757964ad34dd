export { type HistoryOptions, SailfishClient, type SendOptions } from './client.js';
export type { WebSocketConstructor, WebSocketLike } from './connection/transport.js';
export { ClientErrors, SailfishError, type SailfishErrorDetails } from './errors.js';
export type { SailfishEvents, SailfishState } from './events.js';
export type { HistoryPage, Receipt, RoomInfo, SailfishMessage } from './message.js';
export type { SailfishClientOptions } from './options.js';
export type { RoomState, StreamWord } from './roomState.js';
export { BizCode } from './wire/frames.js';
export { countCharacters } from './wire/text.js';
