import type { Entry } from './messageList';

/** What somebody says within so long after what he said before belongs to it. */
const pauseMs = 3 * 60_000;

/** Whether two entries that follow one another are of one piece. What failed stands for itself. */
export function belong(before: Entry | undefined, after: Entry | undefined): boolean {
  if (!before || !after || before.senderId !== after.senderId) return false;
  return before.status === 'sent' && after.status !== 'failed' && after.time - before.time < pauseMs;
}
