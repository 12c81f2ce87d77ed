// Why the network says so: the class activation map, drawn over the picture.

// What each place of the last feature maps adds to the score of each class.
// features: {shape: [1, h, w, c], values}; matrices: [{shape, values, transposed}] of the layers after them,
// last first; the earliest has a row a feature, or a feature and place when the network flattens.
// Returns (class) -> {width, height, values}; null when the shapes do not fit.
export function activationMaps({ shape, values: features }, matrices, classes) {
  const [, height, width, channels] = shape;
  const rows = (matrix) => matrix.shape[matrix.transposed ? 1 : 0];
  const everyPlace = rows(matrices.at(-1)) !== channels;
  if (shape.length !== 4 || (everyPlace && rows(matrices.at(-1)) !== channels * width * height)) return null;
  return (label) => {
    const weights = column(matrices, label, classes);
    const values = new Float32Array(width * height);
    for (let place = 0; place < values.length; place++) {
      for (let c = 0; c < channels; c++) {
        values[place] += features[place * channels + c] * weights[everyPlace ? place * channels + c : c];
      }
    }
    return { width, height, values };
  };
}

// The weight of every feature for one class: the class's column, taken back through the matrices.
function column(matrices, label, classes) {
  const [last] = matrices;
  const single = last.shape[last.transposed ? 0 : 1] === 1 && classes === 2; // one sigmoid speaks for the second label
  let weights = single ? [label === 0 ? -1 : 1] : Array.from({ length: classes }, (_, i) => Number(i === label));
  for (const { shape, values, transposed } of matrices) {
    const [rows, columns] = transposed ? [shape[1], shape[0]] : shape;
    const at = (row, i) => values[transposed ? i * rows + row : row * columns + i];
    const before = weights;
    const used = [...before.keys()].filter((i) => before[i] !== 0);
    weights = Float32Array.from({ length: rows }, (_, row) => used.reduce((sum, i) => sum + at(row, i) * before[i], 0));
  }
  return weights;
}

// The maps that a network gives itself: an output {shape: [1, h, w, labels], values}, as labs.explain.grad_cam_network
// appends it. Returns (label) -> {width, height, values}.
export function ownMaps({ shape: [, height, width, labels], values }) {
  return (label) => ({ width, height, values: Float32Array.from({ length: width * height }, (_, place) => values[place * labels + label]) });
}

// The part of a map that speaks for the class, 0..1.
export function positive({ values }) {
  const most = Math.max(...values, 1e-9);
  return Array.from(values, (value) => Math.max(0, value) / most);
}

// Dark violet to yellow: five stops of the "plasma" map of matplotlib (van der Walt and Smith, CC0).
const STOPS = [[13, 8, 135], [126, 3, 168], [204, 71, 120], [248, 149, 64], [240, 249, 33]];

export function colour(value) {
  const at = Math.min(Math.max(value, 0), 1) * (STOPS.length - 1);
  const left = Math.min(Math.floor(at), STOPS.length - 2);
  return STOPS[left].map((from, i) => Math.round(from + (STOPS[left + 1][i] - from) * (at - left)));
}

// Paint a map into a canvas of one pixel a place; CSS enlarges it over the picture.
export function paint(canvas, map) {
  canvas.width = map.width;
  canvas.height = map.height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(map.width, map.height);
  positive(map).forEach((value, i) => image.data.set([...colour(value), 255 * (0.25 + 0.75 * value)], 4 * i));
  context.putImageData(image, 0, 0);
}
