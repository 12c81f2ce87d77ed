// Boxes as the detectors of the labs answer: rows of class, score, x0, y0, x1, y1 in pixels of the network's input.

// The boxes that score at least `threshold`, best first: [{label, index, score, x0, y0, x1, y1}].
// nms: the overlap (IoU) from which on a better box of the same class drives out another; null for none.
export function readBoxes(values, labels, { threshold, nms = null }) {
  const boxes = [];
  for (let i = 0; i + 6 <= values.length; i += 6) {
    const [index, score, x0, y0, x1, y1] = values.slice(i, i + 6);
    const label = labels[Math.round(index)];
    if (score >= threshold && label !== undefined) boxes.push({ label, index: Math.round(index), score, x0, y0, x1, y1 });
  }
  boxes.sort((a, b) => b.score - a.score);
  return nms === null ? boxes : suppress(boxes, nms);
}

function suppress(boxes, most) {
  const kept = [];
  for (const box of boxes) {
    if (kept.every((better) => better.index !== box.index || overlap(better, box) <= most)) kept.push(box);
  }
  return kept;
}

// Intersection over union of two boxes.
export function overlap(a, b) {
  const common = Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0)) * Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));
  const area = (box) => (box.x1 - box.x0) * (box.y1 - box.y0);
  return common / Math.max(area(a) + area(b) - common, 1e-9);
}

// How many boxes of each label: [{label, count}] in the order of the labels.
export function counts(boxes, labels) {
  return labels.map((label) => ({ label, count: boxes.filter((box) => box.label === label).length }));
}

// A colour a class, told apart by colour-blind eyes too.
const COLORS = ["#e4572e", "#1f5fa8", "#0b8a5f", "#b8860b", "#7a3fa0", "#c2186b"];
export const colorOf = (index) => COLORS[index % COLORS.length];

// Draw boxes over a canvas of the picture's size. network: [height, width] that the boxes are in; 
// mirror: as a front camera is shown; name: what to call a label.
export function drawBoxes(canvas, boxes, network, { mirror = false, name = (label) => label } = {}) {
  const context = canvas.getContext("2d");
  const [down, across] = [canvas.height / network[0], canvas.width / network[1]];
  const line = Math.max(2, canvas.width / 240);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.font = `600 ${Math.max(12, canvas.width / 42)}px system-ui, sans-serif`;
  context.textBaseline = "top";
  for (const { label, index, score, x0, y0, x1, y1 } of [...boxes].reverse()) {
    const width = (x1 - x0) * across;
    const left = mirror ? canvas.width - x1 * across : x0 * across;
    context.lineWidth = line;
    context.strokeStyle = context.fillStyle = colorOf(index);
    context.strokeRect(left, y0 * down, width, (y1 - y0) * down);
    const text = `${name(label)} ${Math.round(100 * score)}`;
    const size = Math.max(12, canvas.width / 42);
    const place = [Math.max(0, left), Math.max(0, y0 * down)];
    context.fillRect(...place, context.measureText(text).width + 6, size + 4);
    context.fillStyle = "#fff";
    context.fillText(text, place[0] + 3, place[1] + 2);
  }
}
