// How cost grows with work: the exponent of the power law through the points. It is 1 where cost is proportional.

export interface Point {
  /** An amount of work, and its cost. */
  readonly work: number;
  readonly cost: number;
}

export interface Curve {
  readonly points: readonly Point[];
  readonly exponent: number;
}

/** Least squares through the logarithms of both. Below 1, a part of the cost does not grow. */
export function curve(points: readonly Point[]): Curve {
  const xs = points.map(({ work }) => Math.log(work));
  const ys = points.map(({ cost }) => Math.log(cost));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const along = xs.reduce((sum, x, i) => sum + (x - x0) * ((ys[i] as number) - y0), 0);
  const across = xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  return { points, exponent: along / across };
}
