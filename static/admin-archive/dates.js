// Says under a date field how the date is read, a moment after the typing stops.
const PAUSE = 250;
const waiting = new WeakMap();

function show(field, text, wrong) {
  const line = field.parentElement.querySelector(".date-reading");
  if (!line) return;
  line.textContent = text;
  line.classList.toggle("date-refused", wrong);
}

async function read(field) {
  const written = field.value;
  const address = new URL(field.dataset.readDate, window.location.href);
  address.searchParams.set("date", written);
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return show(field, "", false);
    const answer = await response.json();
    // Somebody who typed on has a newer question under way.
    if (field.value === written) show(field, answer.error || answer.reading, Boolean(answer.error));
  } catch {
    show(field, "", false); // No answer is no obstacle: the date is read again when it is saved.
  }
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-read-date]")) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => read(field), PAUSE));
});
