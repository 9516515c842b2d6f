/**
 * Tags: Enter or a comma makes one of what is typed, Backspace takes the last one back. The hidden
 * box keeps what the form sends, each tag on a line. Those in use are suggested.
 */

import { chipRow, chips } from "./value-chips.js";

const WAIT = 150;
const ENDS = /[,;，；、\n]/;
let counter = 0;

class TagsField extends HTMLElement {
  connectedCallback() {
    this.kept = /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
    if (!this.kept || this.input) return;
    this.input = document.createElement("input");
    this.suggested = document.createElement("datalist");
    this.row = chipRow();
    this.suggested.id = `tags-${++counter}`;
    this.input.id = this.kept.id;
    this.input.autocomplete = "off";
    this.input.dir = "auto";
    this.input.placeholder = this.dataset.add ?? "";
    this.input.setAttribute("list", this.suggested.id);
    for (const { name, value } of [...this.kept.attributes]) {
      if (name.startsWith("aria-")) this.input.setAttribute(name, value);
    }
    this.kept.removeAttribute("id");
    this.kept.hidden = true;
    this.prepend(this.row, this.input, this.suggested);
    this.input.addEventListener("input", (event) => this.type(event));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.input.addEventListener("focus", () => this.ask());
    this.input.addEventListener("blur", () => this.add(this.input.value));
    this.kept.addEventListener("input", () => this.show());
    this.show();
  }

  get values() {
    return this.kept.value.split("\n").map((line) => line.trim()).filter(Boolean);
  }

  /** @param {string[]} values */
  keep(values) {
    this.kept.value = [...new Set(values)].join("\n");
    this.kept.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {string} typed */
  add(typed) {
    const added = typed.split(ENDS).map((part) => part.trim()).filter(Boolean);
    this.input.value = "";
    if (added.length) this.keep([...this.values, ...added]);
  }

  /** @param {Event} event */
  type(event) {
    event.stopPropagation();
    const chosen = [...this.suggested.options].some(({ value }) => value === this.input.value);
    const picked = chosen && !(/** @type {InputEvent} */ (event).inputType ?? "").startsWith("insertText");
    if (picked || ENDS.test(this.input.value)) this.add(this.input.value);
    else this.ask();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && this.input.value.trim() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.add(this.input.value);
    } else if (event.key === "Backspace" && !this.input.value) {
      this.keep(this.values.slice(0, -1));
    }
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(this.input.value), WAIT);
  }

  /** @param {string} typed */
  async fetch(typed) {
    const address = this.kept.form?.dataset.lookup?.replace(/lookup\/$/, `used/${this.kept.name}`);
    if (!address) return;
    const answer = await fetch(`${address}?${new URLSearchParams({ q: typed })}`, { headers: { Accept: "application/json" } }).catch(() => undefined);
    if (!answer?.ok) return;
    const known = new Set(this.values);
    const words = (await answer.json()).filter((/** @type {string} */ word) => !known.has(word));
    this.suggested.replaceChildren(...words.map((/** @type {string} */ word) => new Option("", word)));
  }

  show() {
    const values = this.values.map((value) => ({ value, text: value }));
    this.row.replaceChildren(...chips(values, this.dataset.remove ?? "", (value) => {
      this.keep(this.values.filter((each) => each !== value));
      this.input.focus();
    }));
  }
}

customElements.define("lw-tags", TagsField);
