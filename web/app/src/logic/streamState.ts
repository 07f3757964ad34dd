/** Whether a room has a picture: `away` is one whose anchor's stream broke off and may come back. */
export type StreamState = 'live' | 'away' | 'off';

/** What the server says; `off` where it says nothing, as one without video does. */
export function streamStateOf(word: unknown): StreamState {
  return word === 'live' || word === 'away' ? word : 'off';
}
