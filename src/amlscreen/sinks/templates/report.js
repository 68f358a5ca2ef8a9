"use strict";
(() => {
  const table = document.querySelector("table.ranked");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const search = document.getElementById("search");
  const change = document.getElementById("change");
  const bands = [...document.querySelectorAll("input[name=band]")];
  const shown = document.getElementById("shown");
  document.querySelector(".controls").hidden = false;

  const value = (row, column) => {
    const given = row.cells[column].dataset.value;
    const number = Number(given);
    return given !== "" && !Number.isNaN(number) ? number : given;
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));

  table.tHead.addEventListener("click", (event) => {
    const head = event.target.closest("th");
    if (!head || !event.target.closest("button")) return;
    const first = head.dataset.first || "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const column = head.cellIndex;
    rows.sort((a, b) => sign * compare(value(a, column), value(b, column)) || value(a, 0) - value(b, 0));
    body.append(...rows);
  });

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(bands.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const row of rows) {
      const text = row.dataset.text.toLowerCase();
      const fits = wanted.has(row.dataset.band) && (!change.value || row.dataset.change === change.value)
        && words.every((word) => text.includes(word));
      row.hidden = !fits;
      document.getElementById(row.dataset.alert).hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} shown`;
  };
  for (const control of [search, change, ...bands]) control.addEventListener("input", filter);
  filter();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const part of closed) part.open = true;
  });
  addEventListener("afterprint", () => { for (const part of closed) part.open = false; });
})();
