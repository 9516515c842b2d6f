/**
 * Links to any number of records, each found by typing. The list below keeps what the form sends.
 */

import { chipRow, chips } from "./value-chips.js";

class LinksField extends HTMLElement {
  connectedCallback() {
    this.kept = /** @type {HTMLSelectElement} */ (this.querySelector("select[multiple]"));
    this.link = /** @type {any} */ (this.querySelector("lw-link"));
    if (!this.kept || !this.link || this.row) return;
    this.row = chipRow();
    this.kept.hidden = true;
    this.kept.before(this.row);
    this.link.hidden = false;
    this.link.addEventListener("change", (/** @type {Event} */ event) => this.choose(event));
    this.link.addEventListener("input", (/** @type {Event} */ event) => event.stopPropagation());
    this.kept.addEventListener("input", () => this.show());
    this.show();
  }

  /** @param {Event} event */
  choose(event) {
    event.stopPropagation();
    const found = /** @type {HTMLSelectElement} */ (event.target).selectedOptions[0];
    if (!found?.value) return;
    const { value, textContent } = found;
    const known = [...this.kept.options].some((option) => option.value === value);
    if (!known) this.kept.append(new Option(textContent ?? "", value, true, true));
    this.link.choose("", "");
    this.tell();
  }

  /** @param {string} value */
  take(value) {
    [...this.kept.options].find((option) => option.value === value)?.remove();
    this.tell();
    /** @type {HTMLElement | null} */ (this.link.querySelector("input"))?.focus();
  }

  tell() {
    this.kept.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show() {
    const values = [...this.kept.selectedOptions].map(({ value, textContent }) => ({ value, text: textContent ?? "" }));
    this.row.replaceChildren(...chips(values, this.dataset.remove ?? "", (value) => this.take(value)));
  }
}

customElements.define("lw-links", LinksField);
