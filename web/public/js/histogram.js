// Search by histogram as lab 07 teaches it: four bins a channel, compared as OpenCV's compareHist does.

export const METHODS = ["CORREL", "CHISQR", "INTERSECT", "BHATTACHARYYA", "CHISQR_ALT", "KL_DIV"];
const LARGER_IS_BETTER = new Set(["CORREL", "INTERSECT"]);
const EPSILON = 2 ** -52; // compareHist leaves out divisors up to this

// 12 numbers of length 1: how many pixels of each channel lie in 0..63, 64..127, 128..191, 192..255.
// data: RGB, `channels` values a pixel, of which the first three count.
export function describe({ data, channels }) {
  const counts = new Float64Array(12);
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    for (let channel = 0; channel < 3; channel++) counts[4 * channel + (data[pixel + channel] >> 6)]++;
  }
  const length = Math.hypot(...counts);
  return counts.map((count) => count / length);
}

const sum = (q, h, term) => q.reduce((total, value, bin) => total + term(value, h[bin]), 0);

const COMPARE = {
  CORREL(q, h) {
    const [meanQ, meanH] = [q, h].map((row) => row.reduce((a, b) => a + b) / row.length);
    const spread = sum(q, q, (a) => (a - meanQ) ** 2) * sum(h, h, (a) => (a - meanH) ** 2);
    return spread > EPSILON ? sum(q, h, (a, b) => (a - meanQ) * (b - meanH)) / Math.sqrt(spread) : 1;
  },
  CHISQR: (q, h) => sum(q, h, (a, b) => (a > EPSILON ? (a - b) ** 2 / a : 0)),
  INTERSECT: (q, h) => sum(q, h, Math.min),
  BHATTACHARYYA(q, h) {
    const size = Math.sqrt(sum(q, q, (a) => a) * sum(h, h, (a) => a));
    return Math.sqrt(Math.max(0, 1 - sum(q, h, (a, b) => Math.sqrt(a * b)) / size));
  },
  CHISQR_ALT: (q, h) => 2 * sum(q, h, (a, b) => (a + b > EPSILON ? (a - b) ** 2 / (a + b) : 0)),
  KL_DIV: (q, h) => sum(q, h, (a, b) => (a > EPSILON ? a * Math.log(a / (b > EPSILON ? b : 1e-10)) : 0)),
};

// The k rows most like the query, best first: [{number, score}], equal scores in the rows' order.
export function search(rows, query, k, method) {
  const sign = LARGER_IS_BETTER.has(method) ? -1 : 1;
  return rows
    .map((row, number) => ({ number, score: COMPARE[method](query, row) }))
    .sort((a, b) => sign * (a.score - b.score) || a.number - b.number)
    .slice(0, k);
}
