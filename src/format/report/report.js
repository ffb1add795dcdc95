"use strict";
const form = document.querySelector("form");
const rows = Array.from(document.querySelectorAll("tbody tr"));
function show() {
  const rule = form.rule.value, severity = form.severity.value, text = form.text.value.toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = (rule && row.dataset.rule !== rule) || (severity && row.dataset.severity !== severity)
      || (text && !row.textContent.toLowerCase().includes(text));
    if (!row.hidden) { shown += 1; }
  }
  document.getElementById("shown").textContent = shown + " / " + rows.length;
}
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
