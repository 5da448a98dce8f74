/* The research list with less waiting: every button of it works as a plain form without this file. */

// One change after another: the answer to the first one sets the cookie that the others go with.
let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work, work));

const say = (words) => { document.getElementById("list-status").textContent = words; };

function fields(form, button) {
  const sent = new URLSearchParams(new FormData(form));
  // Notes that stand as they were need not go along.
  for (const area of form.querySelectorAll("textarea")) {
    if (area.value === area.defaultValue) [area.name, area.name.replace("note-", "seen-")].forEach((name) => sent.delete(name));
  }
  if (button?.name) sent.append(button.name, button.value);
  return sent;
}

const send = (form, body, accept) =>
  fetch(form.action, { method: "POST", headers: { Accept: accept }, body, keepalive: body.toString().length < 60000 });

/* Whatever went wrong, the plain way shows it. */
function plainly(form, button) {
  form.dataset.plain = "";
  form.requestSubmit(button);
}

function nodes(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/* A button at a document: what it says changes, the page stays. */
async function keep(form, button) {
  button.parentElement.querySelector(".keep-said")?.remove();
  try {
    const answer = await send(form, fields(form, button), "application/json");
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    const told = await answer.json();
    document.getElementById("my-list-link").replaceChildren(nodes(told.link));
    say(told.said);
    if (answer.status === 409) {
      button.insertAdjacentElement("afterend", Object.assign(document.createElement("span"), { className: "keep-said", textContent: told.said }));
      return;
    }
    const fresh = nodes(told.button).firstElementChild;
    const hadFocus = document.activeElement === button || document.activeElement === document.body;
    button.replaceWith(fresh);
    if (hadFocus) fresh.focus({ preventScroll: true });
  } catch {
    form.elements.next.value = location.pathname + location.search;
    plainly(form, button);
  }
}

/* The list's own page: it comes back changed, and the reader is where they were. */
async function change(form, button) {
  const open = new Set([...document.querySelectorAll("#my-list details[open][id]")].map((each) => each.id));
  try {
    const answer = await send(form, fields(form, button), "text/html");
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = next.getElementById("my-list");
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    for (const details of fresh.querySelectorAll("details[id]")) {
      details.open = open.has(details.id) && details.id !== `edit-${button.value}`;
    }
    // Who sees the list change need not be told above it, which would push it down.
    fresh.querySelector(".is-evident")?.remove();
    document.getElementById("my-list").replaceWith(fresh);
    document.getElementById("my-list-link").replaceWith(next.getElementById("my-list-link"));
    history.replaceState(null, "", form.getAttribute("action"));
    focusOn(button, fresh.dataset.about);
    say(fresh.dataset.said);
  } catch {
    plainly(form, button);
  }
}

/* On the same button, or on what is left of it: a note's line, a document that came back, the next best button. */
function focusOn(button, about) {
  const note = button.name === "save" && document.querySelector(`#edit-${button.value} > summary`);
  const back = button.name === "undo" && document.getElementById(`remove-${about}`);
  const wanted = [note, back, document.getElementById(button.id), document.getElementById(button.dataset.else)];
  const found = wanted.find((each) => each && !each.disabled) ?? document.getElementById("main");
  found.focus({ preventScroll: true });
  (found.closest(".kept-lines > li") ?? found).scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const work = { "list-form": keep, "my-list-form": change }[form.id];
  if (!work || !event.submitter || "plain" in form.dataset) return;
  event.preventDefault();
  inTurn(() => work(form, event.submitter));
});

/* A note is kept as soon as the reader goes on to something else. */
document.addEventListener("change", (event) => {
  const area = event.target;
  const form = area.form;
  if (form?.id !== "my-list-form" || !area.name.startsWith("note-")) return;
  inTurn(async () => {
    const seen = form.elements[area.name.replace("note-", "seen-")];
    const body = new URLSearchParams([[area.name, area.value], [seen.name, seen.value]]);
    try {
      const answer = await send(form, body, "application/json");
      if (!answer.ok) return;
      const told = await answer.json();
      seen.value = told.seen[area.name.replace("note-", "")] ?? seen.value;
      say(told.said);
    } catch {
      // The note is still in its box, and goes with the next button.
    }
  });
});

/* A page that comes back as it was left may tell of the list as it was then. */
addEventListener("pageshow", async (event) => {
  const link = document.getElementById("my-list-link");
  if (!event.persisted || !link) return;
  if (document.getElementById("my-list")) {
    location.reload();
    return;
  }
  const answer = await fetch(link.dataset.state, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { record_ids: kept, link: words } = await answer.json();
  link.replaceChildren(nodes(words));
  const stale = [...document.querySelectorAll("button.keep")].some(
    (button) => kept.includes(Number(button.value)) !== button.classList.contains("is-kept"),
  );
  if (stale) location.reload();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) print();
});
