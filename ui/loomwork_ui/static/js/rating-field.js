/**
 * Stars over a choice of numbers. The choice stays what has the focus and the value, so that
 * keys and screen readers work as with any other; the stars are for the eye and the pointer.
 */

class RatingField extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    if (!select || this.stars) return;
    this.stars = document.createElement("span");
    this.stars.className = "stars-input";
    this.stars.setAttribute("aria-hidden", "true");
    const options = [...select.options].filter(({ value }) => value);
    for (const { value, text } of options) {
      const star = document.createElement("span");
      star.title = text;
      star.addEventListener("click", () => {
        select.value = select.value === value ? "" : value;
        select.focus();
        for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
      });
      this.stars.append(star);
    }
    const show = () => {
      const count = options.findIndex(({ value }) => value === select.value) + 1;
      [...this.stars.children].forEach((star, place) => { star.textContent = place < count ? "★" : "☆"; });
    };
    select.addEventListener("input", show);
    select.addEventListener("change", show);
    this.append(this.stars);
    this.classList.add("drawn");
    show();
  }

  disconnectedCallback() {
    this.stars?.remove();
    this.stars = undefined;
    this.classList.remove("drawn");
  }
}

customElements.define("lw-rating", RatingField);
