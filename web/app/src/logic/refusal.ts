/** What sending the same text to the same place again cannot mend. */
const final: ReadonlySet<string> = new Set([
  'content_refused',
  'bad_content',
  'bad_data',
  'bad_target',
  'muted',
  'not_joined',
  'banned',
  'room_closed',
]);

/** Whether a message that failed with this word of the server's may be sent again as it is. */
export function mayResend(error: string | null): boolean {
  return error === null || !final.has(error);
}
