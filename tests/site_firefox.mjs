// The pages in Firefox, over WebDriver BiDi: node site_firefox.mjs ADDRESS FIREFOX PUPPETEER; prints what was read as JSON.
const [, , address, firefox, puppeteer] = process.argv;
const { launch } = await import(puppeteer);
const browser = await launch({ browser: "firefox", executablePath: firefox, headless: true });
const answers = { errors: [] };
try {
  const page = await browser.newPage();
  page.on("pageerror", (error) => answers.errors.push(String(error)));
  await page.setViewport({ width: 1000, height: 900 });
  const text = (id, wanted) => page.waitForFunction((id, wanted) => document.getElementById(id)?.textContent.includes(wanted) && document.getElementById(id).textContent, { timeout: 60_000 }, id, wanted).then((value) => value.jsonValue());

  await page.goto(`${address}index.html?language=ko`);
  answers.home = await text("read", "3");

  await page.goto(`${address}draw.html?model=mnist&language=ko`);
  await page.waitForFunction(() => document.body.dataset.ready, { timeout: 60_000 });
  const box = await (await page.$("#pad")).boundingBox();
  const at = ([x, y]) => [box.x + (box.width * x) / 280, box.y + (box.height * y) / 280];
  const [first, ...rest] = [[90, 80], [140, 80], [190, 80], [165, 140], [145, 190], [130, 225]].map(at);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 4 });
  await page.mouse.up();
  answers.drawn = await text("answer", "7");

  await page.goto(`${address}photo.html?model=cats_vs_dogs&language=ko`);
  await page.waitForFunction(() => document.body.dataset.ready, { timeout: 60_000 });
  await page.evaluate(() => document.querySelector(".sample").click());
  answers.photo = await text("answer", "고양이");
} finally {
  await browser.close();
}
console.log(JSON.stringify(answers));
