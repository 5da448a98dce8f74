// The viewer of a scan: one page large, all of them small beneath it. Loaded when its pane is opened.
// Without it the pages stand in the page one below another.

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error(address)));
    document.head.append(script);
  });
}

// The library would put a style element of its own into the head, which the content policy refuses. It does
// not, where it finds one: this has the name, and no effect.
function keepStyleOut() {
  const standIn = document.createElementNS("urn:none", "style");
  standIn.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(standIn);
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

// A page as the list without scripts has it: an image, or a sentence that says why there is none.
function readPage(item) {
  const link = item.querySelector("a");
  return {
    item,
    id: item.id,
    large: link && link.href,
    small: item.dataset.small,
    message: link ? "" : item.textContent.trim(),
    turned: 0,
  };
}

export async function openViewer(root) {
  const words = root.dataset;
  const stage = root.querySelector(".viewer-stage");
  const message = root.querySelector(".viewer-message");
  const field = root.querySelector(".viewer-number");
  const said = root.querySelector(".viewer-said");
  const strip = root.querySelector(".viewer-strip");
  const does = Object.fromEntries([...root.querySelectorAll("[data-does]")].map(each => [each.dataset.does, each]));
  const pages = [...root.parentElement.querySelectorAll(".scan-page")].map(readPage);
  const thumbs = pages.map(makeThumb);
  let current = 0;

  keepStyleOut();
  await load(words.library);
  const library = window.OpenSeadragon;
  const viewer = library({
    element: stage,
    drawer: "canvas",
    showNavigationControl: false,
    cooperativeGestures: true,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.12,
    visibilityRatio: 0.6,
    maxZoomPixelRatio: 4,
    rotationIncrement: 90,
  });
  viewer.canvas.setAttribute("role", "group");
  // A wheel that scrolls the page past the scan is no mistake; how to zoom stands beneath.
  viewer.addHandler("canvas-cooperative-gesture", event => { event.preventDefaultAction = true; });
  viewer.addHandler("open", () => viewer.viewport.setRotation(pages[current].turned, true));
  viewer.addHandler("open-failed", () => tell(words.lost));
  viewer.addHandler("canvas-key", event => {
    const step = { PageDown: 1, PageUp: -1 }[event.originalEvent.key];
    if (step) show(current + step);
    else if (event.originalEvent.key === "r") turn();
    // Its own keys for other pages, and for a mirror image, which nobody wants of a document.
    if (step || ["r", "R", "f", "F", "j", "k"].includes(event.originalEvent.key)) event.preventDefaultAction = true;
    if (step) event.originalEvent.preventDefault();
  });

  function makeThumb(page, number) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "viewer-thumb";
    button.tabIndex = -1;
    button.setAttribute("aria-label", fill(words.page, { page: number + 1 }));
    if (page.small) {
      const image = document.createElement("img");
      image.loading = "lazy";
      image.alt = "";
      image.src = page.small;
      button.append(image);
    }
    const caption = document.createElement("span");
    caption.textContent = number + 1;
    button.append(caption);
    button.addEventListener("click", () => show(number));
    button.addEventListener("keydown", event => {
      const rtl = getComputedStyle(strip).direction === "rtl" ? -1 : 1;
      const to = { ArrowRight: number + rtl, ArrowLeft: number - rtl, Home: 0, End: pages.length - 1 }[event.key];
      if (to === undefined || !pages[to]) return;
      event.preventDefault();
      show(to);
      thumbs[to].focus();
    });
    const item = document.createElement("li");
    item.append(button);
    strip.append(item);
    return button;
  }

  function tell(text) {
    message.textContent = text;
    message.hidden = !text;
  }

  // Only the strip is moved, not the page around it.
  function bringIntoView(thumb) {
    const outer = strip.getBoundingClientRect();
    const inner = thumb.getBoundingClientRect();
    if (inner.left < outer.left) strip.scrollLeft -= outer.left - inner.left + 8;
    else if (inner.right > outer.right) strip.scrollLeft += inner.right - outer.right + 8;
  }

  function show(number) {
    if (!pages[number]) return;
    const page = pages[number];
    thumbs[current].removeAttribute("aria-current");
    thumbs[current].tabIndex = -1;
    current = number;
    thumbs[number].setAttribute("aria-current", "true");
    thumbs[number].tabIndex = 0;
    bringIntoView(thumbs[number]);
    field.value = number + 1;
    const place = fill(words.place, { page: number + 1, total: pages.length });
    said.textContent = place;
    viewer.canvas.setAttribute("aria-label", `${place}. ${words.keys}`);
    does.previous.disabled = number === 0;
    does.next.disabled = number === pages.length - 1;
    for (const name of ["closer", "farther", "whole", "turn"]) does[name].disabled = !page.large;
    tell(page.message);
    if (page.large) viewer.open({ type: "image", url: page.large });
    else viewer.close();
  }

  function turn() {
    pages[current].turned = (pages[current].turned + 90) % 360;
    viewer.viewport.setRotation(pages[current].turned, true);
    viewer.viewport.goHome(true);
  }

  function zoom(factor) {
    if (!viewer.isOpen()) return;
    viewer.viewport.zoomBy(factor);
    viewer.viewport.applyConstraints();
  }

  const acts = {
    previous: () => show(current - 1),
    next: () => show(current + 1),
    closer: () => zoom(1.5),
    farther: () => zoom(1 / 1.5),
    whole: () => viewer.viewport.goHome(),
    turn,
  };
  for (const [name, button] of Object.entries(does)) button.addEventListener("click", acts[name]);
  field.max = pages.length;
  root.querySelector(".viewer-total").textContent = fill(words.total, { total: pages.length });
  field.addEventListener("change", () => {
    if (pages[field.valueAsNumber - 1]) show(field.valueAsNumber - 1);
    else field.value = current + 1;
  });

  function followAddress() {
    const number = pages.findIndex(page => page.id === location.hash.slice(1));
    if (number >= 0) show(number);
    return number >= 0;
  }
  window.addEventListener("hashchange", followAddress);
  root.classList.add("is-open");
  if (!followAddress()) show(0);
}
