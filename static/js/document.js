// The reader: its links become buttons that show and hide panes. Without this file they lead to the panes.

const reader = document.querySelector(".reader");
const panes = [...document.querySelectorAll(".pane")];
const buttons = new Map();

function isShown(pane) {
  return !pane.classList.contains("pane-off");
}

function settle() {
  for (const pane of panes) {
    const button = buttons.get(pane.id);
    if (button) button.setAttribute("aria-pressed", String(isShown(pane)));
  }
  if (reader) reader.dispatchEvent(new Event("panes"));
  for (const viewer of document.querySelectorAll(".pane:not(.pane-off) .viewer")) open(viewer);
}

// A scan is asked for when its pane is looked at. Where its viewer fails, the pages stand one below another.
async function open(viewer) {
  if (viewer.dataset.opened) return;
  viewer.dataset.opened = "true";
  try {
    const { openViewer } = await import(viewer.dataset.script);
    await openViewer(viewer);
  } catch (error) {
    viewer.classList.add("has-failed");
    console.warn(error);
  }
}

function show(pane, wanted) {
  pane.classList.toggle("pane-off", !wanted);
  settle();
}

for (const link of document.querySelectorAll("a[data-pane]")) {
  const pane = document.getElementById(link.dataset.pane);
  if (!pane) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = link.textContent;
  button.setAttribute("aria-controls", pane.id);
  button.addEventListener("click", () => show(pane, !isShown(pane)));
  buttons.set(pane.id, button);
  link.replaceWith(button);
}

// A link to a paragraph opens the pane it stands in. Plain #p12 is the twelfth of the first text.
function followAddress() {
  const name = decodeURIComponent(location.hash.slice(1));
  const target = name && document.getElementById(name);
  const pane = target && target.closest(".pane");
  if (!pane) return;
  if (!isShown(pane)) show(pane, true);
  markCorresponding(target, pane);
  target.scrollIntoView({ block: target === pane ? "start" : "center" });
}

// In panes that go in step, the paragraph beside the one that is linked to is marked with it.
function markCorresponding(target, pane) {
  for (const line of document.querySelectorAll(".line.is-marked")) line.classList.remove("is-marked");
  const number = /p(\d+)$/.exec(target.id);
  if (!number || !pane.closest(".panes-in-step")) return;
  for (const other of panes) {
    const line = document.getElementById(`${other.id}-p${number[1]}`);
    if (line && other.closest(".panes-in-step")) line.classList.add("is-marked");
  }
}

// On a phone, where the texts stand one after another: from the paragraph that is read to the one that corresponds.
for (const jump of document.querySelectorAll("[data-jumps]")) {
  jump.addEventListener("click", () => {
    const pane = jump.closest(".pane");
    const edge = jump.parentElement.getBoundingClientRect().bottom + 40; // more than its last line is in sight
    const lines = [...pane.querySelectorAll(".line")];
    const line = lines.find(each => each.getBoundingClientRect().bottom > edge) ?? lines.at(-1);
    const other = document.getElementById(jump.dataset.jumps);
    if (!isShown(other)) show(other, true);
    const number = line && /p(\d+)$/.exec(line.id);
    const target = (number && document.getElementById(`${other.id}-p${number[1]}`)) || other;
    if (number) markCorresponding(line, pane);
    target.scrollIntoView({ block: "start" });
    (target.querySelector(".line-number") ?? other).focus({ preventScroll: true });
  });
}

window.addEventListener("hashchange", followAddress);
settle();
followAddress();

// Find in text is fetched when it is wanted: asked for, or because the words of a search are marked.
const opener = document.querySelector("[data-opens-find]");
if (opener) {
  const bar = document.getElementById(opener.getAttribute("aria-controls"));
  let openFind = null;

  async function find(focus) {
    openFind ??= import(bar.dataset.script).then(({ prepareFind }) => prepareFind(reader));
    (await openFind)();
    if (focus) bar.querySelector("input").select();
  }
  opener.addEventListener("click", () => find(true));
  if (!bar.hidden) find(false);
}

// The size of the text is the reader's own, and stays.
const size = document.querySelector("[data-sets-size]");
if (size) {
  let kept = "";
  try {
    kept = localStorage.getItem("text-size") || "";
  } catch {
    // A browser that keeps nothing: then it is set anew on every page.
  }
  if ([...size.options].some(option => option.value === kept)) size.value = kept;
  const set = () => { reader.dataset.size = size.value; };
  set();
  size.addEventListener("change", () => {
    set();
    try {
      localStorage.setItem("text-size", size.value);
    } catch {
      // As above.
    }
  });
}
