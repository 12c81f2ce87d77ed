// Four points here, four points there: the homography between them, and a page put straight with it.

// The nine numbers (row by row, the last is 1) that send each point of `from` to the one of `to`; points: [[x, y], ...], four.
export function homography(from, to) {
  const rows = from.flatMap(([x, y], i) => {
    const [u, v] = to[i];
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return [...solve(rows), 1];
}

// Gaussian elimination with the largest pivot; each row: the coefficients and the right side.
export function solve(rows) {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let best = column;
    for (let row = column; row < size; row++) if (Math.abs(rows[row][column]) > Math.abs(rows[best][column])) best = row;
    [rows[column], rows[best]] = [rows[best], rows[column]];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row][column] / rows[column][column];
      for (let i = column; i <= size; i++) rows[row][i] -= factor * rows[column][i];
    }
  }
  return rows.map((row, i) => row[size] / row[i]);
}

export function transform(h, [x, y]) {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

// Whether four corners go round a page: each turn to the same side, none nearly straight.
export function isPage(corners) {
  const turns = corners.map((corner, i) => {
    const [before, after] = [corners[(i + 3) % 4], corners[(i + 1) % 4]];
    const [ax, ay, bx, by] = [corner[0] - before[0], corner[1] - before[1], after[0] - corner[0], after[1] - corner[1]];
    return (ax * by - ay * bx) / (Math.hypot(ax, ay) * Math.hypot(bx, by) || 1);
  });
  return turns.every((turn) => turn > 0.2);
}

// The size of the straight page, as large as its sides are in the photograph: {width, height}, at most `limit` a side.
export function pageSize(corners, limit = 1400) {
  const side = (a, b) => Math.hypot(corners[a][0] - corners[b][0], corners[a][1] - corners[b][1]);
  const [width, height] = [(side(0, 1) + side(3, 2)) / 2, (side(0, 3) + side(1, 2)) / 2];
  const shrink = Math.min(1, limit / Math.max(width, height));
  return { width: Math.max(16, Math.round(width * shrink)), height: Math.max(16, Math.round(height * shrink)) };
}

// The page of a picture {width, height, channels, data} put straight into that size, bilinear.
export function flatten(picture, corners, { width, height }) {
  const h = homography([[0, 0], [width, 0], [width, height], [0, height]], corners);
  const { width: w, height: tall, channels, data } = picture;
  const out = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [sx, sy] = transform(h, [x + 0.5, y + 0.5]);
      const px = Math.min(Math.max(sx - 0.5, 0), w - 1.001);
      const py = Math.min(Math.max(sy - 0.5, 0), tall - 1.001);
      const i = (Math.floor(py) * w + Math.floor(px)) * channels;
      const [fx, fy] = [px % 1, py % 1];
      for (let c = 0; c < 3; c++) {
        const upper = data[i + c] * (1 - fx) + data[i + channels + c] * fx;
        const lower = data[i + w * channels + c] * (1 - fx) + data[i + (w + 1) * channels + c] * fx;
        out[at + c] = upper * (1 - fy) + lower * fy;
      }
    }
  }
  return { width, height, channels: 3, data: out };
}
