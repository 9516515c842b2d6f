/**
 * A file, sent as soon as it is chosen. The hidden input keeps its id, which the form then sends.
 */

const ADDRESS = "/api/v1/files";

/** The token that the server wants with every change. */
function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

class FileField extends HTMLElement {
  connectedCallback() {
    this.kept = /** @type {HTMLInputElement} */ (this.querySelector("input[type=hidden]"));
    this.chooser = /** @type {HTMLInputElement} */ (this.querySelector("[data-choose]"));
    if (!this.kept || !this.chooser) return;
    this.shown = /** @type {HTMLElement} */ (this.querySelector("[data-name]"));
    this.bar = /** @type {HTMLProgressElement} */ (this.querySelector("progress"));
    this.removing = /** @type {HTMLButtonElement} */ (this.querySelector("[data-remove]"));
    this.told = /** @type {HTMLElement} */ (this.querySelector("[data-told]"));
    this.chooser.addEventListener("change", (event) => {
      event.stopPropagation();
      const file = this.chooser.files?.[0];
      if (file) this.send(file);
    });
    this.removing.addEventListener("click", () => this.choose("", ""));
  }

  disconnectedCallback() {
    this.request?.abort();
  }

  /** @param {File} file */
  send(file) {
    this.request?.abort();
    const request = new XMLHttpRequest();
    this.request = request;
    request.open("POST", `${ADDRESS}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const answer = request.response ?? {};
      if (request.status === 201) this.choose(answer.id, answer.name);
      else this.fail(answer.detail);
    });
    request.addEventListener("error", () => this.fail(""));
    this.bar.hidden = false;
    this.bar.value = 0;
    this.told.textContent = this.dataset.sending ?? "";
    request.send(file);
  }

  /** @param {string | undefined} reason */
  fail(reason) {
    this.bar.hidden = true;
    this.chooser.value = "";
    this.told.textContent = reason || (this.dataset.failed ?? "");
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  choose(id, name) {
    this.bar.hidden = true;
    this.chooser.value = "";
    this.told.textContent = "";
    this.kept.value = id;
    this.shown.textContent = name;
    this.removing.hidden = !id;
    this.kept.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("lw-file", FileField);
