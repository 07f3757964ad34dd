import { type Locale, t } from '.';

const minuteMs = 60_000;
const dayMs = 86_400_000;

function tagOf(locale: Locale): string {
  return locale === 'zh' ? 'zh-CN' : 'en';
}

/** A count in few characters: 1.2K, 3.4万. */
export function shortCount(count: number, locale: Locale): string {
  return new Intl.NumberFormat(tagOf(locale), { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

/** The time of day. */
export function clock(time: number, locale: Locale): string {
  return new Intl.DateTimeFormat(tagOf(locale), { hour: '2-digit', minute: '2-digit', hour12: false }).format(time);
}

/** Date and time. */
export function dateTime(time: number, locale: Locale): string {
  return new Intl.DateTimeFormat(tagOf(locale), { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

/** A moment as lists show it: the time of today, yesterday, else the date. */
export function shortMoment(time: number, locale: Locale, now = Date.now()): string {
  const days = Math.round((startOfDay(now) - startOfDay(time)) / dayMs);
  if (days <= 0) return clock(time, locale);
  if (days === 1) return t('time.yesterday');
  return new Intl.DateTimeFormat(tagOf(locale), { month: 'short', day: 'numeric' }).format(time);
}

/** How long something took, in hours and minutes, or seconds. */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / minuteMs);
  if (minutes < 1) return t('time.seconds', { s: Math.max(0, Math.round(ms / 1000)) });
  if (minutes < 60) return t('time.minutes', { m: minutes });
  return t('time.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** How long somebody has to wait: whole minutes, so that nobody tries again too early; seconds where it is less than one. */
export function waiting(ms: number): string {
  return duration(Math.ceil(ms / (ms < minuteMs ? 1000 : minuteMs)) * (ms < minuteMs ? 1000 : minuteMs));
}

/** What is left of a time that runs out, as a clock shows it: 9:41. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => `${n}`.padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long something goes on already, likewise: a second is told when it is over. */
export function elapsed(ms: number): string {
  return countdown(Math.floor(ms / 1000) * 1000);
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
