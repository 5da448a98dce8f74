// Offers the languages by name where a code is wanted; the list is fetched once, when it is first needed.
let list;
const means = new Map(); // The option of every code and tag.

async function offer(field) {
  if (list) {
    field.setAttribute("list", list.id);
    return;
  }
  list = document.createElement("datalist");
  list.id = "archive-languages";
  field.setAttribute("list", list.id);
  try {
    const response = await fetch(field.dataset.languages, { headers: { Accept: "application/json" } });
    for (const [code, name, tag] of (await response.json()).languages) {
      const option = document.createElement("option");
      option.value = code;
      option.label = tag && tag !== code ? `${name} (${tag})` : name; // The browser looks in here, too.
      means.set(code, option).set(tag, option);
      list.append(option);
    }
    document.body.append(list);
  } catch {
    list = undefined; // Codes and names can be typed without the list.
  }
}

// Who types a code or a tag has its language first among those offered.
document.addEventListener("input", (event) => {
  const meant = event.target.matches?.("input[data-languages]") && means.get(event.target.value.trim().toLowerCase());
  if (meant) list.prepend(meant);
}, true);

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("input[data-languages]")) offer(event.target);
});
