/**
 * A list of records: a click anywhere in a row opens the record, arrow keys walk through the rows.
 */

const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const INTERACTIVE = "a, button, input, select, textarea, summary, label";

class RecordList extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.open(event));
    this.addEventListener("auxclick", (event) => this.open(event));
    this.addEventListener("keydown", (event) => this.step(event));
  }

  /** @param {MouseEvent} event */
  open(event) {
    const target = /** @type {Element} */ (event.target);
    const row = target.closest("tr[data-href]");
    const selecting = String(getSelection()).length > 0;
    if (!row || selecting || target.closest(INTERACTIVE) || event.button > 1) return;
    const address = row.getAttribute("data-href");
    if (event.ctrlKey || event.metaKey || event.button === 1) window.open(address, "_blank", "noopener");
    else location.assign(address);
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const step = STEPS[event.key];
    const target = /** @type {Element} */ (event.target);
    if (!step || event.ctrlKey || event.metaKey || event.altKey || target.matches("input, select, textarea")) return;
    const rows = [...this.querySelectorAll("tr[data-href]")];
    const present = rows.indexOf(target.closest("tr[data-href]"));
    const next = rows[present < 0 ? 0 : present + step];
    const link = next?.querySelector(".title a") ?? next?.querySelector("a");
    if (!link) return;
    event.preventDefault();
    link.focus();
  }
}

customElements.define("lw-list", RecordList);
document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  const typing = target.matches("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  document.getElementById("search")?.focus();
});
