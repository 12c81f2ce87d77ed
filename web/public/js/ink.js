// From strokes or a photographed page to the picture that a network of ink learnt from: white on black,
// moved to the middle and brought to the usual size.
import { isSyllable } from "./jamo.js";
import { resize, toChannels } from "./preprocess.js";

const FINE = 4; // strokes are drawn this much larger, then averaged down

// Where the training pictures have their ink, as parts of the width.
// MNIST: 20 of 28 pixels, the centre of mass in the middle (LeCun et al., 1998). Hangul: labs/hangul/fields.py, strokes.py.
const DIGITS = { size: 20 / 28, pen: 2.4 / 28, byMass: true };
const HANGUL = { size: 46 / 64, pen: 3.4 / 64, byMass: false };

export function frameOf(labels) {
  return isSyllable(labels[0]) ? HANGUL : DIGITS;
}

// strokes: [[{x, y}, ...], ...] in any unit. A grey picture of the card's size, or null when there is no ink.
export function strokesPicture(strokes, width, height, frame) {
  const points = strokes.flat();
  if (!points.length) return null;
  const { left, top, across } = box(points);
  const side = width * FINE;
  const canvas = new OffscreenCanvas(side, height * FINE);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const pen = frame.pen * side;
  const scale = (frame.size * side - pen) / Math.max(across.x, across.y, 1e-6);
  const place = Math.min(scale, side); // a lone dot stays a dot
  const middle = { x: left + across.x / 2, y: top + across.y / 2 };
  const target = ({ x, y }) => [side / 2 + (x - middle.x) * place, (height * FINE) / 2 + (y - middle.y) * place];
  context.fillStyle = "black";
  context.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(context, { strokeStyle: "white", lineWidth: pen, lineCap: "round", lineJoin: "round" });
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(...target(stroke[0]));
    for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) context.lineTo(...target(point));
    context.stroke();
  }
  const bytes = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const ink = { width: side, height: height * FINE, channels: 1, data: bytes.filter((_, i) => i % 4 === 0) };
  return resize(frame.byMass ? centred(ink) : ink, width, height);
}

function box(points) {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs), top = Math.min(...ys);
  return { left, top, across: { x: Math.max(...xs) - left, y: Math.max(...ys) - top } };
}

// The same ink with its centre of mass in the middle.
function centred({ width, height, data, ...rest }) {
  let mass = 0, sumX = 0, sumY = 0;
  data.forEach((value, i) => {
    mass += value;
    sumX += value * (i % width);
    sumY += value * Math.floor(i / width);
  });
  const right = Math.round((width - 1) / 2 - sumX / mass);
  const down = Math.round((height - 1) / 2 - sumY / mass);
  const moved = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - right, y - down];
      if (fromX >= 0 && fromX < width && fromY >= 0 && fromY < height) moved[y * width + x] = data[fromY * width + fromX];
    }
  }
  return { ...rest, width, height, data: moved };
}

// Ink on paper, photographed: darker than its surroundings becomes white on black, and the ink's own
// box is brought to the usual size. null when nothing stands out.
export function paperPicture(picture, width, height, frame) {
  const grey = toChannels(picture, 1);
  const side = 192; // pixels of the longer side: enough for ink, quick to average
  const shrink = Math.min(1, side / Math.max(grey.width, grey.height));
  const small = resize(grey, Math.max(1, Math.round(grey.width * shrink)), Math.max(1, Math.round(grey.height * shrink)));
  const ink = darker(small);
  const marked = [];
  ink.forEach((value, i) => value > 96 && marked.push({ x: i % small.width, y: Math.floor(i / small.width) }));
  if (marked.length < 12 || marked.length > ink.length / 2) return null;
  const { left, top, across } = box(marked);
  const room = Math.round(Math.max(across.x, across.y, 8) / frame.size);
  const square = new Uint8Array(room * room);
  const [moveX, moveY] = [Math.round((room - across.x) / 2 - left), Math.round((room - across.y) / 2 - top)];
  for (const { x, y } of marked) square[(y + moveY) * room + x + moveX] = ink[y * small.width + x];
  const framed = { width: room, height: room, channels: 1, data: square };
  return resize(frame.byMass ? centred(framed) : framed, width, height);
}

// How much darker than the mean of its surroundings each pixel is: 0 for paper, 255 for ink.
function darker({ width, height, data }) {
  const reach = Math.ceil(Math.max(width, height) / 6);
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      row += data[y * width + x];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  return Uint8Array.from(data, (value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [x0, x1] = [Math.max(0, x - reach), Math.min(width, x + reach)];
    const [y0, y1] = [Math.max(0, y - reach), Math.min(height, y + reach)];
    const at = (row, column) => sums[row * (width + 1) + column];
    const mean = (at(y1, x1) - at(y0, x1) - at(y1, x0) + at(y0, x0)) / ((x1 - x0) * (y1 - y0));
    return Math.max(0, Math.min(255, (0.85 - value / mean) * 2 * 255));
  });
}
