// What if the network could not see this? A square of the picture's mean colour moves over it; many at once.

// input: {shape: [1, height, width, channels], values}; probabilities: that of each label, uncovered;
// ask(input): the probabilities of a batch of pictures, one array each; across: cells along the longer side;
// progress(part): 0..1, returns false to stop. Returns (label) -> {width, height, values}: how much the label's
// probability falls when a cell is covered, the mean over the squares (of two by two cells) that cover it; null
// when stopped.
export async function occlusionMaps(input, probabilities, ask, { across = 10, batch = 16, progress = () => true } = {}) {
  const [, height, width, channels] = input.shape;
  const stride = Math.max(1, Math.ceil(Math.max(height, width) / across));
  const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  const squares = [];
  for (let row = 0; row < Math.max(1, rows - 1); row++) {
    for (let column = 0; column < Math.max(1, columns - 1); column++) squares.push([row, column]);
  }
  const colour = mean(input.values, channels);
  const falls = probabilities.map(() => new Float32Array(rows * columns));
  const times = new Float32Array(rows * columns);
  for (let first = 0; first < squares.length; first += batch) {
    if (progress(first / squares.length) === false) return null;
    const part = squares.slice(first, first + batch);
    const values = new Float32Array(part.length * input.values.length);
    part.forEach(([row, column], i) => {
      const one = values.subarray(i * input.values.length, (i + 1) * input.values.length);
      one.set(input.values);
      cover(one, [height, width, channels], [row * stride, column * stride, 2 * stride], colour);
    });
    const answers = await ask({ shape: [part.length, height, width, channels], values });
    answers.forEach((answer, i) => {
      const [row, column] = part[i];
      for (const cell of [[row, column], [row, column + 1], [row + 1, column], [row + 1, column + 1]]) {
        if (cell[0] >= rows || cell[1] >= columns) continue;
        const at = cell[0] * columns + cell[1];
        times[at] += 1;
        falls.forEach((fall, label) => (fall[at] += probabilities[label] - answer[label]));
      }
    });
  }
  for (const fall of falls) fall.forEach((sum, at) => (fall[at] = sum / times[at]));
  return (label) => ({ width: columns, height: rows, values: falls[label] });
}

function mean(values, channels) {
  const sums = new Array(channels).fill(0);
  for (let i = 0; i < values.length; i++) sums[i % channels] += values[i];
  return sums.map((sum) => (sum * channels) / values.length);
}

function cover(values, [height, width, channels], [top, left, size], colour) {
  for (let y = top; y < Math.min(height, top + size); y++) {
    for (let x = left; x < Math.min(width, left + size); x++) {
      for (let c = 0; c < channels; c++) values[(y * width + x) * channels + c] = colour[c];
    }
  }
}
