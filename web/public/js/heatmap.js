// Why the network says so: the class activation map, drawn over the picture.

// What each place of the last feature maps adds to the score of each class.
// features: {shape: [1, h, w, c], values}; weights: {shape, values} of the last layer, one row a feature
// (or one a feature and place, when the network flattens). Returns (class) -> {width, height, values}.
export function activationMaps(features, weights, transposed, classes) {
  const [, height, width, channels] = features.shape;
  const outputs = transposed ? weights.shape[0] : weights.shape[1];
  const rows = transposed ? weights.shape[1] : weights.shape[0];
  if (rows !== channels && rows !== channels * width * height) return null;
  const everyPlace = rows !== channels;
  return (label) => {
    const sigmoid = outputs === 1 && classes === 2;
    const column = sigmoid ? 0 : label;
    const sign = sigmoid && label === 0 ? -1 : 1; // one output speaks for the second label
    const values = new Float32Array(width * height);
    for (let place = 0; place < values.length; place++) {
      for (let c = 0; c < channels; c++) {
        const row = everyPlace ? place * channels + c : c;
        const weight = weights.values[transposed ? column * rows + row : row * outputs + column];
        values[place] += sign * features.values[place * channels + c] * weight;
      }
    }
    return { width, height, values };
  };
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
