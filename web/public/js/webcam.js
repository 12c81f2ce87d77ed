// The camera: start, turn round, stop, and a call for every new frame.
import { Fault } from "./fault.js";

export class Webcam {
  constructor(video) {
    Object.assign(this, { video, facing: "user", stream: null });
  }

  get running() {
    return Boolean(this.stream);
  }

  get mirrored() {
    return this.facing === "user"; // one expects a mirror of the front camera
  }

  // Ask for the camera and show it; Fault when it is refused or there is none.
  async start(facing = this.facing) {
    if (!navigator.mediaDevices?.getUserMedia) throw new Fault("cameraInsecure");
    this.stop();
    this.facing = facing;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: facing, width: { ideal: 640 }, height: { ideal: 480 } } });
    } catch (error) {
      throw new Fault(["NotAllowedError", "SecurityError"].includes(error.name) ? "cameraRefused" : "cameraNone");
    }
    this.video.srcObject = this.stream;
    this.video.classList.toggle("mirrored", this.mirrored);
    await this.video.play();
    const { videoWidth: width, videoHeight: height, parentElement: stage } = this.video;
    stage.style.aspectRatio = `${width} / ${height}`; // a phone films upright
    stage.classList.toggle("upright", height > width);
  }

  flip() {
    return this.start(this.facing === "user" ? "environment" : "user");
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  // Call see() for each new frame until the camera stops. While see() runs the newest frame waits, older ones are skipped.
  async watch(see) {
    const { stream } = this;
    let next = this.nextFrame();
    while (this.stream === stream && stream) {
      await next;
      next = this.nextFrame();
      if (this.stream === stream) await see();
    }
  }

  nextFrame() {
    return new Promise((done) => {
      if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(done);
      else requestAnimationFrame(done);
      setTimeout(done, 500); // a hidden page gets no frames
    });
  }
}

// Frames a second over the last second.
export class Rate {
  times = [];

  tick() {
    const now = performance.now();
    this.times = [...this.times.filter((time) => now - time < 1000), now];
    return this.times.length;
  }
}
