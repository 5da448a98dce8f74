// Offers the languages by name where a code is wanted; the list is fetched once, when it is first needed.
let list;

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
    for (const [code, name] of (await response.json()).languages) {
      const option = document.createElement("option");
      option.value = code;
      option.textContent = name;
      list.append(option);
    }
    document.body.append(list);
  } catch {
    list = undefined; // Codes and names can be typed without the list.
  }
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("input[data-languages]")) offer(event.target);
});
