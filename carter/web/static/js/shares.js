// What of a payment goes to which invoice: the oldest due first while the amount is typed; typing
// into a line means that the lines count as written. The server decides the same without this file.

const form = document.querySelector("form[data-payment]");
const lines = [...(form?.querySelectorAll("[data-shares] input") ?? [])];
const choice = (value) => form.querySelector(`[name="apply"][value="${value}"]`);

function cents(text) {
  const amount = Number(text.replace(/[$€£,\s]/g, ""));
  return Number.isFinite(amount) ? Math.round(amount * 100) : 0;
}

function spread() {
  const amount = form.querySelector('[name="amount"]');
  let left = amount ? cents(amount.value) : Number(form.dataset.payment);
  for (const line of lines) {
    const some = Math.max(0, Math.min(left, Number(line.dataset.open)));
    line.value = some ? (some / 100).toFixed(2) : "";
    left -= some;
  }
}

form?.addEventListener("input", (event) => {
  if (!lines.length) return;
  if (lines.includes(event.target)) choice("chosen").checked = true;
  else if (choice("oldest").checked) spread();
  else if (choice("nothing")?.checked) for (const line of lines) line.value = "";
});
if (lines.length && choice("oldest").checked) spread();
