// Logging charges like in a ledger: an empty row is always there, and amounts add up while typing.
// Without this file the rows that are there can be filled in, and “More Rows” brings more.

const form = document.querySelector("form[data-entry]");
const body = form?.querySelector("tbody");
const total = form?.querySelector('[name="form-TOTAL_FORMS"]');
const most = Number(form?.querySelector('[name="form-MAX_NUM_FORMS"]')?.value);

const number = (text) => Number(text.replace(/[$€£,\s]/g, ""));
const shown = (amount) =>
  amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function amountOf(row) {
  const price = row.querySelector(".entry__price input").value.trim();
  if (!price) return null;
  const quantity = row.querySelector(".entry__quantity input").value.trim() || "1";
  const sign = row.querySelector("select").value === "discount" ? -1 : 1;
  const amount = sign * number(quantity) * number(price);
  return Number.isFinite(amount) ? amount : null;
}

function addUp() {
  let sum = 0;
  let rows = 0;
  for (const row of body.rows) {
    const amount = amountOf(row);
    row.querySelector(".entry__amount output").textContent = amount === null ? "" : shown(amount);
    if (amount !== null) { sum += amount; rows += 1; }
  }
  form.querySelector(".entry__total").textContent = rows > 1 ? shown(sum) : "";
}

function keepOneEmpty() {
  const last = body.rows[body.rows.length - 1];
  const typed = [...last.querySelectorAll("input:not([type=checkbox]), select")].some((field) => field.value);
  const count = Number(total.value);
  if (!typed || count >= most) return;
  const row = form.querySelector("template").content.cloneNode(true);
  for (const field of row.querySelectorAll("[name]")) {
    field.name = field.name.replace("__prefix__", count);
    field.id = field.id.replace("__prefix__", count);
  }
  body.append(row);
  total.value = count + 1;
}

form?.addEventListener("input", () => { keepOneEmpty(); addUp(); });
if (form) addUp();
