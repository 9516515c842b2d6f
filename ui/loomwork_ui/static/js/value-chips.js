/**
 * The values of a field as a row of chips, each with a button that takes it out.
 */

/**
 * @param {{value: string, text: string}[]} values
 * @param {string} remove what the buttons are called
 * @param {(value: string) => void} take
 * @returns {HTMLElement[]}
 */
export function chips(values, remove, take) {
  return values.map(({ value, text }) => {
    const chip = document.createElement("span");
    const words = document.createElement("span");
    const button = document.createElement("button");
    chip.className = "tag";
    chip.setAttribute("role", "listitem");
    words.textContent = text;
    words.dir = "auto";
    words.title = text;
    button.type = "button";
    button.className = "ghost";
    button.textContent = "×";
    button.setAttribute("aria-label", `${remove}: ${text}`);
    button.addEventListener("click", () => take(value));
    chip.append(words, button);
    return chip;
  });
}

/** @returns {HTMLElement} the row */
export function chipRow() {
  const row = document.createElement("span");
  row.className = "several";
  row.setAttribute("role", "list");
  return row;
}
