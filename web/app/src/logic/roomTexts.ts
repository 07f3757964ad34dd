import { countCharacters } from '@sailfish/sdk';

/** Of characters, as the server has it. */
const maxTitle = 60;
const maxAnnouncement = 500;

/** How many characters a title may still get; fewer than none where it has too many. */
export function titleLeft(text: string): number {
  return maxTitle - countCharacters(text.trim());
}

/** How many characters an announcement may still get; fewer than none where it has too many. */
export function announcementLeft(text: string): number {
  return maxAnnouncement - countCharacters(text.trim());
}

export function isTooLong(title: string, announcement: string): boolean {
  return titleLeft(title) < 0 || announcementLeft(announcement) < 0;
}

/** Those that were written: the server has words of its own for a title that was not. */
export function writtenTexts(title: string, announcement: string): { roomName?: string; announcement?: string } {
  const [roomName, said] = [title.trim(), announcement.trim()];
  return { ...(roomName && { roomName }), ...(said && { announcement: said }) };
}
