/** What the server asks of a new password. */
export const minPassword = 8;

/** Whether a new password is too short, in characters as people count them. */
export function isTooShort(password: string): boolean {
  return [...password.normalize('NFC')].length < minPassword;
}
