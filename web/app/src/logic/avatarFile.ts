export const avatarTypes = ['image/png', 'image/jpeg', 'image/webp'];
const maxBytes = 1 << 20;

/** Why the server would not take a picture; null when it would, as far as can be told here. */
export function avatarProblem({ type, size }: Pick<File, 'type' | 'size'>): 'type' | 'size' | null {
  if (!avatarTypes.includes(type) || size === 0) return 'type';
  return size > maxBytes ? 'size' : null;
}
