// Scenes of a drawn shape and a handwritten digit, and what is true of them: labs/data/scenes.py in JavaScript.
import { resize } from "./preprocess.js";

export const SIDE = 48;
export const FACTS = {
  size: ["small", "large"],
  colour: ["red", "green", "blue", "yellow"],
  form: ["circle", "square", "triangle"],
  place: ["left", "right", "above", "below"],
  digit: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
};
const KOREAN = [["작은", "큰"], ["빨간", "초록", "파란", "노란"], ["원", "사각형", "삼각형"]];
const FROM_THE_SHAPE = ["오른쪽", "왼쪽", "아래", "위"];
const SUBJECT = "이이가이가가이이이가"; // 이 or 가 after 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구
const GLUED = ["이", "가", "의", "에"];
const COLOURS = [[220, 50, 50], [50, 180, 70], [60, 90, 230], [235, 205, 50]];
const STEPS = [[-1, 0], [1, 0], [0, -1], [0, 1]];

// The words that are true of five facts, numbers into FACTS, in "en" or "ko".
export function sentence([size, colour, form, place, digit], language) {
  const { size: sizes, colour: colours, form: forms, place: places } = FACTS;
  if (language === "en") return ["a", sizes[size], colours[colour], forms[form], "is", places[place], ...(place < 2 ? ["of"] : []), "the", "digit", String(digit)];
  return ["숫자", String(digit), SUBJECT[digit], KOREAN[0][size], KOREAN[1][colour], KOREAN[2][form], "의", FROM_THE_SHAPE[place], "에", "있습니다"];
}

// Whether a word is written without a blank before it.
export function glued(word) {
  return GLUED.includes(word);
}

export function text(words) {
  return words.map((word, i) => (i && !glued(word) ? ` ${word}` : word)).join("");
}

// A picture of five facts, with where its two things lie: {picture, boxes: {shape, digit}}, boxes [left, top, right, bottom] in pixels.
// digit: 28x28 grey pixels, white on black; random(): a number of 0 to 1.
export function compose([size, colour, form, place], digit, random = Math.random) {
  const whole = (low, high) => low + Math.floor(random() * (high - low)); // low to high - 1, as NumPy's
  const across = size ? whole(16, 20) : whole(8, 11), tall = whole(18, 23);
  const gap = (across + tall) / 2 + whole(0, 5), aside = whole(-5, 6);
  const apart = STEPS[place].map((step, axis) => step * gap + aside * Math.abs(STEPS[place][1 - axis]));
  const middle = apart.map((far) => {
    const low = Math.max(tall / 2, across / 2 - far), high = Math.min(SIDE - tall / 2, SIDE - across / 2 - far);
    return low + random() * Math.max(high - low, 0);
  });
  const ground = [0, 1, 2].map(() => whole(20, 90));
  const values = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => ground[i % 3] + 6 * normal(random));
  const [left, top] = middle.map((centre) => Math.min(Math.max(Math.round(centre - tall / 2), 0), SIDE - tall));
  const ink = resize({ width: 28, height: 28, channels: 1, data: digit }, tall, tall).data;
  const white = whole(200, 256);
  ink.forEach((grey, i) => blend(values, left + (i % tall), top + Math.floor(i / tall), grey / 255, [white, white, white]));
  const tint = COLOURS[colour].map((value) => Math.min(255, Math.max(0, value + whole(-25, 26))));
  const centre = middle.map((value, axis) => value + apart[axis]), half = across / 2;
  drawShape(values, form, centre, half, tint);
  const data = Uint8Array.from(values, (value) => Math.min(255, Math.max(0, value)));
  const boxes = { shape: [centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half], digit: [left, top, left + tall, top + tall] };
  return { picture: { width: SIDE, height: SIDE, channels: 3, data }, boxes };
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function blend(values, x, y, part, tint) {
  for (let c = 0; c < 3; c++) values[3 * (y * SIDE + x) + c] += part * (tint[c] - values[3 * (y * SIDE + x) + c]);
}

// Whole pixels, as OpenCV fills them.
function drawShape(values, form, [x, y], half, tint) {
  const [left, middle, right] = [x - half, x, x + half].map(Math.round);
  const [top, bottom] = [y - half, y + half].map(Math.round);
  const radius = Math.round(half), side = 0.9 * half;
  const reach = (v, across) => (across * (v - top)) / (bottom - top) + 0.5;
  const inside = [
    (u, v) => Math.hypot(u - middle, v - Math.round(y)) <= radius,
    (u, v) => u >= Math.round(x - side) && u <= Math.round(x + side) && v >= Math.round(y - side) && v <= Math.round(y + side),
    (u, v) => v >= top && v <= bottom && u >= middle - reach(v, middle - left) && u <= middle + reach(v, right - middle),
  ][form];
  for (let i = 0; i < SIDE * SIDE; i++) if (inside(i % SIDE, Math.floor(i / SIDE))) blend(values, i % SIDE, Math.floor(i / SIDE), 1, tint);
}

// Of the weights of the places of a square grid, the share that lies on or near each box: a place belongs to the nearest one.
export function shares(weights, boxes, near = 6) {
  const places = Math.sqrt(weights.length), width = SIDE / places;
  const found = Object.fromEntries(Object.keys(boxes).map((name) => [name, 0]));
  weights.forEach((weight, i) => {
    const [x, y] = [i % places, Math.floor(i / places)].map((number) => (number + 0.5) * width);
    const away = ([left, top, right, bottom]) => Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const [[name, box]] = Object.entries(boxes).sort((a, b) => away(a[1]) - away(b[1]));
    if (away(box) <= near) found[name] += weight;
  });
  return found;
}
