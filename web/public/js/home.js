// The first page: what this is, a field to draw on, the lessons, and the models of this site.
import { find, make } from "./elements.js";
import { language, put, say, sayModel } from "./language.js";
import { listModels, pageOf } from "./models.js";
import { openPage } from "./page.js";

openPage();
const trial = painted().then(() => {
  document.head.append(find("later").content); // what reads the digit is asked for at once, but after the words
  return import("./tryout.js");
});
let entries = [];
let lessons = [];
let proof = [];
document.addEventListener("languagechange", show);
try {
  [entries, { lessons, proof }] = await Promise.all([listModels(), fetch("lessons.json").then((reply) => reply.json())]);
  show();
  const digits = entries.find(({ name, problem }) => name === "mnist" && !problem);
  find("try").hidden = !digits;
  if (digits) await (await trial).tryOut(digits.name);
} catch (error) {
  put(find("fault"), error.key ?? "unexpected", error.values ?? { message: error.message });
}
document.body.dataset.ready = "home";

function show() {
  find("models").replaceChildren(...entries.map(row));
  find("lessons").replaceChildren(...lessons.map(lesson));
  find("proofs").replaceChildren(...proof.map(proven));
  find("lists").hidden = false; // all of it at once: nothing that one reads moves away
  find("taught").hidden = !lessons.length;
  find("proven").hidden = !proof.length;
  find("all").href = `${language()}/index.html`;
  find("teaching").href = `${language()}/teaching.html`;
}

function painted() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

function lesson({ name, number, title, minutes, accuracy, cover }) {
  const picture = cover && make("img", { src: cover.file, alt: "", width: cover.width, height: cover.height, loading: "lazy" });
  const text = [
    make("strong", {}, `${number} · ${title[language()]}`),
    make("span", {}, accuracy[language()]),
    make("small", {}, say("lessonTime", { minutes: minutes[language()] })),
  ];
  return make("li", {}, make("a", { class: "card", href: `${language()}/${name}.html` }, ...(picture ? [picture] : []), ...text));
}

function proven({ runtime, agree, difference, ms, status }) {
  const cells = [agree, difference, `${ms} ms`, status].map((text) => make("td", {}, text));
  return make("tr", {}, make("th", { scope: "row" }, runtime), ...cells);
}

function row({ name, kind, color, rate, shape, labels, bytes, problem }) {
  const input = color ? say("pixels", { width: shape[2] ?? "?", height: shape[1] ?? "?", color: say(color) }) : rate ? say("takesSound", { seconds: shape[2] / rate }) : say("other");
  const size = `${String(Math.round(bytes / 1024)).replace(/\B(?=(\d{3})+$)/g, ",")} kB`; // toLocaleString would take 45 ms to get ready
  const page = pageOf({ name, kind, color, rate });
  const query = `?model=${encodeURIComponent(name)}`;
  const title = page && !problem ? make("a", { href: `${page}.html${query}` }, sayModel(name)) : sayModel(name);
  const says = problem ? say("notForBrowser", { reason: problem }) : kind === "features" ? say("features") : say("labelsCount", { count: labels });
  const about = make("a", { href: `model.html${query}`, "aria-label": `${say("card")}: ${sayModel(name)}` }, say("card"));
  return make("tr", {}, make("th", { scope: "row" }, title), make("td", {}, input), make("td", {}, says), make("td", {}, problem ? "" : size), make("td", {}, about));
}
