// Runs a slow task again and again without a queue: while it runs, only the newest call is kept.
// fail(error) is told when the task fails.
export function latest(task, fail) {
  let running = false;
  let waiting = null;
  return async function call(...values) {
    if (running) return void (waiting = values);
    running = true;
    try {
      await task(...values);
    } catch (error) {
      fail(error);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) call(...next);
    }
  };
}
