/* The search page with less waiting: filter rows in place, facets that apply at once, a form that is sent without
   leaving the page. All of it works without. */

const PAGE = "search-page";
let latest = 0;
let shown = location.search;

const form = () => document.getElementById("search-form");

function address() {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form())) {
    // Row inputs go together, empty or not; other empty boxes say nothing.
    if (value !== "" || name.startsWith("f-")) parameters.append(name, value);
  }
  return `${form().action}?${parameters}`;
}

function fetched(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/* Rows have no ids. Those without a value are not on the next page. */
function rowControls() {
  const rows = [...document.querySelectorAll(".band-row")].filter((row) => row.querySelector(".row-value").value.trim());
  return rows.flatMap((row) => [...row.querySelectorAll("select, input")]);
}

/* Takes note of where the focus is, and gives the way back to it: ids are the same on both pages. */
function focusKept() {
  const { activeElement: focused } = document;
  if (!focused || focused === document.body) return () => {};
  const [place, caret] = [rowControls().indexOf(focused), focused.selectionStart];
  const isRow = focused.closest(".band-row");
  if (isRow) focused.blur(); // its suggestions close
  return () => {
    if (document.activeElement === focused) return;
    const inRow = () => rowControls()[place] ?? document.getElementById("add-row");
    const same = focused.isConnected ? focused : isRow ? inRow() : document.getElementById(focused.id);
    (same ?? document.getElementById("main")).focus({ preventScroll: true });
    if (same?.type === "text") same.setSelectionRange(caret, caret);
  };
}

/* What stands in the boxes, and in the rows as one; what is typed while an answer is on its way is not lost. */
const BOXES = ["search-words", "search-from", "search-to"];

function typed() {
  const rows = [...document.querySelectorAll(".band-row .row-value")].map((input) => input.value);
  return new Map([...BOXES.map((id) => [id, document.getElementById(id)?.value]), ["rows", JSON.stringify(rows)]]);
}

/* Keep what the reader has opened, what was typed since the page was asked for, and where the focus is. */
function swap(next, before) {
  const now = typed();
  for (const id of BOXES) {
    const box = next.getElementById(id);
    if (box && now.get(id) !== undefined && now.get(id) !== before.get(id)) box.value = now.get(id);
  }
  const focusBack = focusKept();
  const open = new Map([...document.querySelectorAll(`#${PAGE} details[id]`)].map((each) => [each.id, each.open]));
  const fresh = next.getElementById(PAGE);
  for (const details of fresh.querySelectorAll("details[id]")) {
    if (open.has(details.id)) details.open = open.get(details.id);
  }
  const [filters, freshFilters] = [document, next].map((page) => page.getElementById("filters"));
  if (filters && freshFilters) {
    // The drawer itself stays: it is open because the address points to it.
    filters.replaceChildren(...freshFilters.childNodes);
    for (const part of [".search-head", "#results"]) {
      document.querySelector(part).replaceWith(next.querySelector(part));
    }
  } else {
    document.getElementById(PAGE).replaceWith(fresh);
  }
  document.getElementById(PAGE).removeAttribute("aria-busy");
  if (now.get("rows") === before.get("rows")) {
    document.getElementById("search-rows").replaceWith(next.getElementById("search-rows"));
  }
  document.querySelector(".band-scope").replaceWith(next.querySelector(".band-scope"));
  const [words, freshWords] = [document, next].map((page) => page.getElementById("search-words"));
  Object.assign(words, { value: freshWords.value, placeholder: freshWords.placeholder });
  for (const input of form().querySelectorAll('input[type="hidden"]')) input.remove();
  form().append(...next.querySelectorAll('#search-form input[type="hidden"]'));
  reopen();
  fitOperators();
  document.title = next.title;
  focusBack();
  document.getElementById("search-status").textContent =
    document.querySelector(`#${PAGE} .sentence`).innerText.replaceAll("×", "").trim();
  document.dispatchEvent(new Event("strips"));
}

async function show(url, { remember = true } = {}) {
  const turn = ++latest;
  const page = document.getElementById(PAGE);
  const before = typed();
  page.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const next = fetched(await answer.text());
    if (turn !== latest) return;
    if (!answer.ok || !next.getElementById(PAGE)) throw new Error(String(answer.status));
    // The timeline sends whoever asks for people to the search, which is another page.
    if (new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url);
    const found = answer.url + location.hash;
    if (remember && found !== location.href) history.pushState(null, "", found);
    shown = location.search;
    swap(next, before);
  } catch {
    // Whatever went wrong, the plain way shows it.
    if (turn === latest) location.assign(url);
  }
}

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.form !== form() || !control.closest(`#${PAGE}`)) return;
  if (control.matches('input[type="checkbox"], input[type="radio"], select')) show(address());
});

/* Enter in a box, and the buttons; where there is nothing to swap, the form goes the plain way. */
document.addEventListener("submit", (event) => {
  if (event.target !== form() || !document.getElementById(PAGE)) return;
  event.preventDefault();
  // On a touch screen the keyboard would stay before what was found.
  if (matchMedia("(pointer: coarse)").matches && document.activeElement.matches("input")) document.activeElement.blur();
  show(address());
});

/* A suggestion that was chosen. */
document.addEventListener("search-chosen", (event) => {
  if (!document.getElementById(PAGE)) return;
  event.preventDefault();
  show(event.detail);
});

/* A value is chosen or excluded, not both. */
document.addEventListener("change", (event) => {
  const control = event.target;
  if (!control.matches('.choice-row input[type="checkbox"]') || !control.checked) return;
  for (const other of control.closest(".choice-row").querySelectorAll("input")) {
    if (other !== control) other.checked = false;
  }
}, true);

/* Which facets a reader keeps open is remembered in this browser. */
const KEPT = "archive-facets";

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}

document.addEventListener("click", (event) => {
  // Not the toggle event: that comes also where the page itself opens a facet.
  const facet = event.target.closest?.(".facet[id] > summary")?.parentNode;
  if (!facet) return;
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), [facet.id]: !facet.open }));
  } catch {
    // Storage is off or full: then nothing is remembered.
  }
});

function reopen() {
  for (const [id, isOpen] of Object.entries(kept())) {
    const facet = document.getElementById(id);
    if (facet?.matches(".facet") && facet.open !== isOpen) facet.open = isOpen;
  }
}

addEventListener("popstate", () => {
  // A step to an anchor of this page is no other search.
  if (!document.getElementById(PAGE) || location.search === shown) return;
  show(location.href, { remember: false });
});

/* Filter rows. "Before" and its like are for dates. */
function fitOperators(changed) {
  for (const row of document.querySelectorAll(".band-row")) {
    const field = row.querySelector(".row-field");
    const operator = row.querySelector(".row-op");
    for (const option of operator.options) {
      // A row that was sent with a condition that does not fit shows it, beside what is told of it.
      const stays = option.selected && field !== changed;
      option.hidden = option.disabled = Boolean(option.dataset.for) && option.dataset.for !== field.value && !stays;
    }
    if (operator.selectedOptions[0]?.disabled ?? true) operator.selectedIndex = 0;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".row-field")) fitOperators(event.target);
});

document.addEventListener("click", (event) => {
  if (event.target.id === "add-row") {
    event.preventDefault();
    const rows = document.getElementById("search-rows");
    rows.append(document.getElementById("row-template").content.cloneNode(true));
    fitOperators();
    rows.lastElementChild.querySelector(".row-value").focus();
    return;
  }
  const cancel = event.target.closest?.(".row-cancel");
  if (!cancel) return;
  const row = cancel.closest(".band-row");
  event.preventDefault();
  const asked = row.querySelector(".row-value").defaultValue;
  row.remove();
  document.getElementById("add-row").focus();
  // A row that narrowed the search on the screen is taken out of it.
  if (asked && document.getElementById(PAGE)) show(address());
});

reopen();
fitOperators();
