// What every page needs: dialogs fetched by htmx, ticking all rows, menus that close, the open tab
// in sight, the keyboard going on where a form or a panel was shown anew, and a word when Carter
// does not answer.

const dialogs = () => document.getElementById("dialogs");

document.addEventListener("htmx:after:swap", () => {
  const confirm = dialogs()?.querySelector("#confirm");
  if (!confirm || confirm.closest("dialog")) return;
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  confirm.replaceWith(dialog);
  dialog.append(confirm);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
});

const FIRST = "[aria-invalid=true], input:not([type=hidden]), select, textarea, a[href], button";

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  const panel = target.id && document.getElementById(target.id);
  if (!panel?.matches("[data-panel]")) return;
  (panel.querySelector("[aria-invalid=true]") ?? panel.querySelector(FIRST))?.focus();
});

document.querySelector("main [aria-invalid=true]")?.focus();

for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  const dialog = closer?.closest("dialog");
  if (dialog) {
    event.preventDefault();
    dialog.close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-ticks]");
  if (!form || event.target.type !== "checkbox") return;
  const ticks = [...form.querySelectorAll('input[name="ids"]')];
  if (event.target.matches("[data-tick-all]")) {
    for (const tick of ticks) tick.checked = event.target.checked;
  }
  const ticked = ticks.filter((tick) => tick.checked).length;
  form.querySelector("[data-tick-count]").textContent = ticked ? `${ticked} ticked` : "Tick customers below.";
});

const trouble = document.getElementById("trouble");

document.addEventListener("htmx:error", (event) => {
  if (!event.detail?.ctx?.request || event.detail.ctx.response) return;
  trouble.textContent = "Carter does not answer. Nothing you typed is lost: wait a moment, then try again.";
});

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  if (target !== trouble && target !== "#trouble") trouble?.replaceChildren();
});
