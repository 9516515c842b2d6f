/**
 * A record's page: tabs, unsaved changes, keys that save, the first error, dialogs.
 */

/** @param {Element} panel */
const tabOf = (panel) => document.getElementById(panel.getAttribute("aria-labelledby") ?? "");

/** @param {Element} place of a field @returns {boolean} whether it is asked for and empty */
function isWanting(place) {
  if (!place.querySelector(".required:not([hidden])")) return false;
  const inputs = [...place.querySelectorAll(`[name="${place.dataset.field}"]:not([data-beside])`)];
  if (!inputs.length) return false;
  if (inputs[0].type === "checkbox") return !inputs[0].matches("[role='switch']") && !inputs.some((input) => input.checked);
  return inputs.every((input) => !input.value.trim());
}

class RecordForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form.record-form");
    this.original = this.state();
    this.unsaved = this.dataset.dirty === "true";
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("input", () => this.show(), { signal });
    this.addEventListener("change", () => this.show(), { signal });
    this.addEventListener("lw:shown", () => this.show(), { signal });
    this.addEventListener("click", (event) => this.click(event), { signal });
    this.form?.addEventListener("submit", () => { this.leaving = true; }, { signal });
    this.addEventListener("htmx:afterRequest", () => { this.leaving = false; }, { signal });
    document.addEventListener("click", (event) => this.guard(event), { signal, capture: true });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving) event.preventDefault();
    }, { signal });
    if (this.form && this.dataset.conditions) this.followConditions(signal);
    this.setUpTabs();
    this.show();
    // htmx gives the focus back to the pressed button once it has swapped; errors come first.
    setTimeout(() => this.focusFirst());
  }

  /**
   * Only forms with conditions need the language, and none has to wait for it.
   * @param {AbortSignal} signal
   */
  async followConditions(signal) {
    const { FormConditions } = await import("./form-conditions.js");
    if (!signal.aborted) new FormConditions(this.form, JSON.parse(this.dataset.conditions)).listen(signal);
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  /** What the form would send, as one text. */
  state() {
    if (!this.form) return "";
    const entries = [...new FormData(this.form)].filter(([name]) => name !== "csrf_token");
    const numeric = (name) => {
      const found = this.form.elements.namedItem(name);
      return (found instanceof RadioNodeList ? found[0] : found)?.classList?.contains("num");
    };
    return JSON.stringify(entries.map(([name, value]) => [name, numeric(name) ? value.replaceAll(",", "") : value]));
  }

  get dirty() {
    return this.unsaved || this.state() !== this.original;
  }

  show() {
    const dirty = this.dirty;
    for (const mark of this.querySelectorAll("[data-unsaved], [data-discard]")) mark.hidden = !dirty;
    if (this.panels) this.showTabs();
  }

  /** Say which tabs want something, and leave the open one if it has nothing to show any more. */
  showTabs() {
    for (const panel of this.panels) {
      const faulty = Boolean(panel.querySelector(".field.faulty"));
      const wants = [...panel.querySelectorAll("[data-field]:not([hidden], .locked)")].some(isWanting);
      const mark = /** @type {HTMLElement} */ (tabOf(panel).querySelector(".tab-mark"));
      mark.hidden = !faulty && !wants;
      mark.classList.toggle("bad", faulty);
      mark.querySelector(".unseen").textContent = faulty ? mark.dataset.faulty : mark.dataset.wants;
    }
    const present = this.panels.find((panel) => !panel.hidden);
    if (present && tabOf(present).hidden) this.selectTab(this.panels.find((panel) => !tabOf(panel).hidden) ?? present);
  }

  /** Start where work is to be done: at the first error, in a new record at its first field. */
  focusFirst() {
    const faulty = this.querySelector("[aria-invalid='true']");
    if (faulty) {
      this.selectTab(faulty.closest("[role='tabpanel']"));
      (faulty.closest("lw-link")?.querySelector("input") ?? faulty).focus();
    } else if (this.querySelector("[data-summary]")) {
      this.querySelector("[data-summary]").focus();
    } else if (this.form && location.pathname.endsWith("/new")) {
      const inputs = this.form.querySelectorAll(".field:not([hidden]) :is(input:not([type='hidden']), select, textarea):enabled");
      [...inputs].find((input) => input.checkVisibility())?.focus();
    }
  }

  setUpTabs() {
    const list = this.querySelector("[role='tablist']");
    if (!list) return;
    list.hidden = false;
    this.panels = [...this.querySelectorAll("[role='tabpanel']")];
    this.selectTab(this.panels.find((panel) => !tabOf(panel).hidden) ?? this.panels[0]);
    list.addEventListener("click", (event) => {
      const tab = /** @type {Element} */ (event.target).closest("[role='tab']");
      if (tab) this.selectTab(document.getElementById(tab.getAttribute("aria-controls")));
    });
    list.addEventListener("keydown", (event) => this.walkTabs(event));
  }

  /** @param {Element | null} panel */
  selectTab(panel) {
    if (!panel || !this.panels) return;
    for (const each of this.panels) {
      const tab = tabOf(each);
      each.hidden = each !== panel;
      tab.setAttribute("aria-selected", String(each === panel));
      tab.tabIndex = each === panel ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  walkTabs(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const present = this.panels.findIndex((panel) => !panel.hidden);
    const open = this.panels.filter((panel) => !tabOf(panel).hidden);
    const next = open[(open.indexOf(this.panels[present]) + step + open.length) % open.length];
    this.selectTab(next);
    tabOf(next).focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const saves = (event.ctrlKey || event.metaKey) && (event.key === "s" || event.key === "Enter");
    if (!saves || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.querySelector("#save")?.click();
  }

  /** @param {MouseEvent} event */
  click(event) {
    const target = /** @type {Element} */ (event.target);
    const opener = target.closest("[data-opens-dialog]");
    if (opener) {
      opener.closest("details")?.removeAttribute("open");
      document.getElementById(opener.dataset.opensDialog)?.showModal();
    }
    if (target.closest("[data-close-dialog]")) target.closest("dialog")?.close();
    if (target.closest("[data-discard], [data-reload], dialog .danger")) this.leaving = true;
    const faulty = target.closest("a[data-goes-to]");
    if (faulty) this.goTo(event, faulty);
  }

  /**
   * @param {Event} event
   * @param {Element} link to an input
   */
  goTo(event, link) {
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    const input = document.getElementById(link.getAttribute("href").slice(1));
    this.selectTab(input?.closest("[role='tabpanel']") ?? null);
    (input?.closest("lw-link")?.querySelector("input") ?? input)?.focus();
  }

  /**
   * Ask before a link leaves unsaved changes behind.
   * @param {MouseEvent} event
   */
  guard(event) {
    const link = /** @type {Element} */ (event.target).closest("a[href]");
    const inPlace = !link || link.target || link.getAttribute("href").startsWith("#")
      || link.matches("[data-discard], [data-reload]") || event.ctrlKey || event.metaKey || event.shiftKey;
    if (inPlace || this.leaving || !this.dirty) return;
    event.preventDefault();
    event.stopPropagation();
    const dialog = this.querySelector("#leave-dialog");
    dialog.querySelector("[data-leave]").onclick = () => {
      this.leaving = true;
      location.assign(link.href);
    };
    dialog.showModal();
  }
}

customElements.define("lw-record", RecordForm);
