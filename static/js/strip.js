/* Years as bars: one stop of the tab key, arrows between them. Without this file each bar is a stop. */

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

// The search page says so when it has drawn other years.
document.addEventListener("strips", rove);
rove();
