// From a picture's pixels to what a network takes: labs/preprocess.py in JavaScript, the same numbers.
// A picture is {width, height, channels, data}, data: Uint8Array, row by row, RGB or grey.

// The network's input: {shape: [1, height, width, channels], values: Float32Array of 0..255}.
export function prepare(picture, card) {
  const [, height, width, channels] = card.inputs[0].shape;
  const sized = resize(toChannels(picture, channels), width ?? picture.width, height ?? picture.height);
  return { shape: [1, sized.height, sized.width, channels], values: Float32Array.from(sized.data) };
}

// Whether a model takes one picture; without `preprocessing` in its card it takes something else.
export function takesPicture(card) {
  const { shape } = card.inputs[0];
  return Boolean(card.preprocessing) && !card.preprocessing.rate && card.inputs.length === 1 && shape.length === 4 && [1, 3].includes(shape[3]);
}

// RGBA bytes of a canvas -> RGB picture, over white paper where they are transparent.
export function fromCanvasBytes({ width, height, data }) {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const opaque = data[from + 3] / 255;
    for (let c = 0; c < 3; c++) rgb[to++] = Math.round(data[from + c] * opaque + 255 * (1 - opaque));
  }
  return { width, height, channels: 3, data: rgb };
}

export function toChannels(picture, channels) {
  if (picture.channels === channels) return picture;
  const { width, height, data } = picture;
  const out = new Uint8Array(width * height * channels);
  if (channels === 3) {
    for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / 3)];
  } else {
    for (let i = 0, p = 0; i < out.length; i++, p += 3) {
      out[i] = (data[p] * 9798 + data[p + 1] * 19235 + data[p + 2] * 3735 + 16384) >> 15; // OpenCV's luma, 15 bits
    }
  }
  return { width, height, channels, data: out };
}

// Shrink by averaging areas, enlarge by interpolation: OpenCV's INTER_AREA and INTER_LINEAR. Equal to
// the bit, but for an average that lies on the edge between two values: there it may be one beside.
export function resize(picture, width, height) {
  if (picture.width === width && picture.height === height) return picture;
  const shrinks = width * height < picture.width * picture.height;
  const both = width <= picture.width && height <= picture.height;
  const data = !shrinks ? interpolate(picture, width, height, middle)
    : both ? average(picture, width, height)
    : interpolate(picture, width, height, corner); // one side shrinks, the other grows
  return { width, height, channels: picture.channels, data };
}

// Each target pixel is the mean of the area that it covers.
function average({ width, height, channels, data }, toWidth, toHeight) {
  const columns = areas(width, toWidth);
  const rows = areas(height, toHeight);
  const store = width === 2 * toWidth && height === 2 * toHeight ? halfUp : halfToEven; // so does OpenCV
  const size = toWidth * channels;
  const out = new Uint8Array(toHeight * size);
  const sums = new Float32Array(size);
  const line = new Float32Array(size);
  let held = -1; // the source row that `line` holds, averaged in width
  for (let y = 0; y < toHeight; y++) {
    sums.fill(0);
    for (let tap = rows.first[y]; tap < rows.first[y + 1]; tap++) {
      if (held !== rows.index[tap]) across(data, (held = rows.index[tap]) * width * channels, channels, columns, line);
      for (let i = 0; i < size; i++) sums[i] += line[i] * rows.weight[tap];
    }
    for (let i = 0; i < size; i++) out[y * size + i] = store(sums[i]);
  }
  return out;
}

function across(data, offset, channels, { first, index, weight }, line) {
  for (let x = 0; x + 1 < first.length; x++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let tap = first[x]; tap < first[x + 1]; tap++) sum += data[offset + index[tap] * channels + c] * weight[tap];
      line[x * channels + c] = sum;
    }
  }
}

// Target pixel i is made of the source pixels index[k] by weight[k], k from first[i] to first[i + 1] - 1.
function areas(from, to) {
  const scale = from / to;
  const first = [0], index = [], weight = [];
  for (let i = 0; i < to; i++) {
    const start = i * scale, end = start + scale;
    const cell = Math.min(scale, from - start);
    const whole = Math.ceil(start), last = Math.min(Math.floor(end), from - 1);
    if (whole - start > 1e-3) index.push(whole - 1), weight.push((whole - start) / cell);
    for (let k = whole; k < last; k++) index.push(k), weight.push(1 / cell);
    if (end - last > 1e-3) index.push(last), weight.push(Math.min(end - last, 1, cell) / cell);
    first.push(index.length);
  }
  return { first: Int32Array.from(first), index: Int32Array.from(index), weight: Float32Array.from(weight) };
}

function halfUp(value) {
  return Math.floor(value + 0.5);
}

function halfToEven(value) {
  const rounded = Math.floor(value + 0.5);
  return rounded - value === 0.5 && rounded % 2 ? rounded - 1 : rounded;
}

// Between two pixels each way, in whole 2048ths, cut off where OpenCV cuts off.
function interpolate({ width, height, channels, data }, toWidth, toHeight, place) {
  const columns = neighbours(width, toWidth, place, true);
  const rows = neighbours(height, toHeight, place, false);
  const out = new Uint8Array(toWidth * toHeight * channels);
  let to = 0;
  for (const [top, bottom, topWeight, bottomWeight] of rows) {
    for (const [left, right, leftWeight, rightWeight] of columns) {
      for (let c = 0; c < channels; c++) {
        const at = (row, column) => data[(row * width + column) * channels + c];
        const upper = (at(top, left) * leftWeight + at(top, right) * rightWeight) >> 4;
        const lower = (at(bottom, left) * leftWeight + at(bottom, right) * rightWeight) >> 4;
        out[to++] = (((upper * topWeight) >> 16) + ((lower * bottomWeight) >> 16) + 2) >> 2;
      }
    }
  }
  return out;
}

function neighbours(from, to, place, stopAtEdge) {
  return Array.from({ length: to }, (_, i) => {
    let [left, part] = place(i, from / to);
    if (stopAtEdge && left < 0) [left, part] = [0, 0];
    if (stopAtEdge && left >= from - 1) [left, part] = [from - 1, 0];
    const inside = (k) => Math.min(Math.max(k, 0), from - 1);
    return [inside(left), inside(left + 1), halfToEven((1 - part) * 2048), halfToEven(part * 2048)];
  });
}

function middle(i, scale) {
  const at = Math.fround((i + 0.5) * scale - 0.5);
  return [Math.floor(at), at - Math.floor(at)];
}

function corner(i, scale) {
  const left = Math.floor(i * scale);
  const part = Math.fround(i + 1 - (left + 1) / scale);
  return [left, part <= 0 ? 0 : part - Math.floor(part)];
}
