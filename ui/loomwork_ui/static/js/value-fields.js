/**
 * Inputs that only some forms have: each is loaded where the page has one of its kind.
 */

const LOADERS = {
  "lw-color": () => import("./color-field.js"),
  "lw-file": () => import("./file-field.js"),
  "lw-links": () => import("./links-field.js"),
  "lw-place": () => import("./place-field.js"),
  "lw-rating": () => import("./rating-field.js"),
  "lw-reference": () => import("./reference-field.js"),
  "lw-rich": () => import("./rich-field.js"),
  "lw-tags": () => import("./tags-field.js"),
};

for (const [tag, load] of Object.entries(LOADERS)) {
  if (document.querySelector(tag)) load();
}
