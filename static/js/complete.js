/* Suggestions while one types, in the search box and in the values of filter rows: a combobox as ARIA 1.2 has it.
   The box and the rows are plain inputs without this file. Rows come and go, so all is heard at the document. */

const WAIT = 120; // milliseconds of silence before the archive is asked
const KEPT = 50; // answers

const form = document.getElementById("search-form");
const completed = new Set(form.dataset.completed.split(" "));
const list = Object.assign(document.createElement("ul"), { id: "suggestions", className: "suggestions", hidden: true });
const status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
const answers = new Map();
let input = null; // the list is this one's
let found = [];
let active = -1;
let timer = 0;
let asking = null;

const isBox = (element) => element.id === "search-words";
const isRow = (element) => Boolean(element.matches?.("#search-form .row-value"));
const part = (element, name) => element.closest(".band-row").querySelector(`[name="${name}"]`);
const home = () => form.querySelector(".band-box");

function dress(element) {
  element.setAttribute("role", "combobox");
  element.setAttribute("aria-autocomplete", "list");
  element.setAttribute("aria-expanded", "false");
  element.setAttribute("aria-controls", list.id);
}

/* The form as it stands, without the words; empty boxes say nothing, but the inputs of rows go together. */
function asked() {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "q" && (value !== "" || name.startsWith("f-"))) parameters.append(name, value);
  }
  return parameters;
}

function address() {
  const parameters = isBox(input) ? asked() : new URLSearchParams({ field: part(input, "f-field").value });
  parameters.append("q", input.value.trim());
  return `${form.dataset.complete}?${parameters}`;
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  found = [];
  active = -1;
  status.textContent = "";
  if (list.hidden) return;
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
  home().append(list); // a row that is taken away must not take it along
}

function line(suggestion, place) {
  const option = Object.assign(document.createElement("li"), { id: `suggestion-${place}`, className: "suggestion" });
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  for (const name of ["text", "kind", "detail"]) {
    if (!suggestion[name]) continue;
    const words = Object.assign(document.createElement("span"), { className: `suggestion-${name}`, dir: "auto" });
    words.textContent = suggestion[name];
    option.append(words, " ");
  }
  return option;
}

function open(answer) {
  if (!answer.suggestions.length) return close();
  found = answer.suggestions;
  active = -1;
  list.replaceChildren(...found.map(line));
  const row = isRow(input);
  (row ? input.closest(".band-row") : home()).append(list);
  // Under its input, wherever the row has that on this screen; the box has the whole band.
  list.style.top = row ? `${input.offsetTop + input.offsetHeight}px` : "";
  list.style.left = row ? `${input.offsetLeft}px` : "";
  list.style.right = row ? "auto" : ""; // a page may run from right to left
  list.style.width = row ? `${input.offsetWidth}px` : "";
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
  status.textContent = answer.status;
}

async function load() {
  const [own, url] = [input, address()];
  const control = (asking = new AbortController());
  try {
    if (!answers.has(url)) {
      const response = await fetch(url, { headers: { Accept: "application/json" }, signal: control.signal });
      if (!response.ok) throw new Error(String(response.status));
      const answer = await response.json();
      if (answers.size >= KEPT) answers.clear();
      answers.set(url, answer);
    }
    if (asking === control && own === document.activeElement) open(answers.get(url));
  } catch (error) {
    // Nothing is lost without suggestions.
    if (error.name !== "AbortError" && asking === control) close();
  }
}

/* Asks for what is typed now, or after a pause. */
function ask(element, wait) {
  if (element !== input) close();
  input = element;
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  move(-1);
  if (!input.value.trim() || (isRow(input) && !completed.has(part(input, "f-field").value))) return close();
  timer = setTimeout(load, wait);
}

function move(place) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = place;
  const option = list.children[active];
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function choose(suggestion) {
  const own = input;
  close();
  if (isRow(own)) {
    own.value = suggestion.name;
    // Who chooses a name means the one that the archive has so, not all with these words.
    const operator = part(own, "f-op");
    const exact = operator && { contains: "is", "contains-not": "is-not" }[operator.value];
    if (exact && part(own, "f-field").value !== "any") operator.value = exact;
    return;
  }
  if (suggestion.url) return location.assign(suggestion.url);
  const parameters = asked();
  // People and collections are not named by others; their documents are found among documents.
  if (!parameters.get("in")?.startsWith("collection:")) parameters.set("in", "documents");
  for (const [name, value] of suggestion.parameters) parameters.append(name, value);
  const address = `${form.action}?${parameters}`;
  // The search page shows it in place.
  const chosen = new CustomEvent("search-chosen", { bubbles: true, cancelable: true, detail: address });
  if (form.dispatchEvent(chosen)) location.assign(address);
}

document.addEventListener("focusin", ({ target }) => {
  if ((isBox(target) || isRow(target)) && !target.hasAttribute("role")) dress(target);
});

document.addEventListener("focusout", ({ target }) => {
  if (target === input) close();
});

for (const name of ["input", "compositionend"]) {
  document.addEventListener(name, (event) => {
    if (!event.isComposing && (isBox(event.target) || isRow(event.target))) ask(event.target, WAIT);
  });
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (!(isBox(target) || isRow(target)) || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const last = found.length - 1;
  if (list.hidden || target !== input) {
    if (key !== "ArrowDown" || !target.value.trim()) return;
    event.preventDefault();
    ask(target, 0);
  } else if (key === "Escape" || (key === "ArrowUp" && event.altKey)) {
    event.preventDefault(); // the first time the list goes, the second time what is typed
    close();
  } else if (key === "ArrowDown") {
    event.preventDefault();
    move(active === last ? 0 : active + 1);
  } else if (key === "ArrowUp") {
    event.preventDefault();
    move(active < 1 ? last : active - 1);
  } else if (key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(found[active]);
  } else if (key === "Enter") {
    close();
  }
});

// Where the pointer goes down the focus follows: it stays in the box.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest(".suggestion");
  if (option) choose(found[[...list.children].indexOf(option)]);
});
addEventListener("resize", close);
addEventListener("pageshow", close);

list.setAttribute("role", "listbox");
list.setAttribute("aria-label", form.dataset.suggestions);
status.setAttribute("role", "status");
home().append(list);
form.append(status);
for (const element of form.querySelectorAll("#search-words, .row-value")) dress(element);
