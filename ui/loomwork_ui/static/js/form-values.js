/**
 * What is typed into a form, as records have it in the REST API's JSON: by the rules of the
 * server's widgets and field types. What the server would refuse is missing here.
 */

const GROUPED = /^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$/;
const WHOLE = /^[+-]?[0-9]{1,20}$/;
const DECIMAL = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)$/;
const BLANK = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}]*$/u;

/** @param {string} typed */
function text(typed) {
  const composed = typed.trim().normalize("NFC");
  return BLANK.test(composed) ? null : composed;
}

/** @param {RegExp} pattern */
const number = (pattern) => (/** @type {string} */ typed) => {
  const plain = typed.normalize("NFKC").trim();
  const written = GROUPED.test(plain) ? plain.replaceAll(",", "") : plain;
  return pattern.test(written) ? written : null;
};

/** @param {string} typed */
const chosen = (typed) => typed || null;

/** Types of fields that have several values. */
const SEVERAL = new Set(["multi_select", "tags", "links"]);

/**
 * The inputs of a field; one with parts or with several values may have several of one name.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]}
 */
export function inputsOf(form, name) {
  const found = form.elements.namedItem(name);
  if (!found) return [];
  return /** @type {any[]} */ (found instanceof RadioNodeList ? [...found] : [found]);
}

/**
 * What an input would send.
 * @param {any} input
 * @returns {string[]}
 */
function sentBy(input) {
  if (input.type === "checkbox") return input.checked ? [input.value] : [];
  if (input.multiple) return [...input.selectedOptions].map(({ value }) => value);
  return [input.value];
}

/**
 * What the inputs of a field hold, each value on a line of its own.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function entryOf(form, name) {
  return inputsOf(form, name).flatMap(sentBy).join("\n");
}

/** @param {string} entry */
const several = (entry) => entry.split("\n").map(text).filter((one) => one !== null);

/** @type {Record<string, (typed: string) => string | null>} by the type of the field */
const READERS = {
  text,
  long_text: text,
  integer: number(WHOLE),
  decimal: number(DECIMAL),
  percent: (typed) => number(DECIMAL)(typed.normalize("NFKC").trim().replace(/\s*%$/, "")),
  rating: (typed) => typed || null,
  date: (typed) => typed.trim() || null,
  select: chosen,
  link: chosen,
};

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, {type: string}>} fields
 * @returns {Record<string, string | string[] | boolean | null>}
 */
export function typedValues(form, fields) {
  /** @type {Record<string, string | string[] | boolean | null>} */
  const row = {};
  for (const [name, { type }] of Object.entries(fields)) {
    if (SEVERAL.has(type)) {
      row[name] = several(entryOf(form, name));
      continue;
    }
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement && input.type === "checkbox") row[name] = input.checked;
    else if (input && "value" in input) row[name] = READERS[type]?.(input.value) ?? null;
  }
  return row;
}
