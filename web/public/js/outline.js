// The outline of what is bright in a picture: marching squares (Lorensen and Cline, SIGGRAPH 1987, in two dimensions),
// with the crossings interpolated, so that 64x64 grey pixels give lines that may be enlarged.

// Closed polygons [[[x, y], ...], ...] around the pixels brighter than `level`; pixel (x, y) has its middle at x, y.
export function outlines({ width, height, values }, level = 127.5) {
  const at = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : values[y * width + x]) - level;
  const next = new Map(); // crossing -> the crossing that follows it, inside always on the same hand
  const place = new Map();
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) step(x, y);
  }

  // The crossings of one square of four pixels, each way in joined to the next way out.
  function step(x, y) {
    const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];
    const heights = corners.map(([cx, cy]) => at(cx, cy));
    const inside = heights.map((one) => one > 0);
    if (inside.every((one) => one === inside[0])) return;
    for (let side = 0; side < 4; side++) {
      if (inside[side] || !inside[(side + 1) % 4]) continue;
      let out = (side + 1) % 4;
      while (inside[(out + 1) % 4]) out = (out + 1) % 4;
      next.set(crossing(side), crossing(out));
    }
    function crossing(side) {
      const [from, to] = [side, (side + 1) % 4];
      const part = heights[from] / (heights[from] - heights[to]);
      const [[x0, y0], [x1, y1]] = [corners[from], corners[to]];
      const key = `${x0 + x1} ${y0 + y1}`; // twice the middle of the side: the same for both squares that share it
      place.set(key, [x0 + part * (x1 - x0), y0 + part * (y1 - y0)]);
      return key;
    }
  }

  const polygons = [];
  while (next.size) {
    const polygon = [];
    let [key] = next.keys();
    while (next.has(key)) {
      polygon.push(place.get(key));
      const following = next.get(key);
      next.delete(key);
      key = following;
    }
    polygons.push(polygon);
  }
  return polygons;
}

// The polygons as the text of an SVG path, their corners rounded, enlarged by `scale` and moved by (left, top).
export function path(polygons, { scale = 1, left = 0, top = 0 } = {}) {
  const say = ([x, y]) => `${(left + scale * x).toFixed(1)} ${(top + scale * y).toFixed(1)}`;
  const middle = ([x0, y0], [x1, y1]) => [(x0 + x1) / 2, (y0 + y1) / 2];
  return polygons
    .filter((polygon) => polygon.length > 3) // less is a speck
    .map((polygon) => {
      const curves = polygon.map((point, i) => `Q${say(point)} ${say(middle(point, polygon[(i + 1) % polygon.length]))}`);
      return `M${say(middle(polygon.at(-1), polygon[0]))}${curves.join("")}Z`;
    })
    .join("");
}
