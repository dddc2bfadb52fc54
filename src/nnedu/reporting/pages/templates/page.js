"use strict";
(() => {
  const said = document.getElementById("said");
  const value = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent;
    const number = Number(text.replace("−", "-").replace(/ %$/, ""));
    return text.trim() !== "" && !Number.isNaN(number) ? number : text.trim().toLowerCase();
  };
  // Numbers before letters before nothing: what has a mark comes first whichever way it is sorted.
  const rank = (one) => (typeof one === "number" ? 0 : one === "" || one === "–" ? 2 : 1);
  const compare = (a, b, way) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (typeof a === "number") return way * (a - b);
    return way * a.localeCompare(b);
  };
  const sort = (head, column, way) => {
    const body = head.closest("table").tBodies[0];
    const rows = Array.from(body.rows, (row, index) => ({ row, index, key: value(row, column) }));
    rows.sort((a, b) => compare(a.key, b.key, way) || a.index - b.index);
    body.append(...rows.map((one) => one.row));
    for (const other of head.parentNode.cells) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    said.textContent = `Sorted by ${head.textContent.trim()}, ${way > 0 ? "ascending" : "descending"}.`;
  };
  for (const head of document.querySelectorAll("table.sortable thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", head.dataset.sorted ?? "none");
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const first = head.dataset.first === "down" ? -1 : 1;
      sort(head, head.cellIndex, now === "none" ? first : now === "ascending" ? -1 : 1);
    });
  }
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of shut) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of shut) one.open = false; });
})();
