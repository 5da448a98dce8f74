/* Similar documents, looked for when the reader comes near them. Without this file a link leads to them. */

const place = document.querySelector("[data-similar]");

async function fill() {
  try {
    const answer = await fetch(place.dataset.similar, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("ul");
    if (list?.children.length) place.append(list); // beneath the link, which stays where it is
    else place.replaceChildren(); // its room stays: nothing beneath it moves
  } catch {
    // Then the link stays.
  }
}

if (place) {
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watcher.disconnect();
    fill();
  }, { rootMargin: "1200px" });
  watcher.observe(place);
}
