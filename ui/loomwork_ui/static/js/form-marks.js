/**
 * Which fields were filled, and which somebody set by hand afterwards. The form sends both along, so
 * that the server leaves filled fields to what they follow; a form that was refused brings them back.
 */

/** @typedef {import("./form-conditions.js").Entry} Entry */

const FILLED = "_filled.";
const GIVEN = "_given.";

export class FormMarks {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    /** What fields had before they were filled. @type {Map<string, Entry>} */
    this.filled = new Map();
    for (const mark of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`input[name^="${FILLED}"]`))) {
      this.filled.set(mark.name.slice(FILLED.length), { entry: mark.value, title: mark.dataset.title ?? "" });
    }
  }

  /**
   * @param {string} name
   * @param {Entry} before
   */
  fill(name, before) {
    if (this.filled.has(name)) return;
    this.filled.set(name, before);
    this.put(FILLED + name, before.entry).dataset.title = before.title;
  }

  /** @param {string} name @returns {boolean} whether it was filled */
  forget(name) {
    this.form.querySelector(`input[name="${FILLED}${name}"]`)?.remove();
    return this.filled.delete(name);
  }

  /** @param {string} name of a field that was filled and now has what somebody typed, be it nothing */
  setByHand(name) {
    this.put(GIVEN + name, "1");
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  put(name, value) {
    const mark = document.createElement("input");
    Object.assign(mark, { type: "hidden", name, value });
    this.form.append(mark);
    return mark;
  }
}
