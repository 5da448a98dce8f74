// The reader: its links become buttons that show and hide panes. Without this file they lead to the panes.

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
  target.scrollIntoView({ block: target === pane ? "start" : "center" });
}

window.addEventListener("hashchange", followAddress);
settle();
followAddress();
