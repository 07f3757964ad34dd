import { ApiError } from '../api/http';
import { t } from '.';
import { waiting } from './format';

/** Why a name is refused, in a sentence; null when it is not for the name. The answers have no words for it but the server's own. */
export function nameErrorText(cause: unknown): string | null {
  if (!(cause instanceof ApiError)) return null;
  if (cause.code === 400) return t('account.badName');
  if (cause.code !== 501) return null;
  if (/sign up/i.test(cause.message)) return t('account.noSignUp');
  return /words/i.test(cause.message) ? t('account.nameWords') : t('account.taken');
}

/** What went wrong, in a sentence. */
export function apiErrorText(cause: unknown): string {
  const code = cause instanceof ApiError ? cause.code : -1;
  const retryAfterMs = cause instanceof ApiError ? cause.retryAfterMs : null;
  switch (code) {
    case 0:
      return t('error.network');
    case 401:
      return t('error.signedOut');
    case 403:
      return t('error.forbidden');
    case 409:
      return t('error.conflict');
    case 429:
      return retryAfterMs ? t('error.tooOftenFor', { time: waiting(retryAfterMs) }) : t('error.tooOften');
    case 500:
    case 502:
    case 503:
    case 504:
      return t('error.server');
    default:
      return t('error.unknown', { detail: cause instanceof Error ? cause.message : String(cause) });
  }
}
