/**
 * A link to a record of any of several entities: which one is chosen beside it.
 */

class ReferenceField extends HTMLElement {
  connectedCallback() {
    const kind = /** @type {HTMLSelectElement} */ (this.querySelector("select[data-kind]"));
    const link = /** @type {any} */ (this.querySelector("lw-link"));
    if (!kind || !link) return;
    kind.hidden = kind.options.length < 2;
    kind.addEventListener("change", (event) => {
      event.stopPropagation();
      link.dataset.source = `/app/lookup/${kind.value}`;
      link.dataset.prefix = `${kind.value}:`;
      link.choose?.("", "");
    });
    // What is filled in may be of another kind than the one that is shown.
    link.addEventListener("input", () => {
      const [entity, id] = (link.querySelector("select")?.value ?? "").split(":");
      if (!id || entity === kind.value) return;
      kind.value = entity;
      link.dataset.source = `/app/lookup/${entity}`;
      link.dataset.prefix = `${entity}:`;
    });
  }
}

customElements.define("lw-reference", ReferenceField);
