// The refocusing page: a rendered room whose depth is known at each pixel; what the visitor presses becomes sharp.
import { find, make } from "./elements.js";
import { put } from "./language.js";
import { latest } from "./latest.js";
import { cut, refocus } from "./layers.js";
import { openPage } from "./page.js";
import { decode, pixelsOf, showPixels } from "./picture.js";

const ROOMS = ["room", "room2"]; // samples/NAME.jpg and samples/NAME-depth.png: the brighter the nearer
openPage();
const fail = (error) => put(find("fault"), error.key ?? "unexpected", error.values ?? { message: error.message });
const show = latest(draw, fail);
let room = null; // its layers, and how near each pixel is

find("samples").append(...ROOMS.map(roomButton));
for (const name of ["plane", "blur"]) find(name).addEventListener("input", show);
find("picture").addEventListener("pointerdown", focusOn);
document.addEventListener("languagechange", say);
open(ROOMS[0]).then(() => (document.body.dataset.ready = "yes"), fail);

function roomButton(name, number) {
  const label = make("span");
  put(label, "roomNumber", { number: number + 1 });
  const button = make("button", { type: "button", class: "sample" }, make("img", { src: `samples/${name}.jpg`, alt: "", loading: "lazy" }), label);
  button.addEventListener("click", () => open(name).catch(fail));
  return button;
}

async function open(name) {
  const [picture, depth] = await Promise.all([`${name}.jpg`, `${name}-depth.png`].map(async (file) => decode(await (await fetch(`samples/${file}`)).blob())));
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const pixels = pixelsOf(depth);
  const near = Float32Array.from({ length: width * height }, (_, i) => pixels.data[i * pixels.channels]);
  room = { ...cut(context.getImageData(0, 0, width, height), near), near };
  [find("picture").width, find("picture").height] = [width, height];
  showPixels(find("depth"), pixels);
  await show();
}

function draw() {
  say();
  if (!room) return;
  const focus = room.low + (find("plane").value / 100) * (room.high - room.low);
  const data = refocus(room, focus, Number(find("blur").value));
  find("picture").getContext("2d").putImageData(new ImageData(data, room.width, room.height), 0, 0);
}

// The slider goes to the depth of what is pressed.
function focusOn({ clientX, clientY }) {
  if (!room) return;
  const { left, top, width, height } = find("picture").getBoundingClientRect();
  const [x, y] = [((clientX - left) / width) * room.width, ((clientY - top) / height) * room.height].map(Math.floor);
  find("plane").value = (100 * (room.near[y * room.width + x] - room.low)) / (room.high - room.low);
  show();
}

function say() {
  for (const name of ["plane", "blur"]) find(`${name}Value`).textContent = find(name).value;
}
