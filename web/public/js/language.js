// The page's language: what its address asks for, else what was chosen before, else what the browser prefers.
import { labels, words } from "./words.js";

const KEY = "labs-language";
const asked = Object.keys(words).find((key) => key === new URLSearchParams(location.search).get("language")); // a lesson asks for its own
let chosen = asked ?? remembered() ?? (navigator.languages ?? []).map((tag) => tag.slice(0, 2)).find((tag) => tag in words) ?? "en";

if (asked) remember(asked);

function remember(next) {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // a private window may keep nothing: then it holds for this page only
  }
}

function remembered() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept in words ? kept : null;
  } catch {
    return null;
  }
}

export function language() {
  return chosen;
}

export function setLanguage(next) {
  chosen = next;
  remember(next);
  translate(document);
  document.dispatchEvent(new Event("languagechange"));
}

// The words of a key, with {names} filled in.
export function say(key, values = {}) {
  const text = words[chosen][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

// The name of a class in the page's language; labels that words.js does not know stay as they are.
export function sayLabel(label) {
  return (chosen === "ko" && labels[label]) || label;
}

// The name of a model in the page's language; a model that words.js does not know is called by its folder.
export function sayModel(name) {
  return words[chosen][`model_${name}`] ?? name;
}

// Words that only some models or metrics have, else what stands in their place.
export function sayOr(key, otherwise) {
  return words[chosen][key] ?? otherwise;
}

// Give an element words that follow the language switch.
export function put(element, key, values) {
  element.dataset.word = key;
  element.dataset.values = JSON.stringify(values ?? {});
  element.textContent = say(key, values);
}

// Fill every element that names its words: data-word for the text, data-word-label for the accessible name.
export function translate(root) {
  document.documentElement.lang = chosen;
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = say(element.dataset.word, JSON.parse(element.dataset.values ?? "{}"));
  }
  for (const element of root.querySelectorAll("[data-word-label]")) {
    element.setAttribute("aria-label", say(element.dataset.wordLabel));
  }
  document.body.dataset.words = chosen; // the sheet shows a page when it has its words
  const page = document.body.dataset.page;
  document.title = page === "home" ? say("brand") : `${say(page)} · ${say("brand")}`;
}
