// A composed scene shows what its facts say, and the teller's loop hands on states and words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compose, FACTS, sentence, shares, SIDE, text } from "../public/js/scenes.js";
import { tell } from "../public/js/teller.js";

function seeded(seed) {
  return () => ((seed = (seed * 48271) % 2147483647) / 2147483647);
}

const stroke = Uint8Array.from({ length: 784 }, (_, i) => (i % 28 > 10 && i % 28 < 18 && i > 112 && i < 672 ? 255 : 0));

test("a scene has the colour, the size and the place of its facts, inside the picture", () => {
  for (let number = 0; number < 96; number++) {
    const facts = [number % 2, number % 4, number % 3, Math.floor(number / 4) % 4, 5];
    const { picture, boxes } = compose(facts, stroke, seeded(number + 1));
    assert.equal(picture.data.length, SIDE * SIDE * 3);
    for (const box of Object.values(boxes)) assert.ok(Math.min(...box) >= -0.5 && Math.max(...box) <= SIDE + 0.5, String(box));
    const middle = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];
    const [x, y] = middle(boxes.shape), [u, v] = middle(boxes.digit);
    assert.ok([x < u, x > u, y < v, y > v][facts[3]]);
    const at = 3 * (Math.round(y) * SIDE + Math.round(x));
    const [red, green, blue] = picture.data.subarray(at, at + 3);
    assert.ok([red > 2 * green, green > 1.4 * blue && green > 2 * red, blue > 2 * red, red > 2 * blue && green > 2 * blue][facts[1]], `${facts}: ${red} ${green} ${blue}`);
    assert.ok(boxes.shape[2] - boxes.shape[0] > 12 === Boolean(facts[0]));
  }
});

test("sentences are those of the labs", () => {
  assert.equal(text(sentence([1, 0, 2, 0, 7], "en")), "a large red triangle is left of the digit 7");
  assert.equal(text(sentence([1, 0, 2, 0, 7], "ko")), "숫자 7이 큰 빨간 삼각형의 오른쪽에 있습니다");
  assert.equal(text(sentence([0, 3, 0, 2, 9], "ko")), "숫자 9가 작은 노란 원의 아래에 있습니다");
  assert.equal(Object.keys(FACTS).length, 5);
});

test("a look belongs to the nearest box, and to none far away", () => {
  const even = new Float32Array(144).fill(1 / 144);
  const { shape, digit } = shares(even, { shape: [0, 0, 12, 48], digit: [24, 0, 48, 48] });
  assert.ok(Math.abs(shape - 4.5 / 12) < 0.05 && Math.abs(digit - 7.5 / 12) < 0.05 && Math.abs(shape + digit - 1) < 1e-5);
  const corner = new Float32Array(144);
  corner[0] = 1; // its middle is (2, 2)
  assert.deepEqual(shares(corner, { shape: [7, 2, 20, 20], digit: [2, 30, 20, 40] }), { shape: 1, digit: 0 });
  assert.deepEqual(shares(corner, { shape: [9, 9, 20, 20], digit: [2, 30, 20, 40] }), { shape: 0, digit: 0 });
});

test("each language speaks until its end, on the state that the step has given", async () => {
  const labels = [".", "<en>", "<ko>", "a", "b"];
  const eyes = { run: async () => [{ shape: [1, 2, 2, 1], values: Float32Array.of(1, 2, 3, 4) }, { shape: [1, 1], values: Float32Array.of(0) }] };
  const step = {
    labels,
    run: async ({ grid, state, word }) => {
      assert.deepEqual([...grid.values], [1, 2, 3, 4, 1, 2, 3, 4]);
      const said = new Float32Array(10);
      for (const row of [0, 1]) {
        const last = word.values.slice(5 * row, 5 * row + 5).indexOf(1), times = state.values[row];
        said[5 * row + (times > row ? 0 : last === 1 ? 3 : 4)] = 1; // English says one word, Korean two
      }
      return [{ shape: [2, 5], values: said }, { shape: [2, 1], values: state.values.map((value) => value + 1) }, { shape: [2, 4], values: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0) }];
    },
  };
  const [english, korean] = await tell(eyes, step, null, ["en", "ko"]);
  assert.deepEqual(english.map(({ word }) => word), ["a"]);
  assert.deepEqual(korean.map(({ word }) => word), ["b", "b"]);
  assert.deepEqual([...korean[1].weights], [0, 1, 0, 0]);
});
