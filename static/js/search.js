/* The search page with less waiting: filter rows in place, facets that apply at once. All of it works without. */

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

/* Keep what the reader has opened and where the focus is: ids are the same on both pages. */
function swap(next) {
  const focused = document.activeElement?.id;
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
  document.getElementById("search-rows").replaceWith(next.getElementById("search-rows"));
  for (const input of form().querySelectorAll('input[type="hidden"]')) input.remove();
  form().append(...next.querySelectorAll('#search-form input[type="hidden"]'));
  reopen();
  fitOperators();
  document.title = next.title;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  document.getElementById("search-status").textContent =
    document.querySelector(`#${PAGE} .sentence`).innerText.replaceAll("×", "").trim();
  rove();
}

async function show(url, { remember = true } = {}) {
  const turn = ++latest;
  const page = document.getElementById(PAGE);
  page.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    const next = fetched(await answer.text());
    if (turn !== latest) return;
    if (!answer.ok || !next.getElementById(PAGE)) throw new Error(String(answer.status));
    if (remember) history.pushState(null, "", answer.url + location.hash);
    shown = location.search;
    swap(next);
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

/* Years: one stop of the tab key, arrows between them. */
function rove() {
  for (const drawing of document.querySelectorAll(".strip-drawing")) {
    drawing.querySelectorAll("a").forEach((bar, place) => bar.setAttribute("tabindex", place ? "-1" : "0"));
  }
}

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".strip-drawing a");
  if (!bar || event.altKey || event.ctrlKey || event.metaKey) return;
  const bars = [...bar.parentNode.querySelectorAll("a")];
  const here = bars.indexOf(bar);
  const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: bars.length - 1 }[event.key];
  if (there === undefined || !bars[there]) return;
  event.preventDefault();
  bar.setAttribute("tabindex", "-1");
  bars[there].setAttribute("tabindex", "0");
  bars[there].focus();
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

rove();
reopen();
fitOperators();
