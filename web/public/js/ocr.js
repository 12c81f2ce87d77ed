// Where words stand and what they say: what labs/ocr does, in JavaScript. No page, no network in here.
import { resize, toChannels } from "./preprocess.js";

export const HEIGHT = 40; // pixels of a word's picture, as labs/hangul/lines.py draws them
const GROWN = 1; // by so much of its height a word's middle grows to the word (labs/ocr/quads.py)
const MARGIN = 0.06;
const NATURAL = { 한: "한", a: "a한", A: "Aa한", 1: "1A한" }; // which scripts follow one within a word (labs/kinds/text.py)
const PRICE = 3; // nats that another script within a word, or a letter with no blank before it, must bring in
const UNLIKELY = 1e-3; // a letter that is nowhere this probable is in no text

// The finder's input: grey, sides of whole 32 pixels, the rest filled with the last pixel's grey; and the scale used.
export function finderInput(picture, longest = 1280, shortest = 640) {
  const side = Math.max(picture.width, picture.height);
  const scale = side > shortest ? Math.min(1, longest / side) : Math.min(2, shortest / side);
  const grey = resize(toChannels(picture, 1), Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const [width, height] = [grey.width, grey.height].map((length) => Math.ceil(length / 32) * 32);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = grey.data[Math.min(y, grey.height - 1) * grey.width + Math.min(x, grey.width - 1)];
  }
  return { shape: [1, height, width, 1], values, scale: grey.width / picture.width };
}

// The rectangles around the words of a finder's map (0..255): [[[x, y] x 4], ...], clockwise from each top left; `trust` of
// each is the map's mean in its middle, 0 to 1.
export function quadsOf({ width, height, values }, threshold = 127, least = 4) {
  const seen = new Uint8Array(width * height);
  const quads = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || values[start] <= threshold) continue;
    const part = flood(start, width, height, values, threshold, seen);
    if (part.length < least) continue;
    const quad = rectangle(part, width);
    quad.trust = part.reduce((sum, at) => sum + values[at], 0) / part.length / 255;
    quads.push(quad);
  }
  return quads;
}

// The pixels that hang together with one, eight neighbours each.
function flood(start, width, height, values, threshold, seen) {
  const part = [start];
  seen[start] = 1;
  for (let i = 0; i < part.length; i++) {
    const x = part[i] % width;
    const y = Math.floor(part[i] / width);
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx;
        if (seen[next] || values[next] <= threshold) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
  }
  return part;
}

// The rectangle along a part's main axis, moved outwards by what the finder's marks lie inside.
function rectangle(part, width) {
  const points = part.map((at) => [at % width, Math.floor(at / width)]);
  const mean = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of points) {
    xx += (x - mean[0]) ** 2;
    xy += (x - mean[0]) * (y - mean[1]);
    yy += (y - mean[1]) ** 2;
  }
  let angle = Math.atan2(2 * xy, xx - yy) / 2;
  const spread = Math.hypot(xx - yy, 2 * xy) / (xx + yy || 1);
  if (spread < 0.4) angle = 0; // as high as wide: no axis to speak of
  if (Math.abs(angle) > Math.PI / 4) angle -= Math.sign(angle) * (Math.PI / 2);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const along = points.map(([x, y]) => x * cos + y * sin);
  const down = points.map(([x, y]) => y * cos - x * sin);
  const [left, right, top, bottom] = [least(along), most(along), least(down), most(down)];
  const grow = 0.25 + (GROWN / 2) * (Math.min(right - left, bottom - top) + 0.5); // pixels have a width of their own
  const corner = (a, d) => [a * cos - d * sin + 0.5, a * sin + d * cos + 0.5];
  return [corner(left - grow, top - grow), corner(right + grow, top - grow), corner(right + grow, bottom + grow), corner(left - grow, bottom + grow)];
}

function least(numbers) {
  return numbers.reduce((a, b) => Math.min(a, b));
}

function most(numbers) {
  return numbers.reduce((a, b) => Math.max(a, b));
}

// The quadrangles as rows of text, from top to bottom, each from left to right.
export function inRows(quads) {
  const middle = (quad, axis) => quad.reduce((sum, point) => sum + point[axis], 0) / 4;
  const slopes = quads.map(([a, b]) => (b[1] - a[1]) / Math.max(b[0] - a[0], 1e-3)).sort((a, b) => a - b);
  const slope = slopes[Math.floor(slopes.length / 2)] ?? 0;
  const rows = [];
  const placed = quads.map((quad) => ({ quad, x: middle(quad, 0), level: middle(quad, 1) - slope * middle(quad, 0), tall: distance(quad[0], quad[3]) }));
  for (const word of placed.sort((a, b) => a.level - b.level)) {
    const row = rows.at(-1);
    const level = row && row.reduce((sum, one) => sum + one.level, 0) / row.length;
    if (row && Math.abs(word.level - level) < 0.7 * Math.max(row[0].tall, 0.6 * word.tall)) row.push(word);
    else rows.push([word]);
  }
  return rows.map((row) => row.sort((a, b) => a.x - b.x).map(({ quad }) => quad));
}

function distance([x, y], [toX, toY]) {
  return Math.hypot(toX - x, toY - y);
}

// The reader's input: the picture (grey) inside a quadrangle, 40 pixels high, dark on light.
export function readerInput({ width, height, data }, [topLeft, topRight, , bottomLeft]) {
  const tall = Math.max(2, distance(topLeft, bottomLeft));
  const wide = Math.max(2, distance(topLeft, topRight));
  const pad = MARGIN * tall;
  const columns = Math.min(2048, Math.max(32, Math.ceil(((wide + 2 * pad) * HEIGHT) / (tall + 2 * pad) / 4) * 4));
  const unit = (tall + 2 * pad) / HEIGHT; // pixels of the picture for each of the word's
  const right = topRight.map((value, axis) => (value - topLeft[axis]) / wide);
  const down = bottomLeft.map((value, axis) => (value - topLeft[axis]) / tall);
  const tries = Math.ceil(unit); // a smaller word is the mean of so many looks each way
  const values = new Float32Array(HEIGHT * columns);
  for (let row = 0; row < HEIGHT; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let i = 0; i < tries; i++) {
        for (let j = 0; j < tries; j++) {
          const a = (column + (j + 0.5) / tries) * unit - pad;
          const d = (row + (i + 0.5) / tries) * unit - pad;
          sum += look(data, width, height, topLeft[0] + a * right[0] + d * down[0] - 0.5, topLeft[1] + a * right[1] + d * down[1] - 0.5);
        }
      }
      values[row * columns + column] = sum / tries ** 2;
    }
  }
  return { shape: [1, HEIGHT, columns, 1], values: darkOnLight(values, columns) };
}

// Between four pixels; beyond the picture its edge goes on.
function look(data, width, height, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (row, column) => data[Math.min(Math.max(row, 0), height - 1) * width + Math.min(Math.max(column, 0), width - 1)];
  const upper = at(top, left) + (at(top, left + 1) - at(top, left)) * (x - left);
  const lower = at(top + 1, left) + (at(top + 1, left + 1) - at(top + 1, left)) * (x - left);
  return upper + (lower - upper) * (y - top);
}

function darkOnLight(values, columns) {
  const level = otsu(values);
  const edge = values.filter((_, i) => i < columns || i >= values.length - columns || i % columns === 0 || i % columns === columns - 1);
  const dark = edge.filter((value) => value <= level).length > edge.length / 2;
  const turned = dark ? values.map((value) => 255 - value) : values;
  const sorted = Float32Array.from(turned).sort();
  const [low, high] = [sorted[Math.floor(0.01 * sorted.length)], sorted[Math.floor(0.95 * sorted.length)]];
  if (high - low < 12) return turned.fill(255); // nothing but paper
  return turned.map((value) => Math.round(Math.min(255, Math.max(0, ((value - low) * 255) / (high - low)))));
}

// The grey that parts ink from paper best (Otsu 1979).
function otsu(values) {
  const counts = new Float64Array(256);
  for (const value of values) counts[Math.round(value)] += 1;
  const total = counts.reduce((sum, count, grey) => sum + count * grey, 0);
  let [below, sum, best, level] = [0, 0, -1, 0];
  for (let grey = 0; grey < 255; grey++) {
    below += counts[grey];
    sum += counts[grey] * grey;
    const above = values.length - below;
    if (!below || !above) continue;
    const between = below * above * (sum / below - (total - sum) / above) ** 2;
    if (between > best) [best, level] = [between, grey];
  }
  return level;
}

// The text of the reader's probabilities: the best path, repetitions and blanks (class 0) left out, and the letters' mean probability.
export function decode({ shape: [, steps, classes], values }, labels) {
  const path = bestPath(values, steps, classes, labels);
  const letters = [];
  for (let step = 0; step < steps; step++) {
    const [number, last] = [path[step], letters.at(-1)];
    if (!number) continue;
    const chance = values[step * classes + number];
    if (step && path[step - 1] === number) last.peak = Math.max(last.peak, chance);
    else letters.push({ number, peak: chance });
  }
  const score = letters.reduce((sum, { peak }) => sum + peak, 0) / Math.max(1, letters.length);
  return { text: letters.map(({ number }) => labels[number - 1]).join(""), score };
}

// The class at each step of the path with the highest probability, where a script that does not follow within a word costs
// something, and a letter without a blank before it: what labs/kinds/text.py's best_path does.
function bestPath(values, steps, classes, labels) {
  const used = [];
  for (let number = 1; number < classes; number++) {
    for (let step = 0; step < steps; step++) {
      if (values[step * classes + number] <= UNLIKELY) continue;
      used.push(number);
      break;
    }
  }
  const count = used.length;
  const scripts = used.map((number) => scriptOf(labels[number - 1]));
  const change = (a, b) => (!scripts[a] || !scripts[b] || NATURAL[scripts[a]].includes(scripts[b]) ? 0 : PRICE);
  // places: in a letter; in the blank after it; in the blank before all of them
  const cost = (from, to) => {
    if (from === to || (from < count && to === from + count)) return 0;
    if (to >= count) return Infinity;
    if (from === 2 * count) return 0;
    return from < count ? PRICE + change(from, to) : change(from - count, to);
  };
  const places = 2 * count + 1;
  const costs = Array.from({ length: places }, (_, from) => Array.from({ length: places }, (_, to) => cost(from, to)));
  let best = [...Array(places - 1).fill(-Infinity), 0];
  const came = [];
  for (let step = 0; step < steps; step++) {
    const next = Array(places).fill(-Infinity);
    const before = Array(places).fill(0);
    for (let from = 0; from < places; from++) {
      for (let to = 0; to < places; to++) {
        const way = best[from] - costs[from][to];
        if (way > next[to]) [next[to], before[to]] = [way, from];
      }
    }
    best = next.map((way, place) => way + Math.log(values[step * classes + (used[place] ?? 0)] + 1e-6));
    came.push(before);
  }
  let place = best.indexOf(most(best));
  const path = [];
  for (const before of came.reverse()) {
    path.push(used[place] ?? 0);
    place = before[place];
  }
  return path.reverse();
}

function scriptOf(letter) {
  const ranges = { 한: /[가-힣]/, a: /[a-z]/, A: /[A-Z]/, 1: /[0-9]/ };
  return Object.keys(ranges).find((name) => ranges[name].test(letter)) ?? "";
}
