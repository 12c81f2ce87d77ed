// From strokes or a photographed page to the picture that a network of ink learnt from: white on black,
// moved to the middle and brought to the usual size.
import { isSyllable } from "./jamo.js";
import { resize, toChannels } from "./preprocess.js";

const PAPER = 160; // pixels of a photographed page's longer side: enough for ink, quick to average
const FAINT = 96; // ink below this is the paper's grain
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
  const shrink = Math.min(1, PAPER / Math.max(grey.width, grey.height));
  const small = resize(grey, Math.max(1, Math.round(grey.width * shrink)), Math.max(1, Math.round(grey.height * shrink)));
  const ink = darker(small);
  let [count, left, top, right, bottom] = [0, small.width, small.height, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] <= FAINT) continue;
    const x = i % small.width, y = (i - x) / small.width;
    count++;
    left = Math.min(left, x), right = Math.max(right, x);
    top = Math.min(top, y), bottom = Math.max(bottom, y);
  }
  if (count < 12 || count > ink.length / 2) return null;
  const room = Math.round(Math.max(right - left, bottom - top, 8) / frame.size);
  const square = new Uint8Array(room * room);
  const [moveX, moveY] = [Math.round((room - right - left) / 2), Math.round((room - bottom - top) / 2)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const value = ink[y * small.width + x];
      if (value > FAINT) square[(y + moveY) * room + x + moveX] = value;
    }
  }
  const framed = { width: room, height: room, channels: 1, data: square };
  return resize(frame.byMass ? centred(framed) : framed, width, height);
}

// How much darker than the mean of its surroundings each pixel is: 0 for paper, 255 for ink.
function darker({ width, height, data }) {
  const reach = Math.ceil(Math.max(width, height) / 6);
  const line = width + 1;
  const sums = new Float64Array(line * (height + 1)); // of everything above and to the left
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0; x < width; x++) {
      row += data[y * width + x];
      sums[(y + 1) * line + x + 1] = sums[y * line + x + 1] + row;
    }
  }
  const ink = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - reach), below = Math.min(height, y + reach);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach), right = Math.min(width, x + reach);
      const sum = sums[below * line + right] - sums[above * line + right] - sums[below * line + left] + sums[above * line + left];
      const part = (data[y * width + x] * (below - above) * (right - left)) / sum;
      ink[y * width + x] = Math.max(0, Math.min(255, (0.85 - part) * 510));
    }
  }
  return ink;
}
