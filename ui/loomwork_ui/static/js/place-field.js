/**
 * Latitude and longitude: “31.23, 121.47” pasted into the first box fills both.
 */

const BOTH = /^\s*([+-]?[0-9.]+)\s*[,，;\s]\s*([+-]?[0-9.]+)\s*$/;

class PlaceField extends HTMLElement {
  connectedCallback() {
    const [latitude, longitude] = /** @type {NodeListOf<HTMLInputElement>} */ (this.querySelectorAll("input"));
    if (!latitude || !longitude) return;
    latitude.addEventListener("paste", (event) => {
      const [, first, second] = BOTH.exec(event.clipboardData?.getData("text") ?? "") ?? [];
      if (!second) return;
      event.preventDefault();
      latitude.value = first;
      longitude.value = second;
      latitude.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

customElements.define("lw-place", PlaceField);
