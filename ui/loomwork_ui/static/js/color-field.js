/**
 * A colour by its code, with the browser's palette beside it.
 */

const WHOLE = /^#[0-9a-f]{6}$/i;

class ColorField extends HTMLElement {
  connectedCallback() {
    const input = /** @type {HTMLInputElement} */ (this.querySelector("input:not([data-palette])"));
    const palette = /** @type {HTMLInputElement} */ (this.querySelector("[data-palette]"));
    if (!input || !palette) return;
    const show = () => {
      const typed = input.value.trim();
      palette.classList.toggle("unset", !WHOLE.test(typed));
      if (WHOLE.test(typed)) palette.value = typed;
    };
    palette.hidden = false;
    input.addEventListener("input", show);
    palette.addEventListener("input", (event) => {
      event.stopPropagation();
      input.value = palette.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    show();
  }
}

customElements.define("lw-color", ColorField);
