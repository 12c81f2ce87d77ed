// Probabilities as bars: a list that a screen reader reads as "7, 98.1 %".
import { make } from "./elements.js";
import { sayLabel } from "./language.js";

// rows: [{label, probability, index, note?}]; the best is marked. With onChoose each row is a button.
export function showBars(list, rows, { onChoose, chosen } = {}) {
  const best = Math.max(...rows.map((row) => row.probability));
  list.replaceChildren(
    ...rows.map((row) => {
      const fill = make("span", { class: "fill" });
      fill.style.width = `${100 * row.probability}%`;
      const parts = [
        make("span", { class: "label" }, sayLabel(row.label), ...(row.note ? [make("small", {}, row.note)] : [])),
        make("span", { class: "track", "aria-hidden": "true" }, fill),
        make("span", { class: "percent" }, `${(100 * row.probability).toFixed(1)} %`),
      ];
      const item = make("li", row.probability === best && best > 0 ? { class: "best" } : {});
      if (!onChoose) item.append(...parts);
      else {
        const button = make("button", { type: "button", class: "row", "aria-pressed": String(row.index === chosen) }, ...parts);
        for (const event of ["click", "pointerenter", "focus"]) button.addEventListener(event, () => onChoose(row.index));
        item.append(button);
      }
      return item;
    }),
  );
}
