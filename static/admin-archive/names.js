// Gives fields a name to be read aloud where Django's admin leaves them without: in the tables of inlines,
// whose labels stand in the heads of columns only, and in the choices that Select2 draws.
function nameCells(root) {
  for (const cell of root.querySelectorAll(".tabular td[class*='field-'], .tabular td.delete")) {
    const table = cell.closest("table");
    const column = [...cell.parentElement.cells].indexOf(cell);
    const head = table.tHead?.rows[0]?.cells[column]?.firstChild?.textContent.trim();
    for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (head && !field.labels?.length) field.setAttribute("aria-label", head);
    }
  }
}

function nameChoices(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const drawn = select.nextElementSibling;
    if (!drawn?.classList.contains("select2")) continue;
    const label = select.labels?.[0];
    const name = label?.textContent.replace(/:\s*$/, "") || select.getAttribute("aria-label");
    if (!name) continue;
    for (const part of drawn.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]")) {
      // Select2 names a choice after what is chosen, which is nothing at first.
      part.removeAttribute("aria-labelledby");
      const chosen = part.getAttribute("role") === "combobox" ? select.selectedOptions[0]?.textContent : "";
      part.setAttribute("aria-label", chosen ? `${name}: ${chosen}` : name);
    }
  }
}

function nameAll() {
  nameCells(document);
  nameChoices(document);
}

// Select2 draws in its own time, and rows are added: whenever elements come, they are named in the next frame.
let planned = false;
new MutationObserver(() => {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    nameAll();
  });
}).observe(document.body, { childList: true, subtree: true });
nameAll();
