/**
 * Copy the third-party files that the screens load from node_modules to static/vendor.
 *
 * Nothing is bundled or rewritten, so a file in the browser is the file of its package; only
 * source map comments go, since the maps are not shipped. icons.json is written last and stands
 * for the whole build: whoever finds it finds the rest.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const MODULES = join(HERE, "..", "node_modules");
const TARGET = join(HERE, "loomwork_ui", "static", "vendor");

/** Package → the files that pages load. */
const FILES = {
  "flatpickr": ["dist/flatpickr.min.js", "dist/l10n/zh.js"],
  "htmx.org": ["dist/htmx.min.js"],
};

/** Packages whose code or drawings are inside what is copied, without a file of their own. */
const INCLUDED = ["@tabler/icons"];

/** flatpickr's name for its locale says nothing in a folder shared with other libraries. */
const RENAMED = { "zh.js": "flatpickr.zh.js" };

/**
 * Write a text file and its gzip form.
 * @param {string} name relative to the target folder
 * @param {string} text
 */
function write(name, text) {
  const path = join(TARGET, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
}

/**
 * @param {string} name of a package
 * @param {string[]} files paths inside the package
 */
function copyFiles(name, files) {
  for (const file of files) {
    const text = readFileSync(join(MODULES, name, file), "utf8");
    const plain = text.replace(/^\/[/*]# sourceMappingURL=.*$/gm, "");
    write(RENAMED[basename(file)] ?? basename(file), plain);
  }
}

/**
 * Return a package's licence text, or what its package.json and first file say of it.
 * @param {string} name of a package
 * @returns {string}
 */
function licence(name) {
  const folder = join(MODULES, name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const head = `${name} ${about.version} (${about.license})\n\n`;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file) return head + readFileSync(join(folder, file), "utf8");
  const [first] = FILES[name] ?? [];
  const banner = first && readFileSync(join(folder, first), "utf8").match(/\/\*![\s\S]*?\*\//);
  return banner ? `${head}${banner[0]}\n` : head;
}

/**
 * Return the listed icons' SVG bodies by name: 24 × 24, stroke 2, without the outer element.
 * @returns {Record<string, string>}
 */
function icons() {
  const nodes = JSON.parse(readFileSync(join(MODULES, "@tabler/icons", "tabler-nodes-outline.json"), "utf8"));
  const names = readFileSync(join(HERE, "icons.txt"), "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
  const missing = names.filter((name) => !Object.hasOwn(nodes, name));
  if (missing.length) throw new Error(`ui/icons.txt: @tabler/icons has no ${missing.join(", ")}`);
  const element = ([tag, attributes]) =>
    `<${tag} ${Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(" ")}/>`;
  return Object.fromEntries(names.map((name) => [name, nodes[name].map(element).join("")]));
}

try {
  const drawings = icons();
  rmSync(TARGET, { recursive: true, force: true });
  for (const [name, files] of Object.entries(FILES)) copyFiles(name, files);
  const notices = [...Object.keys(FILES), ...INCLUDED].sort().map(licence);
  write("LICENCES.txt", notices.join(`\n${"-".repeat(78)}\n\n`));
  write("icons.json", `${JSON.stringify(drawings, null, 1)}\n`);
} catch (error) {
  process.stderr.write(`build_assets: ${error.message}\n`);
  process.exitCode = 1;
}
