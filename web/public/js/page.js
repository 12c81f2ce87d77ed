// What every page has: the header with its links and the language switch, and the footer.
import { make } from "./elements.js";
import { language, setLanguage, translate } from "./language.js";
import { followScheme } from "./scheme.js";

const PAGES = ["draw", "photo", "camera", "detect", "segment", "read", "scan", "focus", "write", "enlarge", "listen", "describe", "emoji", "search", "inside"];

export function openPage() {
  followScheme();
  if (new URLSearchParams(location.search).has("embed")) {
    document.body.classList.add("embed"); // inside a lesson, which has a header of its own
    const grow = () => window.frameElement && (window.frameElement.style.height = `${document.body.offsetHeight + 2}px`);
    new ResizeObserver(grow).observe(document.body);
    return translate(document);
  }
  const here = document.body.dataset.page;
  const links = PAGES.map((page) => {
    const link = make("a", { href: `${page}.html`, "data-word": page });
    if (page === here) link.setAttribute("aria-current", "page");
    return make("li", {}, link);
  });
  document.getElementById("header").append(
    make("a", { class: "skip", href: "#main", "data-word": "skip" }),
    make("a", { class: "brand", href: "index.html", "data-word": "brand" }),
    make("nav", { "data-word-label": "pages" }, make("ul", {}, ...links)),
    languageSwitch(),
  );
  document.getElementById("footer").append(make("p", { "data-word": "private" }));
  translate(document);
  // Published sites open without a network after a visit; on this machine a worker would outlive its server.
  if (location.protocol === "https:") navigator.serviceWorker?.register("sw.js").catch(console.error);
}

function languageSwitch() {
  const button = make("button", { id: "language", type: "button", class: "quiet" });
  const label = () => {
    const other = language() === "ko" ? "en" : "ko";
    button.lang = other;
    button.textContent = other === "ko" ? "한국어" : "English";
  };
  button.addEventListener("click", () => setLanguage(language() === "ko" ? "en" : "ko"));
  document.addEventListener("languagechange", label);
  label();
  return button;
}
