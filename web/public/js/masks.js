// Masks as the segmentation networks of the labs answer: scores (rows, columns, classes), of which the largest is the class.

// The class of each pixel of a picture of height x width: scores stretched between cell middles (as OpenCV does), then the largest.
export function bestClasses(scores, [rows, columns, classes], height, width) {
  const best = new Uint8Array(height * width);
  const across = places(columns, width);
  const down = places(rows, height);
  const line = new Float32Array(columns * classes); // the row between two rows of scores
  for (let y = 0, to = 0; y < height; y++) {
    const [above, below, part] = [down.first[y] * line.length, down.second[y] * line.length, down.part[y]];
    for (let i = 0; i < line.length; i++) line[i] = scores[above + i] + part * (scores[below + i] - scores[above + i]);
    for (let x = 0; x < width; x++, to++) {
      const [left, right, share] = [across.first[x] * classes, across.second[x] * classes, across.part[x]];
      let most = -Infinity;
      for (let c = 0; c < classes; c++) {
        const score = line[left + c] + share * (line[right + c] - line[left + c]);
        if (score > most) [most, best[to]] = [score, c];
      }
    }
  }
  return best;
}

// Between which two of `from` cells the middle of each of `to` pixels lies, and how far towards the second.
function places(from, to) {
  const [first, second, part] = [new Uint32Array(to), new Uint32Array(to), new Float32Array(to)];
  for (let i = 0; i < to; i++) {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    first[i] = Math.floor(place);
    second[i] = Math.min(first[i] + 1, from - 1);
    part[i] = place - first[i];
  }
  return { first, second, part };
}

// The part of the pixels that each class has.
export function shares(mask, classes) {
  const counts = new Float32Array(classes);
  for (const number of mask) counts[number] += 1 / mask.length;
  return [...counts];
}

// RGBA bytes of the mask: the colour of each class; `of`: only these classes, the others are transparent.
export function painted(mask, colors, of = null) {
  const bytes = new Uint8ClampedArray(4 * mask.length);
  for (let i = 0; i < mask.length; i++) {
    const [red, green, blue] = colors[mask[i]] ?? [0, 0, 0];
    bytes.set([red, green, blue, !of || of.has(mask[i]) ? 255 : 0], 4 * i);
  }
  return bytes;
}

// Colours for `count` classes of a network whose card names none: hues all around.
export function hues(count) {
  return Array.from({ length: count }, (_, index) => {
    const ramp = (offset) => Math.min(Math.max(Math.abs((((index / count) * 6 + offset) % 6) - 3) - 1, 0), 1);
    return [0, 4, 2].map((offset) => Math.round(60 + 170 * ramp(offset)));
  });
}
