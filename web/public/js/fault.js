// What went wrong, as a key of words.js, so that the message follows the language switch.
export class Fault extends Error {
  constructor(key, values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}
