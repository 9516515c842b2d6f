/**
 * Text with headings, lists, links and emphasis, edited as it looks. What is sent is the source
 * in the text box below, which stays the only input where scripts do not run. The server cleans
 * whatever it is sent; the same is left out here, so that nobody sees what will not be kept.
 */

const TAGS = new Set("P BR H1 H2 H3 H4 STRONG B EM I U S SUB SUP CODE PRE BLOCKQUOTE UL OL LI A HR TABLE THEAD TBODY TR TH TD".split(" "));
const DROPPED = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT EMBED SVG MATH NOSCRIPT TITLE HEAD META LINK".split(" "));
const ADDRESS = /^(https?:|mailto:|tel:)/i;

/**
 * @param {Node} from
 * @param {Node} to gets what may be kept of the children of `from`
 */
function copy(from, to) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.data));
    if (!(child instanceof Element) || DROPPED.has(child.tagName.toUpperCase())) continue;
    const name = child.tagName === "DIV" ? "P" : child.tagName;
    let target = to;
    if (TAGS.has(name)) {
      target = document.createElement(name);
      const address = name === "A" && child.getAttribute("href");
      if (address && ADDRESS.test(address)) target.setAttribute("href", address);
      to.appendChild(target);
    }
    copy(child, target);
  }
}

/** @param {string} source */
function safeContent(source) {
  const parsed = new DOMParser().parseFromString(source, "text/html");
  const kept = document.createDocumentFragment();
  copy(parsed.body, kept);
  return kept;
}

class RichField extends HTMLElement {
  connectedCallback() {
    this.source = this.querySelector("textarea");
    this.box = this.querySelector(".rich-box");
    this.tools = this.querySelector(".rich-tools");
    if (!this.source || !this.box || this.set) return;
    this.set = true;
    this.box.contentEditable = "true";
    this.box.tabIndex = 0;
    this.box.hidden = this.tools.hidden = false;
    this.classList.add("drawn");
    this.source.tabIndex = -1;
    this.source.setAttribute("aria-hidden", "true");
    document.execCommand("defaultParagraphSeparator", false, "p");
    this.box.addEventListener("input", (event) => {
      event.stopPropagation();
      this.write();
    });
    this.box.addEventListener("paste", (event) => this.paste(event));
    this.source.addEventListener("input", () => { if (!this.writing) this.read(); });
    // A label, or the list of what is wrong, leads to the source.
    this.source.addEventListener("focus", () => this.box.focus());
    this.tools.addEventListener("mousedown", (event) => event.preventDefault());
    this.tools.addEventListener("click", (event) => this.act(event));
    this.tools.addEventListener("keydown", (event) => this.walk(event));
    [...this.tools.children].forEach((button, place) => { button.tabIndex = place ? -1 : 0; });
  }

  /** Show what the source says: it was filled in from elsewhere. */
  read() {
    this.box.replaceChildren(safeContent(this.source.value));
  }

  /** Say in the source what is shown. */
  write() {
    const holder = document.createElement("div");
    copy(this.box, holder);
    this.source.value = holder.textContent.trim() || holder.querySelector("hr") ? holder.innerHTML : "";
    this.writing = true;
    this.source.dispatchEvent(new Event("input", { bubbles: true }));
    this.writing = false;
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const source = event.clipboardData?.getData("text/html");
    if (!source) return;
    event.preventDefault();
    const holder = document.createElement("div");
    holder.append(safeContent(source));
    document.execCommand("insertHTML", false, holder.innerHTML);
  }

  /** @param {MouseEvent} event */
  act(event) {
    const action = /** @type {Element} */ (event.target).closest("[data-action]")?.dataset.action;
    if (!action) return;
    this.box.focus();
    if (action === "heading" || action === "blockquote") {
      const tag = action === "heading" ? "h3" : "blockquote";
      const inside = window.getSelection()?.anchorNode?.parentElement?.closest(tag);
      document.execCommand("formatBlock", false, inside && this.box.contains(inside) ? "p" : tag);
    } else if (action === "createLink") {
      const address = window.prompt(this.dataset.ask, "https://");
      if (address && ADDRESS.test(address)) document.execCommand(action, false, address);
    } else {
      document.execCommand(action);
    }
    this.write();
  }

  /**
   * One stop of the tab key for all buttons; arrows go from one to the next.
   * @param {KeyboardEvent} event
   */
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = /** @type {HTMLElement[]} */ ([...this.tools.children]);
    const present = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const next = buttons[(present + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}

customElements.define("lw-rich", RichField);
