// Prepares the pictures of a JSON file for tests/test_site.py, which compares with Python.
//     node site_prepare.mjs FILE    FILE: [{card, width, height, channels, data}]
import { readFileSync } from "node:fs";
import { prepare } from "../web/public/js/preprocess.js";

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(cases.map(({ card, ...picture }) => Array.from(prepare(picture, card).values))));
