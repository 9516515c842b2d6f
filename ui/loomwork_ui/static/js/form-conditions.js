/**
 * A form that follows its conditions while somebody types: fields appear, are asked for, are
 * locked, offer other options. What the form holds is enough for most conditions; where other
 * records are needed, and for fields that fill themselves, the server is asked.
 */

import { compileCondition } from "./expressions/evaluate.js";
import { appearances } from "./form-appearance.js";
import { FormMarks } from "./form-marks.js";
import { typedValues } from "./form-values.js";

const WAIT = 250;

/**
 * @typedef {object} Definition
 * @property {string} url that answers what follows from the form
 * @property {Record<string, {type: string, label: string}>} fields that can be changed
 * @property {Record<string, [string, string][]>} options of selects: all names and labels
 * @property {[string, string, string, any[]][]} programs field, effect, option, condition
 * @property {string[]} asks the fields after whose change the server is asked
 * @property {Record<string, string>} texts
 */
/** @typedef {{entry: string, title: string}} Entry */
/** @typedef {{fields: Record<string, any>, fill: Record<string, Entry>, shown: Record<string, string>}} Answer */

export class FormConditions {
  /**
   * @param {HTMLFormElement} form
   * @param {Definition} definition
   */
  constructor(form, definition) {
    this.form = form;
    this.definition = definition;
    this.conditions = definition.programs.map(([field, effect, option, program]) => ({
      field, effect, option, holds: compileCondition(program),
    }));
    this.own = new Set(this.conditions.map(({ field, effect, option }) => `${field} ${effect} ${option}`));
    this.asks = new Set(definition.asks);
    this.appearance = appearances(form, definition);
    this.marks = new FormMarks(form);
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    for (const type of ["input", "change"]) {
      this.form.addEventListener(type, (event) => this.follow(event), { signal });
    }
    signal.addEventListener("abort", () => {
      clearTimeout(this.timer);
      this.request?.abort();
    });
    // Somebody may have typed before this module was there.
    this.evaluate();
    if ([...this.asks].some((name) => this.appearance.isChanged(name))) this.ask();
  }

  /** @param {Event} event */
  follow(event) {
    const { name } = /** @type {HTMLInputElement} */ (event.target);
    if (!name || this.filling) return;
    if (this.marks.forget(name)) {
      this.marks.setByHand(name);
      this.appearance.forgetFilled(name);
    }
    this.evaluate();
    if (!this.asks.has(name)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  /** Show what the conditions say that need nothing but the form. */
  evaluate() {
    const row = typedValues(this.form, this.definition.fields);
    /** @type {Record<string, any>} */
    const found = {};
    for (const { field, effect, option, holds } of this.conditions) {
      const known = (found[field] ??= {});
      if (effect !== "option") known[effect] = holds(row, {});
      else (known.refused ??= new Map()).set(option, !holds(row, {}));
    }
    this.appearance.show(found);
  }

  /** Ask the server, and show what it says beyond what is found here. */
  async ask() {
    this.request?.abort();
    this.request = new AbortController();
    const body = new URLSearchParams(/** @type {any} */ (new FormData(this.form)));
    const options = { method: "POST", body, signal: this.request.signal, headers: { Accept: "application/json" } };
    const response = await fetch(this.definition.url, options).catch(() => undefined);
    const answer = response?.ok ? await response.json().catch(() => undefined) : undefined;
    if (answer) this.apply(answer);
  }

  /** @param {Answer} answer */
  apply({ fields, fill, shown }) {
    this.filling = true;
    for (const [name, entry] of [...this.marks.filled]) {
      if (!(name in fill)) this.restore(name, entry);
    }
    const names = Object.keys(fill).filter((name) => this.fill(name, fill[name]));
    this.filling = false;
    this.appearance.showValues(shown);
    this.appearance.show(this.theirs(fields));
    this.evaluate();
    this.appearance.tellFilled(names);
  }

  /**
   * What the server says of effects that are not found here.
   * @param {Record<string, any>} fields
   */
  theirs(fields) {
    /** @type {Record<string, any>} */
    const found = {};
    for (const [name, said] of Object.entries(fields)) {
      const known = (found[name] = { unfit: said.unfit });
      for (const effect of ["visible", "required", "readonly"]) {
        if (!this.own.has(`${name} ${effect} `)) known[effect] = said[effect];
      }
      if (!said.options) continue;
      const theirs = (this.definition.options[name] ?? []).filter(([option]) => !this.own.has(`${name} option ${option}`));
      known.refused = new Map(theirs.map(([option]) => [option, !said.options.includes(option)]));
    }
    return found;
  }

  /**
   * @param {string} name
   * @param {Entry} entry
   * @returns {boolean} whether that changes anything
   */
  fill(name, entry) {
    const before = this.appearance.entry(name);
    if (!before || before.entry === entry.entry) return false;
    this.marks.fill(name, before);
    this.appearance.enter(name, entry);
    return true;
  }

  /**
   * @param {string} name
   * @param {Entry} entry
   */
  restore(name, entry) {
    this.marks.forget(name);
    this.appearance.enter(name, entry);
    this.appearance.forgetFilled(name);
  }
}
