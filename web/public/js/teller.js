// Two networks that say what a picture shows, as lab 16d does it: the eyes once, then a step for each word.

// The sentences about one picture, a language each: [[{word, weights}]]; weights: of each place of the eyes' grid, for that word.
// eyes, step: opened models; input: the picture as prepare() gives it.
export async function tell(eyes, step, input, languages, longest = 11) {
  const looked = await eyes.run(input, ["grid", "state"]);
  const [grid, first] = looked.map(({ shape, values }) => repeated(shape, values, languages.length));
  const { labels } = step;
  let state = first;
  let numbers = languages.map((language) => labels.indexOf(`<${language}>`));
  const told = languages.map(() => ({ words: [], done: false }));
  for (let number = 0; number < longest && told.some(({ done }) => !done); number++) {
    const word = { shape: [languages.length, labels.length], values: new Float32Array(languages.length * labels.length) };
    numbers.forEach((chosen, row) => (word.values[row * labels.length + chosen] = 1));
    const [said, after, where] = await step.run({ grid, state, word }, ["said", "after", "where"]);
    state = after;
    numbers = told.map((one, row) => {
      const best = likeliest(rowOf(said, row));
      if (best === 0) one.done = true; // the end
      else if (!one.done) one.words.push({ word: labels[best], weights: rowOf(where, row) });
      return best;
    });
  }
  return told.map(({ words }) => words);
}

function repeated([, ...shape], values, times) {
  const all = new Float32Array(times * values.length);
  for (let row = 0; row < times; row++) all.set(values, row * values.length);
  return { shape: [times, ...shape], values: all };
}

function rowOf({ shape: [, size], values }, row) {
  return values.slice(row * size, (row + 1) * size);
}

function likeliest(values) {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}
