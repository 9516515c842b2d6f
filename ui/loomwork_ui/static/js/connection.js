/**
 * What happens when the server cannot be reached, or answers with an error.
 */

const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
const notice = document.getElementById("offline");

function showConnection() {
  if (notice) notice.hidden = navigator.onLine;
}

/** @param {string} text */
function complain(text) {
  document.dispatchEvent(new CustomEvent("lw:toast", { detail: { text, tone: "bad" } }));
}

window.addEventListener("online", showConnection);
window.addEventListener("offline", showConnection);
document.addEventListener("htmx:sendError", () => complain(texts.unreachable));
document.addEventListener("htmx:timeout", () => complain(texts.unreachable));
document.addEventListener("htmx:responseError", (event) => {
  const explained = event.detail.xhr.getResponseHeader("HX-Trigger");
  if (!explained) complain(texts.failed);
});
showConnection();
