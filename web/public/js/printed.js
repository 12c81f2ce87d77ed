// Syllables as they are printed, the way lab 15b's network has learnt them: 64x64, white on black, the ink in the middle,
// a usual syllable 46 pixels high or wide (labs/hangul/fields.py).
export const SIZE = 64;
const INK = 46;
const USUAL = "가는달력말방새음자한";

// Draws a syllable in the family, which has to be loaded; wander: how far from straight, 0 to 1, by four numbers of -1 to 1.
// Returns Float32Array of SIZE x SIZE values, 0..255.
export function printed(syllable, family, wander = 0, [turn, size, across, down] = [0, 0, 0, 0]) {
  const context = new OffscreenCanvas(SIZE, SIZE).getContext("2d", { willReadFrequently: true });
  context.font = `${pointsOf(family)}px "${family}", sans-serif`;
  const box = boxOf(context, syllable);
  context.fillStyle = "white";
  context.translate(SIZE / 2 + 2 * wander * across, SIZE / 2 + 2 * wander * down);
  context.rotate((4 * wander * turn * Math.PI) / 180);
  const scale = 1 + wander * (0.06 * size - 0.02);
  context.scale(scale, scale);
  context.fillText(syllable, -(box.left + box.width / 2), -(box.top + box.height / 2));
  const { data } = context.getImageData(0, 0, SIZE, SIZE);
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => data[4 * i + 3]);
}

// Where the ink lies, from the point at which the text is drawn.
function boxOf(context, text) {
  const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right, actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = context.measureText(text);
  return { left: -left, top: -up, width: left + right, height: up + down };
}

const points = new Map();

// The size at which the family's usual syllable measures INK pixels.
export function pointsOf(family) {
  if (!points.has(family)) {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.font = `100px "${family}", sans-serif`;
    const sizes = [...USUAL].map((one) => boxOf(context, one)).map(({ width, height }) => Math.max(width, height)).sort((a, b) => a - b);
    points.set(family, (100 * INK) / sizes[sizes.length >> 1]);
  }
  return points.get(family);
}
