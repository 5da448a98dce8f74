/* Similar documents, looked for when the reader comes near them. Without this file a link leads to them. */

const place = document.querySelector("[data-similar]");
const foot = document.querySelector(".site-footer");

const top = () => foot.getBoundingClientRect().top;

async function find() {
  try {
    const answer = await fetch(place.dataset.similar, { headers: { Accept: "text/html" } });
    return answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  } catch {
    return null; // then the link stays
  }
}

/* The foot of the page is all that stands beneath. Until the answer room is kept for it; what is too much of that, or
   too little, changes when the foot is out of sight before and after. */
async function fill() {
  const told = await find();
  const lines = [...(told?.children ?? [])];
  const link = place.querySelector(".similar-link");
  const stood = top();
  if (lines.length) link.after(told); // beneath the link, which stays where it is
  else if (told) link.replaceWith(told); // a sentence: there are none
  while (told?.lastElementChild && stood < innerHeight && top() > stood + 0.5) told.lastElementChild.remove();
  const end = place.lastElementChild.getBoundingClientRect().bottom;
  const room = Math.max(0, Math.ceil(place.getBoundingClientRect().bottom - end));
  const watcher = new IntersectionObserver((seen) => {
    if (seen.some((each) => each.isIntersecting)) return;
    watcher.disconnect();
    if (lines.length) told.replaceChildren(...lines);
    place.classList.add("is-filled");
  }, { rootMargin: `0px 0px ${room}px` });
  watcher.observe(foot);
}

if (place) {
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    watcher.disconnect();
    fill();
  }, { rootMargin: "1200px" });
  watcher.observe(place);
}
