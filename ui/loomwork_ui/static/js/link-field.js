/**
 * A link to a record, found by typing. The select below keeps the value, so that the form sends it
 * and works where this module does not run.
 */

const WAIT = 150;
let counter = 0;

class LinkField extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    this.number = ++counter;
    this.active = -1;
    this.build();
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.ask());
    this.input.addEventListener("input", (event) => {
      event.stopPropagation();
      this.ask(this.input.value);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => this.pick(event));
    this.clearing.addEventListener("click", () => this.choose("", ""));
    this.show();
  }

  build() {
    this.input = document.createElement("input");
    this.list = document.createElement("div");
    this.clearing = document.createElement("button");
    for (const { name, value } of [...this.select.attributes]) {
      if (!name.startsWith("aria-")) continue;
      this.input.setAttribute(name, value);
      this.select.removeAttribute(name);
    }
    this.input.id = this.select.id;
    this.select.removeAttribute("id");
    this.select.hidden = true;
    this.list.id = `lookup-${this.number}`;
    Object.assign(this.input, { type: "text", dir: "auto", autocomplete: "off", spellcheck: false });
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(combobox)) this.input.setAttribute(name, value);
    this.list.className = "lookup-list";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.clearing.type = "button";
    this.clearing.className = "ghost icon-only lookup-clear";
    this.clearing.textContent = "×";
    this.clearing.setAttribute("aria-label", this.dataset.clear ?? "");
    this.prepend(this.input);
    this.append(this.clearing, this.list);
  }

  /** Show what is chosen. */
  show() {
    const chosen = this.select.selectedOptions[0];
    this.input.value = chosen?.value ? chosen.textContent : "";
    this.input.title = this.input.value;
    this.clearing.hidden = !chosen?.value;
  }

  /** @param {string} [typed] */
  ask(typed = "") {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(typed), typed ? WAIT : 0);
  }

  /** @param {string} typed */
  async fetch(typed) {
    this.asked = typed;
    const answer = await this.request(typed).catch(() => undefined);
    if (this.asked !== typed || !answer?.ok || document.activeElement !== this.input) return;
    this.fill(await answer.json());
  }

  /**
   * Which records fit may depend on what is typed in the whole form.
   * @param {string} typed
   */
  request(typed) {
    const { form } = this.select;
    const headers = { Accept: "application/json" };
    if (!("fitting" in this.dataset) || !form?.dataset.lookup) {
      return fetch(`${this.dataset.source}?${new URLSearchParams({ q: typed })}`, { headers });
    }
    const body = new URLSearchParams(new FormData(form));
    body.set("_q", typed);
    return fetch(`${form.dataset.lookup}${this.select.name}${form.dataset.about}`, { method: "POST", body, headers });
  }

  /** @param {{id: string, title: string}[]} found */
  fill(found) {
    const options = found.map(({ id, title }, index) => {
      const option = document.createElement("div");
      option.id = `${this.list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = (this.dataset.prefix ?? "") + id;
      option.textContent = title;
      option.title = title;
      option.dir = "auto";
      return option;
    });
    if (!options.length) {
      const none = document.createElement("div");
      none.className = "none";
      none.textContent = this.dataset.none ?? "";
      options.push(none);
    }
    this.list.replaceChildren(...options);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(found.length ? 0 : -1);
  }

  /** @param {number} index */
  mark(index) {
    const options = this.list.querySelectorAll("[role='option']");
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === index)));
    this.active = index;
    const option = options[index];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const options = this.list.querySelectorAll("[role='option']");
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.ask();
      else if (options.length) this.mark((this.active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && open && options[this.active] && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.choose(options[this.active].dataset.value, options[this.active].textContent);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  /** @param {MouseEvent} event */
  pick(event) {
    event.preventDefault();
    const option = /** @type {Element} */ (event.target).closest("[role='option']");
    if (option) this.choose(option.dataset.value, option.textContent);
  }

  /**
   * @param {string} value
   * @param {string} title
   */
  choose(value, title) {
    this.select.replaceChildren(new Option("", ""), ...(value ? [new Option(title, value, true, true)] : []));
    this.select.value = value;
    this.show();
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Close the list; what was typed without choosing anything gives way to what is chosen. */
  close() {
    clearTimeout(this.timer);
    this.asked = undefined;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    if (!this.input.value.trim() && this.select.value) {
      this.select.value = "";
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.show();
  }
}

customElements.define("lw-link", LinkField);
