/**
 * The sign-in page: showing the password.
 */

const password = /** @type {HTMLInputElement | null} */ (document.getElementById("password"));
const reveal = document.getElementById("reveal");
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

if (password && reveal) {
  reveal.hidden = false;
  reveal.addEventListener("click", () => {
    const shown = password.type === "password";
    password.type = shown ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(shown));
    reveal.textContent = shown ? texts.hide : texts.show;
  });
}
