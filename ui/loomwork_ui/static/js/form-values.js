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

/** @type {Record<string, (typed: string) => string | null>} by the type of the field */
const READERS = {
  text,
  long_text: text,
  integer: number(WHOLE),
  decimal: number(DECIMAL),
  date: (typed) => typed.trim() || null,
  select: chosen,
  link: chosen,
};

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, {type: string}>} fields
 * @returns {Record<string, string | boolean | null>}
 */
export function typedValues(form, fields) {
  /** @type {Record<string, string | boolean | null>} */
  const row = {};
  for (const [name, { type }] of Object.entries(fields)) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement && input.type === "checkbox") row[name] = input.checked;
    else if (input && "value" in input) row[name] = READERS[type]?.(input.value) ?? null;
  }
  return row;
}
