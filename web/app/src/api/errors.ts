import { t } from '../i18n';
import { waiting } from '../logic/format';
import { ApiError } from './http';

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
