// Asks before a page is left with something typed that was not saved.
const form = document.querySelector("#content-main form[method=post]");
const refused = Boolean(document.querySelector(".errornote")); // What stands in the form was typed already.
let opened;
let sent = false;

function written() {
  const parts = [...new FormData(form)].map(([name, value]) =>
    [name, value instanceof File ? `${value.name} ${value.size}` : value]);
  return JSON.stringify(parts);
}

if (form) {
  // Choices and rows are drawn by scripts of Django's, which are done when the page is.
  const remember = () => { opened = written(); };
  if (document.readyState === "complete") remember();
  else window.addEventListener("load", remember, { once: true });

  form.addEventListener("submit", (event) => { sent = !event.defaultPrevented; });
  window.addEventListener("pageshow", () => { sent = false; }); // Come back to by way of the history.
  window.addEventListener("beforeunload", (event) => {
    if (sent || opened === undefined || (!refused && written() === opened)) return;
    event.preventDefault();
    event.returnValue = "unsaved"; // Older browsers ask for this alone; the words are the browser's own.
  });
}
