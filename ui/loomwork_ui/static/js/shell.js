/**
 * The frame of every page: menus, the rail on phones, folded groups, the time zone.
 */

const YEAR = 31_536_000;
const FOLDED = "loomwork.folded";

/** Tell the server the zone in which times are shown; it takes effect with the next page. */
function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`tz=${zone}`)) {
    document.cookie = `tz=${zone}; path=/; max-age=${YEAR}; samesite=lax`;
  }
}

/** Tell the server the kind of screen, by which forms are chosen; with the next page, too. */
function rememberWidth() {
  const width = innerWidth <= 760 ? "phone" : innerWidth <= 1100 ? "tablet" : "desktop";
  if (!document.cookie.split("; ").includes(`width=${width}`)) {
    document.cookie = `width=${width}; path=/; max-age=${YEAR}; samesite=lax`;
  }
}

/**
 * Close open menus that are not around an element.
 * @param {Element | null} around
 */
function closeMenus(around) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!around || !menu.contains(around)) menu.removeAttribute("open");
  }
}

/** Close the innermost open menu and give the focus back to what opened it. */
function closeWithKey() {
  const menu = document.activeElement?.closest("details[data-menu][open]")
    ?? document.querySelector("details[data-menu][open]");
  if (!menu) return false;
  menu.removeAttribute("open");
  menu.querySelector("summary")?.focus();
  return true;
}

class Rail extends HTMLElement {
  connectedCallback() {
    this.opener = document.querySelector(`[data-opens="${this.id}"]`);
    this.opener?.addEventListener("click", () => this.toggle());
    this.restore();
    this.addEventListener("toggle", () => this.keep(), true);
  }

  /** @param {boolean} [open] */
  toggle(open = !this.hasAttribute("data-open")) {
    this.toggleAttribute("data-open", open);
    this.opener?.setAttribute("aria-expanded", String(open));
    if (open) this.querySelector("a")?.focus();
  }

  /** Fold the groups that were folded on the page before. */
  restore() {
    const folded = new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));
    for (const group of this.querySelectorAll("details[data-name]")) {
      if (folded.has(group.dataset.name) && !group.querySelector("[aria-current]")) group.open = false;
    }
  }

  keep() {
    const folded = [...this.querySelectorAll("details[data-name]:not([open])")];
    localStorage.setItem(FOLDED, JSON.stringify(folded.map((group) => group.dataset.name)));
  }
}

customElements.define("lw-rail", Rail);
rememberZone();
rememberWidth();
document.addEventListener("click", (event) => closeMenus(/** @type {Element} */ (event.target)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || closeWithKey()) return;
  const rail = document.querySelector("lw-rail[data-open]");
  if (rail instanceof Rail) rail.toggle(false);
});
