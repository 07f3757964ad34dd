import { computed, ref } from 'vue';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'room'; readonly roomId: number }
  | { readonly page: 'messages'; readonly peer: number | null }
  | { readonly page: 'me' }
  | { readonly page: 'missing' };

/** Reads an address's fragment: `#/room/7`. */
export function parseRoute(hash: string): Route {
  const [page = '', id, ...rest] = hash.replace(/^#?\/?/, '').split('/');
  const number = id === undefined ? null : parseId(id);
  if (rest.length > 0) return { page: 'missing' };
  if (page === '' && id === undefined) return { page: 'home' };
  if (page === 'room' && number !== null) return { page: 'room', roomId: number };
  // The system writes to people too, as user 0.
  if (page === 'messages' && id === '0') return { page: 'messages', peer: 0 };
  if (page === 'messages' && (id === undefined || number !== null)) return { page: 'messages', peer: number };
  if (page === 'me' && id === undefined) return { page: 'me' };
  return { page: 'missing' };
}

/** A decimal id without sign; null when the text is none. */
export function parseId(text: string): number | null {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

export const links = {
  home: '#/',
  messages: '#/messages',
  me: '#/me',
  room: (roomId: number) => `#/room/${roomId}`,
  conversation: (peer: number) => `#/messages/${peer}`,
};

const hash = ref(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

export const route = computed(() => parseRoute(hash.value));

export function go(link: string): void {
  location.hash = link;
}
