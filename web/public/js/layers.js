// Refocusing, as lab 17 does it: the picture in layers by depth, each blurred by its distance from the focus, laid over each other from far to near.

const WIDE = 14; // pixels of the blur that guesses what lies behind a near layer

// The layers from far to near. data: RGBA of width x height pixels; near: a number for each pixel, larger is nearer.
export function cut({ data, width, height }, near, count = 10) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of near) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const step = (high - low || 1) / count;
  const number = Uint8Array.from(near, (value) => Math.min(count - 1, Math.floor((value - low) / step)));
  const layers = [];
  for (let layer = 0; layer < count; layer++) {
    const solid = new Float32Array(4 * width * height); // its pixels' colours and a 1; 0 elsewhere
    for (let i = 0; i < number.length; i++) {
      if (number[i] !== layer) continue;
      for (let c = 0; c < 3; c++) solid[4 * i + c] = data[4 * i + c];
      solid[4 * i + 3] = 1;
    }
    if (!solid.some((value, i) => i % 4 === 3 && value)) continue;
    const wide = blurred(solid, width, height, 4, WIDE);
    // It goes on behind what stands before it, and fades out where its own pixels are too far away to guess from.
    const covers = Float32Array.from(number, (other, i) => (other > layer ? Math.min(1, 50 * wide[4 * i + 3]) : Number(other === layer)));
    layers.push({ middle: low + (layer + 0.5) * step, solid, wide, covers });
  }
  return { layers, width, height, low, high };
}

// RGBA, sharp at the nearness `focus`; strength: pixels of blur at the far end of the whole range.
export function refocus({ layers, width, height, low, high }, focus, strength) {
  const seen = new Float32Array(3 * width * height);
  layers.forEach(({ middle, solid, wide, covers }, place) => {
    const sigma = (strength * Math.abs(middle - focus)) / (high - low || 1);
    const soft = blurred(solid, width, height, 4, sigma);
    const cover = blurred(covers, width, height, 1, sigma);
    for (let i = 0; i < cover.length; i++) {
      const part = place ? cover[i] : 1;
      const share = soft[4 * i + 3] + 1e-3 * wide[4 * i + 3];
      if (!part || share < 1e-9) continue;
      for (let c = 0; c < 3; c++) {
        const color = (soft[4 * i + c] + 1e-3 * wide[4 * i + c]) / share;
        seen[3 * i + c] += part * (color - seen[3 * i + c]);
      }
    }
  });
  const out = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) out[4 * i + c] = seen[3 * i + c];
  return out;
}

// Three box filters, which come near to a Gaussian of that sigma; `channels` interleaved numbers a pixel.
export function blurred(values, width, height, channels, sigma) {
  const reach = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  let [from, to] = [Float32Array.from(values), new Float32Array(values.length)];
  if (!reach) return from;
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < height; y++) for (let c = 0; c < channels; c++) slide(from, to, y * width * channels + c, channels, width, reach);
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) slide(to, from, x * channels + c, width * channels, height, reach);
  }
  return from;
}

// The mean of up to 2 * reach + 1 neighbours, along one line of `count` numbers that begin at `start`, `step` apart.
function slide(from, to, start, step, count, reach) {
  let sum = 0;
  for (let i = 0; i < Math.min(reach, count); i++) sum += from[start + i * step];
  for (let i = 0; i < count; i++) {
    if (i + reach < count) sum += from[start + (i + reach) * step];
    if (i > reach) sum -= from[start + (i - reach - 1) * step];
    to[start + i * step] = sum / (Math.min(i + reach, count - 1) - Math.max(i - reach, 0) + 1);
  }
}
