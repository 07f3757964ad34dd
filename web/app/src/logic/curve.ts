/** How a number went over time, in few points: each is the largest of its step. */
export interface Curve {
  /** When the first step began. */
  readonly begin: number;
  readonly stepMs: number;
  readonly points: readonly number[];
}

/** More cannot be told apart where the curve is drawn. */
const maxPoints = 90;
const firstStepMs = 5000;

export function beginCurve(time: number, value: number): Curve {
  return { begin: time, stepMs: firstStepMs, points: [value] };
}

/** With what the number is now. A curve that is full goes on with steps of twice the length. */
export function addPoint(curve: Curve, time: number, value: number): Curve {
  let { stepMs } = curve;
  let points = [...curve.points];
  // A clock that was set back adds to the last step.
  const indexNow = () => Math.max(points.length - 1, Math.floor((time - curve.begin) / stepMs));
  while (indexNow() >= maxPoints) {
    points = halved(points);
    stepMs *= 2;
  }
  const index = indexNow();
  // While a tab slept nothing was heard: it was as before, as far as is known.
  const before = points.at(-1) ?? value;
  while (points.length < index) points.push(before);
  points[index] = Math.max(points[index] ?? 0, value);
  return { begin: curve.begin, stepMs, points };
}

function halved(points: readonly number[]): number[] {
  return points.filter((_, i) => i % 2 === 0).map((point, i) => Math.max(point, points[2 * i + 1] ?? 0));
}

/** The line of an SVG path through the points, over the whole width; the largest is at the top. */
export function pathOf(points: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...points);
  const across = points.length > 1 ? width / (points.length - 1) : 0;
  const y = (point: number) => round(height - (point / most) * height);
  const line = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${round(i * across)} ${y(point)}`).join('');
  // One point alone is a line too.
  return points.length === 1 ? `${line}H${width}` : line;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
