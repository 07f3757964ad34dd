const minUser = 10_000;
const idBytes = 16;

/** Throws unless the id can be a user's. */
export function checkUser(id: number): void {
  if (!Number.isSafeInteger(id) || id < minUser) throw new RangeError(`A user id is ${minUser} to 2^53-1, not ${id}.`);
}

/** Throws unless the id can be a room's. */
export function checkRoom(id: number): void {
  if (!Number.isSafeInteger(id) || id < 1) throw new RangeError(`A room id is 1 to 2^53-1, not ${id}.`);
}

/** The name of what two users say to each other; 0 is the system. */
export function directConversation(one: number, other: number): string {
  return `d:${Math.min(one, other)}:${Math.max(one, other)}`;
}

/** The name of what is said in a room. */
export function roomConversation(roomId: number): string {
  return `r:${roomId}`;
}

/** A name that nobody else has. Unlike `crypto.randomUUID` it is there on pages without TLS too. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idBytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
