import { ApiError } from '../api/http';
import { accountNameProblem, maxName, minAccountName, nickNameProblem } from '../logic/names';
import { t } from '.';
import { waiting } from './format';

/** What is wrong with a name that somebody would sign up with, in a sentence; empty where it may be taken. */
export function accountNameText(name: string): string {
  const problem = accountNameProblem(name);
  if (problem === 'short') return t('field.short', { n: minAccountName });
  if (problem === 'long') return t('field.long', { n: maxName });
  return problem ? t('account.nameCharacters') : '';
}

/** Likewise with what somebody would be called. */
export function nickNameText(name: string): string {
  const problem = nickNameProblem(name);
  if (problem === 'short') return t('field.empty');
  if (problem === 'long') return t('field.long', { n: maxName });
  return problem ? t('account.badName') : '';
}

/** Why a name is refused, in a sentence; null when it is not for the name. The answers have no words for it but the server's own. */
export function nameErrorText(cause: unknown): string | null {
  if (!(cause instanceof ApiError)) return null;
  if (cause.code === 400) return t('account.badName');
  if (cause.code !== 501) return null;
  if (/sign up/i.test(cause.message)) return t('account.noSignUp');
  return /words/i.test(cause.message) ? t('account.nameWords') : t('account.taken');
}

/** Which of the texts on a room is refused, and why; null when it is for neither. The server's words tell, as above. */
export function roomTextError(cause: unknown): { field: 'title' | 'announcement'; text: string } | null {
  if (!(cause instanceof ApiError) || (cause.code !== 400 && cause.code !== 501)) return null;
  const isMalformed = cause.code === 400;
  if (/^roomName|^The name has/.test(cause.message))
    return { field: 'title', text: t(isMalformed ? 'room.titleBad' : 'room.titleWords') };
  if (/^announcement|^The announcement has/.test(cause.message))
    return { field: 'announcement', text: t(isMalformed ? 'room.announcementBad' : 'room.announcementWords') };
  return null;
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
