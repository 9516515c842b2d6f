/**
 * Short messages at the lower edge. The server writes them into a page or sends them with an
 * answer; other modules ask for one with the event `lw:toast`.
 */

const STAYS = 6_000;
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} content
 */
function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** The token that the server wants with every form. */
function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

class Toasts extends HTMLElement {
  connectedCallback() {
    for (const toast of this.children) this.schedule(toast);
    this.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target.closest("[data-close]")) target.closest(".toast")?.remove();
    });
    document.addEventListener("lw:toast", (event) => this.show(event.detail));
    document.addEventListener("toast", (event) => this.show(event.detail));
  }

  /** @param {{text: string, tone?: string, undo?: string}} message */
  show({ text, tone = "good", undo = "" }) {
    const toast = element("div", { class: `toast ${tone}` }, element("span", {}, text));
    if (undo) {
      toast.append(element("form", { method: "post", action: undo },
        element("input", { type: "hidden", name: "csrf_token", value: csrfToken() }),
        element("button", { class: "link" }, texts.undo)));
    }
    toast.append(element("button", { type: "button", class: "ghost icon-only", "data-close": "", "aria-label": texts.close }, "×"));
    this.append(toast);
    this.schedule(toast);
  }

  /**
   * Take a message away after a while; one with an action, or one that is read, stays longer.
   * @param {Element} toast
   */
  schedule(toast) {
    const stays = toast.querySelector("form") || toast.classList.contains("bad") ? 2 * STAYS : STAYS;
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.schedule(toast) : toast.remove()), stays);
  }
}

customElements.define("lw-toasts", Toasts);
