// Both languages say everything, and every page asks only for words that exist.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { operations, words } from "../public/js/words.js";

const root = new URL("../public/", import.meta.url);
const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("English and Korean have the same keys with the same values to fill in", () => {
  assert.deepEqual(Object.keys(words.ko).sort(), Object.keys(words.en).sort());
  for (const key of Object.keys(words.en)) assert.deepEqual(names(words.ko[key]), names(words.en[key]), key);
  assert.deepEqual(Object.keys(operations.ko), Object.keys(operations.en));
});

test("every word that a page or a module asks for exists", () => {
  const files = [...readdirSync(root), ...readdirSync(new URL("js/", root)).map((name) => `js/${name}`)];
  const sources = files.filter((name) => /\.(html|js)$/.test(name)).map((name) => readFileSync(new URL(name, root), "utf8")).join("\n");
  const asked = sources.matchAll(/data-word(?:-label)?="(\w+)"|"data-word(?:-label)?": "(\w+)"|new Fault\("(\w+)"|\bword: "(\w+)"|none: "(\w+)"/g);
  const keys = [...asked].map((match) => match.slice(1).find(Boolean));
  assert.ok(keys.length > 60);
  for (const key of keys) assert.ok(key in words.en, key);
});

test("no page loads anything from elsewhere", () => {
  for (const name of readdirSync(root).filter((file) => file.endsWith(".html"))) {
    const page = readFileSync(new URL(name, root), "utf8");
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//, name);
  }
});
