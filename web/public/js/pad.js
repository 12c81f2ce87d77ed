// A pad to draw on: mouse, pen and fingers; with the keyboard, arrows move the pen and Space lowers it.
const STEP = 8; // of 280 units across, for an arrow key

export class Pad {
  // canvas: gets the strokes; changed(finished): after each move, and with true after each stroke.
  constructor(canvas, changed) {
    Object.assign(this, { canvas, changed, strokes: [], cursor: { x: 140, y: 140 }, down: false, shown: false });
    canvas.addEventListener("pointerdown", (event) => this.start(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => this.finish());
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.finish());
    document.addEventListener("schemechange", () => this.paint());
    this.paint();
  }

  show(strokes) {
    this.strokes = strokes;
    this.paint();
  }

  clear() {
    this.strokes = [];
    this.finish();
  }

  undo() {
    this.strokes.pop();
    this.finish();
  }

  start(event) {
    if (event.button > 0 || (this.pointer !== undefined && event.pointerId !== this.pointer)) return; // one finger draws
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture?.(event.pointerId);
    this.shown = false;
    this.strokes.push([this.place(event)]);
    this.paint();
    this.changed(false);
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    this.strokes.at(-1).push(...(moves.length ? moves : [event]).map((move) => this.place(move)));
    this.paint();
    this.changed(false);
  }

  finish() {
    this.pointer = undefined;
    this.down = false;
    this.paint();
    this.changed(true);
  }

  // A pointer's place in units of 280 across, whatever the pad's size on the screen.
  place({ clientX, clientY }) {
    const { left, top, width } = this.canvas.getBoundingClientRect();
    return { x: ((clientX - left) / width) * 280, y: ((clientY - top) / width) * 280 };
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (steps) {
      const inside = (value) => Math.min(Math.max(value, 0), 280);
      this.cursor = { x: inside(this.cursor.x + STEP * steps[0]), y: inside(this.cursor.y + STEP * steps[1]) };
      if (this.down) this.strokes.at(-1).push({ ...this.cursor });
      this.shown = true;
      this.changed(false);
    } else if (event.key === " " || event.key === "Enter") {
      this.shown = true;
      if (this.down) this.finish();
      else {
        this.down = true;
        this.strokes.push([{ ...this.cursor }]);
      }
    } else if (event.key === "Delete" || event.key === "Escape") this.clear();
    else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) this.undo();
    else return;
    event.preventDefault(); // the page must not scroll
    this.paint();
  }

  paint() {
    const { canvas } = this;
    const context = canvas.getContext("2d");
    const unit = canvas.width / 280;
    const style = getComputedStyle(canvas);
    context.setTransform(unit, 0, 0, unit, 0, 0);
    context.clearRect(0, 0, 280, 280);
    Object.assign(context, { strokeStyle: style.color, fillStyle: style.accentColor, lineWidth: 16, lineCap: "round", lineJoin: "round" });
    for (const [first, ...rest] of this.strokes) {
      context.beginPath();
      context.moveTo(first.x, first.y);
      for (const { x, y } of rest.length ? rest : [first]) context.lineTo(x, y);
      context.stroke();
    }
    if (!this.shown) return;
    context.beginPath();
    context.arc(this.cursor.x, this.cursor.y, this.down ? 5 : 9, 0, 7);
    context.fill();
  }
}
