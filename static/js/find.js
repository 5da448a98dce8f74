// Find in text: marks what is typed in the panes that are shown, counts it and leads from place to place.
// What the page came with marked, the words of a search, is led through in the same way until something is typed.

const MOST = 2000;
const WAIT = 150;
const LETTERS = {
  ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ß: "ss", ı: "i", ħ: "h",
  ٱ: "ا", أ: "ا", إ: "ا", آ: "ا", ة: "ه", ى: "ي", ی: "ي", ک: "ك", "’": "'", "‘": "'", "ʼ": "'", "＇": "'",
};
const KEPT = new Set(["й", "ї", "ў"]); // letters of their own
const MARKED_SCRIPTS = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}]/u;
const DROPPED = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640\p{Cf}]/u;
const known = new Map();

// The characters that a character is looked for by: without case, width and marks, as the search folds them.
function fold(character) {
  let folded = known.get(character);
  if (folded !== undefined) return folded;
  const lower = character.normalize("NFKC").toLowerCase();
  if (KEPT.has(lower)) folded = lower;
  else if (DROPPED.test(lower)) folded = "";
  else if (/\s/u.test(lower)) folded = " ";
  else if (LETTERS[lower] !== undefined) folded = LETTERS[lower];
  else folded = MARKED_SCRIPTS.test(lower) ? lower.normalize("NFD").replace(/\p{Mn}/gu, "") : lower;
  known.set(character, folded);
  return folded;
}

// The folded text, and for each of its characters the place in the text as it stands: [text node, from, to].
function readLine(line) {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const places = [];
  let folded = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    let offset = 0;
    for (const character of node.data) {
      for (const one of fold(character)) {
        if (one === " " && folded.endsWith(" ")) continue;
        folded += one;
        places.push([node, offset, offset + character.length]);
      }
      offset += character.length;
    }
  }
  return { folded, places };
}

function markPart(node, from, to, first) {
  const middle = from ? node.splitText(from) : node;
  if (to - from < middle.data.length) middle.splitText(to - from);
  const mark = document.createElement("mark");
  mark.className = first ? "typed" : "typed goes-on";
  middle.replaceWith(mark);
  mark.append(middle);
}

// From the last place to the first, so that the places before stay where they are.
function markPlace(places) {
  let end = places.length - 1;
  while (end >= 0) {
    const node = places[end][0];
    let start = end;
    while (start > 0 && places[start - 1][0] === node) start -= 1;
    markPart(node, places[start][1], places[end][2], start === 0);
    end = start - 1;
  }
}

function markLine(line, wanted, left) {
  const { folded, places } = readLine(line);
  const found = [];
  for (let at = folded.indexOf(wanted); at >= 0 && found.length < left; at = folded.indexOf(wanted, at + wanted.length)) {
    found.push(at);
  }
  for (const at of found.reverse()) markPlace(places.slice(at, at + wanted.length));
  return found.length;
}

function unmark(reader, selector) {
  const parents = new Set();
  for (const mark of reader.querySelectorAll(selector)) {
    parents.add(mark.parentNode);
    mark.replaceWith(...mark.childNodes);
  }
  for (const parent of parents) parent.normalize();
}

export function prepareFind(reader) {
  const bar = reader.querySelector(".find");
  const field = bar.querySelector("input");
  const count = bar.querySelector(".find-count");
  const words = bar.dataset;
  let current = -1;
  let timer = 0;

  // A place counts once, in however many pieces it is marked; what stands in a hidden pane is not there.
  const marks = () => [...reader.querySelectorAll(".pane:not(.pane-off) .pane-body mark:not(.goes-on)")];

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
  }

  function tell() {
    const total = marks().length;
    if (current >= total) current = -1;
    if (!field.value.trim() && !total) count.textContent = "";
    else if (!total) count.textContent = words.none;
    else if (current < 0) count.textContent = fill(total === 1 ? words.one : words.many, { total });
    else count.textContent = fill(words.place, { place: current + 1, total });
    for (const button of bar.querySelectorAll("[data-step]")) button.disabled = !total;
  }

  function look() {
    unmark(reader, ".pane-body mark");
    current = -1;
    const wanted = [...field.value].map(fold).join("").replace(/ +/g, " ").trim();
    let left = MOST;
    if (wanted) {
      for (const line of reader.querySelectorAll(".pane:not(.pane-off) .line > :nth-child(2), .pane:not(.pane-off) .line > td, .pane:not(.pane-off) .line > th")) {
        left -= markLine(line, wanted, left);
        if (left <= 0) break;
      }
    }
    reader.dataset.looked = "true";
    tell();
  }

  function go(step) {
    const all = marks();
    if (!all.length) return;
    for (const mark of reader.querySelectorAll("mark.is-current")) mark.classList.remove("is-current");
    current = current < 0 ? (step > 0 ? 0 : all.length - 1) : (current + step + all.length) % all.length;
    all[current].classList.add("is-current");
    all[current].scrollIntoView({ block: "center" });
    tell();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  bar.addEventListener("submit", event => {
    event.preventDefault();
    go(1);
  });
  bar.addEventListener("keydown", event => {
    if (event.key === "Enter" && event.shiftKey && event.target === field) {
      event.preventDefault();
      go(-1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  for (const button of bar.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => go(Number(button.dataset.step)));
  }
  bar.querySelector("[data-closes]").addEventListener("click", close);
  // Another pane is shown, or one is not any more.
  reader.addEventListener("panes", () => {
    if (bar.hidden) return;
    if (reader.dataset.looked) look();
    else tell();
  });

  const opener = reader.querySelector("[data-opens-find]");

  function close() {
    clearTimeout(timer);
    if (reader.dataset.looked) unmark(reader, ".pane-body mark");
    for (const mark of reader.querySelectorAll("mark.is-current")) mark.classList.remove("is-current");
    current = -1;
    bar.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }

  return function open() {
    bar.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    if (reader.dataset.looked && field.value) look();
    tell();
  };
}
