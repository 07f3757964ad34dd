import { t } from '.';
import { waiting } from './format';

/** A wait that needs no number. */
const momentMs = 3000;

/** Why a message was not sent, in a sentence. */
export function sendError(word: string, retryAfterMs: number | null): string {
  switch (word) {
    case 'muted':
      // Until when stands where the next one would be written, and changes there.
      return t('send.muted');
    case 'content_refused':
      return t('send.refused');
    case 'bad_content':
    case 'bad_data':
      return t('send.tooLong');
    case 'rate_limited':
      return (retryAfterMs ?? 0) > momentMs
        ? t('send.tooFastFor', { time: waiting(retryAfterMs ?? 0) })
        : t('send.tooFast');
    case 'receipt_timeout':
    case 'not_stored':
      return t('send.noReceipt');
    case 'bad_target':
      return t('send.noUser');
    case 'not_joined':
    case 'banned':
    case 'room_closed':
      return t('send.left');
    default:
      return t('send.failed', { word });
  }
}
