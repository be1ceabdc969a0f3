// Tables that sort by a click on their heading, and a thread that unfolds whole; without this script everything can still be read.
"use strict";

for (const table of document.querySelectorAll("table.sortable")) {
  table.querySelectorAll("thead th").forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const ascending = heading.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      const body = table.tBodies[0];
      const text = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
      const rows = [...body.rows].sort((a, b) => order.compare(text(a), text(b)));
      body.append(...(ascending ? rows : rows.reverse()));
    });
  });
}

const unfold = document.getElementById("unfold");
const folded = document.querySelectorAll(".thread details");
if (unfold) {
  unfold.hidden = ![...folded].some((part) => !part.open);
  unfold.addEventListener("click", () => folded.forEach((part) => { part.open = true; }));
}

// A link to a comment inside folded replies opens them.
function showTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let part = target && target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  if (target) target.scrollIntoView();
}
addEventListener("hashchange", showTarget);
showTarget();
