/**
 * How fields look in the states that conditions put them in.
 */

import { entryOf, inputsOf } from "./form-values.js";

/** @typedef {import("./form-conditions.js").Definition} Definition */
/** @typedef {import("./form-conditions.js").Entry} Entry */
/**
 * @typedef {object} State what is undefined stays as it is
 * @property {boolean} [visible]
 * @property {boolean} [required]
 * @property {boolean} [readonly]
 * @property {Map<string, boolean>} [refused] by option
 * @property {string} [unfit] what the chosen record should fit and does not
 */

/**
 * @param {HTMLFormElement} form
 * @param {Definition} definition
 */
export const appearances = (form, definition) => new Appearance(form, definition);

/** @param {any} input @returns {boolean} whether it holds something else than it began with */
function isTouched(input) {
  if (input.multiple) return [...input.options].some((option) => option.selected !== option.defaultSelected);
  if (input.options) {
    const first = [...input.options].findIndex((/** @type {HTMLOptionElement} */ option) => option.defaultSelected);
    return input.selectedIndex !== Math.max(first, 0);
  }
  return input.type === "checkbox" ? input.checked !== input.defaultChecked : input.value !== input.defaultValue;
}

/** @param {any} input @returns {string} what the chosen records are called, each on a line */
function titlesOf(input) {
  return input.multiple ? [...input.selectedOptions].map(({ textContent }) => textContent).join("\n") : "";
}

/**
 * @param {any[]} inputs
 * @param {string} entry
 * @param {string} title
 */
function enterSeveral(inputs, entry, title) {
  const values = entry ? entry.split("\n") : [];
  const titles = title.split("\n");
  inputs.forEach((input, place) => {
    if (input.type === "checkbox") input.checked = values.includes(input.value);
    else if (input.multiple) input.replaceChildren(...values.map((value, each) => new Option(titles[each] || value, value, true, true)));
    else input.value = values[place] ?? "";
  });
  inputs[0].dispatchEvent(new Event("input", { bubbles: true }));
}

class Appearance {
  /**
   * @param {HTMLFormElement} form
   * @param {Definition} definition
   */
  constructor(form, definition) {
    this.form = form;
    this.definition = definition;
    /** @type {Map<string, HTMLElement>} */
    this.places = new Map([...form.querySelectorAll("[data-field]")].map((place) => [place.dataset.field, place]));
    /** Which options cannot be chosen. @type {Map<string, Map<string, boolean>>} */
    this.refused = new Map(Object.entries(definition.options).map(([name, known]) => {
      const offered = new Set([...(this.input(name)?.options ?? [])].map(({ value }) => value));
      return [name, new Map(known.map(([option]) => [option, !offered.has(option)]))];
    }));
  }

  /** @param {string} name */
  input(name) {
    return /** @type {HTMLInputElement | HTMLSelectElement | null} */ (this.form.elements.namedItem(name));
  }

  /** @param {Record<string, State>} states */
  show(states) {
    const appeared = [];
    for (const [name, state] of Object.entries(states)) {
      const place = this.places.get(name);
      if (!place) continue;
      if (this.showPlace(place, state)) appeared.push(name);
      if (state.required !== undefined) this.require(place, name, state.required);
      if (state.readonly !== undefined) this.lock(place, state.readonly);
      if (state.refused) this.offer(name, state.refused);
      if (state.unfit !== undefined) this.note(name, "unfit", state.unfit);
    }
    this.showParts();
    this.form.dispatchEvent(new CustomEvent("lw:shown", { bubbles: true }));
    if (appeared.length) this.announce("appeared", appeared);
  }

  /**
   * @param {HTMLElement} place
   * @param {State} state
   * @returns {boolean} whether the field has just appeared
   */
  showPlace(place, { visible }) {
    if (visible === undefined || visible === !place.hidden) return false;
    // What is wrong has to be seen, or nobody can put it right.
    place.hidden = !visible && !place.querySelector(".field-error");
    place.classList.toggle("appeared", visible);
    return visible;
  }

  /**
   * @param {HTMLElement} place
   * @param {string} name
   * @param {boolean} required
   */
  require(place, name, required) {
    const mark = place.querySelector(".required");
    if (mark) mark.hidden = !required;
    const input = document.getElementById(`f-${name}`);
    if (required) input?.setAttribute("aria-required", "true");
    else input?.removeAttribute("aria-required");
  }

  /**
   * @param {HTMLElement} place
   * @param {boolean} locked
   */
  lock(place, locked) {
    const shown = place.querySelector("[data-shown]");
    const input = /** @type {HTMLFieldSetElement | null} */ (place.querySelector("fieldset.input"));
    place.classList.toggle("locked", locked);
    if (input) input.disabled = locked;
    if (!shown || !input) return;
    shown.hidden = !locked;
    input.hidden = locked;
  }

  /**
   * Offer the options of a select that can be chosen; the one that is chosen stays.
   * @param {string} name
   * @param {Map<string, boolean>} changes
   */
  offer(name, changes) {
    const select = this.input(name);
    const refused = this.refused.get(name);
    if (!(select instanceof HTMLSelectElement) || !refused) return;
    for (const [option, isRefused] of changes) refused.set(option, isRefused);
    const chosen = select.value;
    const known = this.definition.options[name] ?? [];
    const kept = known.filter(([option]) => option === chosen || !refused.get(option));
    const foreign = [...select.options].filter(({ value }) => !known.some(([option]) => option === value));
    select.replaceChildren(...foreign, ...kept.map(([option, label]) => new Option(label, option)));
    select.value = chosen;
    this.note(name, "not-offered", refused.get(chosen) ? this.definition.texts.not_offered : "");
  }

  /** Hide sections and tabs without any visible field. */
  showParts() {
    for (const part of this.form.querySelectorAll(".section, [role='tabpanel']")) {
      const fields = [...part.querySelectorAll("[data-field]")];
      const empty = fields.length > 0 && fields.every((field) => field.hidden);
      const tab = document.getElementById(part.getAttribute("aria-labelledby") ?? "");
      if (tab) tab.hidden = empty;
      else if (part.matches(".section")) part.hidden = empty;
    }
  }

  /** @param {string} name */
  isChanged(name) {
    return inputsOf(this.form, name).some(isTouched);
  }

  /** @param {string} name @returns {Entry | null} what is entered now */
  entry(name) {
    const input = this.input(name);
    if (!input) return null;
    if (this.isSeveral(name)) return { entry: entryOf(this.form, name), title: titlesOf(input) };
    if (input instanceof HTMLInputElement && input.type === "checkbox") return { entry: input.checked ? "true" : "", title: "" };
    const title = input instanceof HTMLSelectElement ? (input.selectedOptions[0]?.textContent ?? "") : "";
    return { entry: input.value, title };
  }

  /**
   * @param {string} name
   * @param {Entry} entry
   */
  enter(name, { entry, title }) {
    const input = this.input(name);
    const link = input?.closest("lw-link");
    if (!input) return;
    if (this.isSeveral(name)) {
      enterSeveral(inputsOf(this.form, name), entry, title);
      return;
    }
    if (link && "choose" in link) link.choose(entry, title);
    else if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = entry === "true";
    else input.value = entry;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /**
   * @param {string} name
   * @returns {boolean} whether the field has more than one input, or one with several values
   */
  isSeveral(name) {
    const inputs = inputsOf(this.form, name);
    return inputs.length > 1 || "multiple" in inputs[0] && inputs[0].multiple || this.definition.fields[name]?.type === "multi_select";
  }

  /** @param {Record<string, string>} values of fields that cannot be typed, as HTML of the server */
  showValues(values) {
    for (const [name, value] of Object.entries(values)) {
      const shown = this.places.get(name)?.querySelector("[data-shown]");
      if (shown) shown.innerHTML = value || "—";
    }
  }

  /** @param {string[]} names */
  tellFilled(names) {
    for (const name of names) this.note(name, "filled", this.definition.texts.filled);
    if (names.length) this.announce("filled_fields", names);
  }

  /** @param {string} name */
  forgetFilled(name) {
    this.note(name, "filled", "");
  }

  /**
   * Put a quiet sentence below a field, or take it away.
   * @param {string} name
   * @param {string} kind
   * @param {string} text
   */
  note(name, kind, text) {
    const place = this.places.get(name);
    const present = place?.querySelector(`.field-note.${kind}`);
    place?.classList.toggle(kind, Boolean(text));
    if (present) present.remove();
    if (!text || !place) return;
    const note = document.createElement("p");
    note.className = `field-note ${kind}`;
    note.textContent = text;
    place.append(note);
  }

  /**
   * Say something of fields to those who cannot see them change.
   * @param {string} text
   * @param {string[]} names
   */
  announce(text, names) {
    const place = this.form.querySelector("[data-announce]");
    const labels = names.map((name) => this.definition.fields[name]?.label ?? name);
    const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(labels);
    if (place) place.textContent = this.definition.texts[text].replace("{fields}", list);
  }
}
