/** How many hearts fly at most for the likes of one second: more would be a cloud. */
const maxHearts = 12;
/** In which the likes that are told at once were given. */
const spreadMs = 1000;

/** After how many milliseconds each heart flies, when others gave so many likes since the last time. */
export function heartDelays(likes: number): readonly number[] {
  const count = Math.min(Math.max(0, Math.floor(likes)), maxHearts);
  return Array.from({ length: count }, (_, i) => Math.round((i * spreadMs) / count));
}
