// Runs a slow task again and again without a queue: while it runs, only the newest call is kept.
export function latest(task) {
  let running = false;
  let waiting = null;
  return async function call(...values) {
    if (running) return void (waiting = values);
    running = true;
    try {
      await task(...values);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) call(...next);
    }
  };
}
