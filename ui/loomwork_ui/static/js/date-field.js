/**
 * A date or point in time with a calendar in the page's language. The calendar is loaded when the
 * first of them is on a page, and typing works without it.
 */

const vendor = new URL("../vendor/", import.meta.url);
const chinese = document.documentElement.lang.startsWith("zh");
/** @type {Promise<unknown> | undefined} */
let loading;

/** @param {string} file */
function script(file) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(file, vendor).href;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

function load() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("../css/calendar.css", import.meta.url).href;
  document.head.append(sheet);
  return script("flatpickr.min.js").then(() => (chinese ? script("flatpickr.zh.js") : undefined));
}

class DateField extends HTMLElement {
  async connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.picker) return;
    loading ??= load();
    await loading;
    const time = Boolean(this.dataset.time);
    const alone = this.dataset.time === "only";
    this.picker = window.flatpickr(input, {
      allowInput: true,
      dateFormat: alone ? "H:i" : time ? "Y-m-d H:i" : "Y-m-d",
      enableTime: time,
      noCalendar: alone,
      time_24hr: true,
      disableMobile: true,
      monthSelectorType: "static",
      locale: { ...(chinese ? window.flatpickr.l10ns.zh : {}), firstDayOfWeek: 1 },
      onChange: () => input.dispatchEvent(new Event("input", { bubbles: true })),
    });
  }

  disconnectedCallback() {
    this.picker?.destroy();
    this.picker = undefined;
  }
}

customElements.define("lw-date", DateField);
