// A picture halved and doubled by bicubic interpolation, cut into tiles for a network that draws pictures, and compared.
// A picture is {width, height, channels, data}, data: Uint8Array, row by row.

// Half as large, with antialiasing, or twice as large: Keys' cubic, as TensorFlow's tf.image.resize(..., "bicubic", antialias=True).
export function bicubic(picture, width, height) {
  const { channels } = picture;
  const across = taps(picture.width, width), down = taps(picture.height, height);
  const size = width * channels;
  const narrow = new Float32Array(picture.height * size);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [from, weight] of across[x]) {
        for (let c = 0; c < channels; c++) narrow[y * size + x * channels + c] += weight * picture.data[(y * picture.width + from) * channels + c];
      }
    }
  }
  const data = new Uint8ClampedArray(height * size); // rounds and cuts off
  const line = new Float32Array(size);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (const [from, weight] of down[y]) for (let i = 0; i < size; i++) line[i] += weight * narrow[from * size + i];
    data.set(line, y * size);
  }
  return { width, height, channels, data };
}

// For each new pixel the old ones that it is made of: [[place, weight], ...]; weights add up to 1 also at the edge.
function taps(from, to) {
  const scale = from / to, stretch = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const middle = (i + 0.5) * scale - 0.5;
    const pairs = [];
    for (let k = Math.max(0, Math.ceil(middle - 2 * stretch)); k <= Math.min(from - 1, Math.floor(middle + 2 * stretch)); k++) pairs.push([k, cubic(Math.abs(k - middle) / stretch)]);
    const sum = pairs.reduce((all, [, weight]) => all + weight, 0);
    return pairs.map(([k, weight]) => [k, weight / sum]);
  });
}

function cubic(x) {
  return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

// The places of the tiles that cover a picture, [{x, y}]: tiles overlap by twice the margin, as in labs/kinds/picture.py.
export function places({ width, height }, tile, margin) {
  const step = tile - 2 * margin;
  const along = (size) => Array.from({ length: Math.ceil(size / step) }, (_, i) => i * step);
  return along(height).flatMap((y) => along(width).map((x) => ({ x, y })));
}

// The network's input for one tile; beyond its edge the picture's last pixels go on.
export function tileAt({ width, height, channels, data }, { x, y }, tile, margin) {
  const values = new Float32Array(tile * tile * channels);
  const inside = (place, size) => Math.min(Math.max(place - margin, 0), size - 1);
  for (let row = 0, to = 0; row < tile; row++) {
    const start = inside(y + row, height) * width;
    for (let column = 0; column < tile; column++) {
      const from = (start + inside(x + column, width)) * channels;
      for (let c = 0; c < channels; c++) values[to++] = data[from + c];
    }
  }
  return { shape: [1, tile, tile, channels], values };
}

// Put what the network said of a tile into the picture, without its margin. shape: [1, height, width, channels].
export function paste(picture, { x, y }, { values, shape: [, height, width] }, scale, margin) {
  const { channels } = picture;
  const edge = scale * margin;
  const [left, top] = [scale * x, scale * y];
  const columns = Math.min(width - 2 * edge, picture.width - left), rows = Math.min(height - 2 * edge, picture.height - top);
  for (let row = 0; row < rows; row++) {
    const from = ((row + edge) * width + edge) * channels;
    picture.data.set(values.subarray(from, from + columns * channels), ((top + row) * picture.width + left) * channels); // Uint8Clamped: rounded, cut off
  }
  return { left, top, columns, rows };
}

// Peak signal-to-noise ratio of two pictures of a size, in decibels.
export function psnr(one, other) {
  let sum = 0;
  for (let i = 0; i < one.data.length; i++) sum += (one.data[i] - other.data[i]) ** 2;
  return sum ? 10 * Math.log10((255 ** 2 * one.data.length) / sum) : Infinity;
}
