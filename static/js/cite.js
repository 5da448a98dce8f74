// The cite box: another style without loading the page again, and the citation to the clipboard, italics and all.
// Without this file the styles are links to the page in that style.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-snippet]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.dataset.snippet, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(answer.statusText);
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    const box = parsed.getElementById("cite");
    document.getElementById("cite").replaceWith(box);
    history.replaceState(null, "", link.getAttribute("href"));
    box.querySelector("[aria-current]").focus();
  } catch {
    location.href = link.href;
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  const words = button.textContent;
  const plain = source.innerText.trim();
  try {
    if (window.ClipboardItem) {
      const parts = { "text/plain": plain, "text/html": source.innerHTML.trim() };
      const blobs = Object.entries(parts).map(([type, text]) => [type, new Blob([text], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    } else {
      await navigator.clipboard.writeText(plain);
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  } catch {
    getSelection().selectAllChildren(source);
  }
});
