// The buttons of a page with a camera: start and stop, and the other camera.
import { find } from "./elements.js";
import { put } from "./language.js";
import { Webcam } from "./webcam.js";

// bar: the page's modelBar, which says what fails; see: called for every frame; clear: called when the camera stops.
export function film(bar, see, clear = () => {}) {
  const webcam = new Webcam(find("video"));
  find("start").addEventListener("click", () => (webcam.running ? stop() : run(() => webcam.start())));
  find("flip").addEventListener("click", () => run(() => webcam.flip()));
  addEventListener("pagehide", () => webcam.stop());

  async function run(begin) {
    bar.fault.replaceChildren();
    try {
      await begin();
      put(find("start"), "cameraStop");
      find("flip").hidden = false;
      await webcam.watch(see);
    } catch (error) {
      stop();
      bar.fail(error);
    }
  }

  function stop() {
    webcam.stop();
    put(find("start"), "cameraStart");
    find("flip").hidden = true;
    clear();
    find("results").hidden = true;
  }

  return { webcam, stop };
}
