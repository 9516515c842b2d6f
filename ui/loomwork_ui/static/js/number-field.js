/**
 * A number that is grouped for reading and plain for typing.
 */

const GROUPED = /^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$/;
const LONG = /^([+-]?)([0-9]{4,})(\.[0-9]*)?$/;

class NumberField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (input?.inputMode !== "decimal") return;
    const plain = () => {
      if (GROUPED.test(input.value)) input.value = input.value.replaceAll(",", "");
    };
    input.addEventListener("focus", plain);
    // Somebody may have entered the field before this module had arrived.
    if (input === document.activeElement) plain();
    input.addEventListener("blur", () => {
      const [, sign, whole, rest = ""] = LONG.exec(input.value.trim()) ?? [];
      if (whole) input.value = `${sign}${whole.replace(/\B(?=([0-9]{3})+$)/g, ",")}${rest}`;
    });
  }
}

customElements.define("lw-number", NumberField);
