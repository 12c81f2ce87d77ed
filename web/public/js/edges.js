// A page's corners made exact by its edges in the full photograph: labs/kinds/page.py in JavaScript, which tells how.
import { solve } from "./homography.js";

const ALONG = 64, ACROSS = 41; // samples of a strip along a side
const REACH = 0.04, FARTHEST = 0.05; // of the page's diagonal: a strip's half width, how far a corner may go
const WINDOW = 3, TRUST = 0.5, PART = 0.4, WEAK = 4;

// picture: {width, height, channels, data}; corners: four [x, y] in its pixels, going round the page. The same, moved to where its edges meet.
export function refine(picture, corners) {
  const ends = corners.map((_, i) => corners[(i + 1) % 4]);
  const diagonal = (distance(corners[0], corners[2]) + distance(corners[1], corners[3])) / 2;
  if (Math.min(...corners.map((corner, i) => distance(corner, ends[i]))) < 8) return corners;
  const sides = corners.map((start, i) => edge(picture, start, ends[i], Math.max(REACH * diagonal, 4)));
  return corners.map((corner, i) => {
    const met = meeting(sides[(i + 3) % 4], sides[i], corner);
    return met && distance(met, corner) < FARTHEST * diagonal ? met : corner;
  });
}

// How far inside the straight side the edge runs, in pixels, at each place along it, and how strong it is.
function edge(picture, start, end, reach) {
  const side = minus(end, start);
  const rows = strip(picture, start, side, reach);
  const colour = (part) => [0, 1, 2].map((c) => median(part.flatMap((row) => row.map((pixel) => pixel[c]))));
  const [outside, inside] = [colour(rows.slice(0, 16)), colour(rows.slice(-16))];
  const toward = inside.map((value, c) => value - outside[c]);
  const size = Math.hypot(...toward) + 1e-6;
  const grey = rows.map((row) => row.map((pixel) => pixel.reduce((sum, value, c) => sum + (value * toward[c]) / size, 0)));
  const depth = (row) => -reach + (2 * reach * (row + WINDOW - 0.5)) / (ACROSS - 1); // between two samples
  const step = Array.from({ length: ACROSS - 2 * WINDOW + 1 }, (_, row) => grey[0].map((_, column) => {
    let sum = 0;
    for (let i = 0; i < WINDOW; i++) sum += grey[row + WINDOW + i][column] - grey[row + i][column];
    return Math.max(sum / WINDOW, 0);
  }));
  const near = step.map((row, i) => row.map((value) => value * Math.exp(-0.5 * (depth(i) / (TRUST * reach)) ** 2)));
  const way = path(near);
  const depths = way.map((row, column) => {
    const inner = Math.min(Math.max(row, 1), step.length - 2);
    const [above, here, below] = [-1, 0, 1].map((shift) => step[inner + shift][column]);
    const bow = above - 2 * here + below; // the summit of a parabola through three samples
    const shift = bow < -1e-6 ? (0.5 * (above - below)) / bow : 0;
    return depth(inner) + Math.min(Math.max(shift, -0.5), 0.5) * ((2 * reach) / (ACROSS - 1));
  });
  return { start, side, depths, strength: way.map((row, column) => step[row][column]) };
}

// The side's neighbourhood put straight, outside first: rows of [r, g, b], each the mean of five samples along the side.
function strip(picture, start, side, reach) {
  const inward = across(side);
  return Array.from({ length: ACROSS }, (_, row) => {
    const deep = -reach + (2 * reach * row) / (ACROSS - 1);
    const samples = Array.from({ length: ALONG }, (_, column) =>
      sample(picture, ...[0, 1].map((axis) => start[axis] + ((column + 0.5) / ALONG) * side[axis] + deep * inward[axis])));
    return samples.map((_, column) => [0, 1, 2].map((c) => {
      let sum = 0;
      for (let i = -2; i <= 2; i++) sum += samples[Math.min(Math.max(column + i, 0), ALONG - 1)][c];
      return sum / 5;
    }));
  });
}

// The colour at a place between pixels; beyond the picture its border's.
function sample({ width, height, channels, data }, x, y) {
  const [left, top] = [Math.min(Math.max(x - 0.5, 0), width - 1), Math.min(Math.max(y - 0.5, 0), height - 1)];
  const [column, row] = [Math.floor(left), Math.floor(top)];
  const [right, below] = [Math.min(column + 1, width - 1), Math.min(row + 1, height - 1)];
  return [0, 1, 2].map((c) => {
    const at = (v, u) => data[(v * width + u) * channels + (channels === 3 ? c : 0)];
    const upper = at(row, column) * (1 - (left % 1)) + at(row, right) * (left % 1);
    const lower = at(below, column) * (1 - (left % 1)) + at(below, right) * (left % 1);
    return upper * (1 - (top % 1)) + lower * (top % 1);
  });
}

// The row of each column on the way from left to right whose sum is largest; from column to column it moves one row at most.
function path(strength) {
  let total = strength.map((row) => row[0]);
  const came = [];
  for (let column = 1; column < ALONG; column++) {
    const moves = total.map((value, row) => [0, -1, 1].reduce((best, move) =>
      (total[row + move] ?? -Infinity) > (total[row + best] ?? -Infinity) ? move : best, 0));
    came.push(moves);
    total = total.map((_, row) => total[row + moves[row]] + strength[row][column]);
  }
  const way = [total.indexOf(Math.max(...total))];
  for (const moves of came.reverse()) way.unshift(way[0] + moves[way[0]]);
  return way;
}

// Where the end of one side meets the beginning of the next, [x, y]; null where an edge is too weak.
function meeting(before, after, corner) {
  const curves = [];
  for (const [{ start, side, depths, strength }, end] of [[before, 1], [after, 0]]) {
    const near = depths.map((_, i) => i).filter((i) => Math.abs((i + 0.5) / ALONG - end) < PART);
    if (median(near.map((i) => strength[i])) < WEAK) return null;
    curves.push({ start, side, end, bend: parabola(near.map((i) => (i + 0.5) / ALONG), near.map((i) => depths[i]), near.map((i) => strength[i])) });
  }
  let place = corner;
  for (let round = 0; round < 4; round++) { // the tangents where the last place stands meet in a better one
    const rows = curves.map(({ start, side, end, bend: [bent, steep, shift] }) => {
      const at = Math.min(Math.max(dot(minus(place, start), side) / dot(side, side), end - 0.2), end + 0.2);
      const inward = across(side);
      const [deep, slope] = [(bent * at + steep) * at + shift, 2 * bent * at + steep];
      const normal = across([0, 1].map((axis) => side[axis] + slope * inward[axis]));
      return [...normal, dot(normal, [0, 1].map((axis) => start[axis] + at * side[axis] + deep * inward[axis]))];
    });
    if (Math.abs(rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]) < 0.2) return null; // nearly the same direction
    place = solve(rows);
  }
  return place;
}

// [a, b, c] of a x² + b x + c through the points; what lies far off counts less (Huber, 1964).
function parabola(along, inside, strength) {
  const powers = along.map((t) => [t * t, t, 1]);
  const scale = 1.5 * median(inside.slice(1).map((value, i) => Math.abs(value - inside[i]))) + 0.2;
  let found, weight = strength.map((value) => value + 1e-3);
  for (let round = 0; round < 8; round++) {
    const sum = (of) => powers.reduce((total, _, i) => total + weight[i] * of(i), 0);
    found = solve([0, 1, 2].map((r) => [...[0, 1, 2].map((c) => sum((i) => powers[i][r] * powers[i][c])), sum((i) => powers[i][r] * inside[i])]));
    weight = strength.map((value, i) => (value + 1e-3) / Math.max(1, Math.abs(dot(powers[i], found) - inside[i]) / scale));
  }
  return found;
}

const minus = (a, b) => a.map((value, i) => value - b[i]);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const distance = (a, b) => Math.hypot(...minus(a, b));
const across = ([x, y]) => [-y / Math.hypot(x, y), x / Math.hypot(x, y)];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
