// Search Jobs by keyboard: / goes to the box, arrows through what was found, Enter opens, Escape closes.

const form = document.querySelector("[data-search]");
const box = form?.querySelector("input");
const results = document.getElementById("results");
let chosen = -1;

const options = () => [...results.querySelectorAll("a[role=option]")];

function show(open) {
  results.hidden = !open || !results.childElementCount;
  box.setAttribute("aria-expanded", String(!results.hidden));
  if (results.hidden) choose(-1);
}

function choose(place) {
  const all = options();
  chosen = place < -1 ? all.length - 1 : place >= all.length ? -1 : place;
  all.forEach((option, index) => {
    option.id ||= `hit-${index}`;
    option.setAttribute("aria-selected", String(index === chosen));
  });
  if (chosen < 0) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
}

const KEYS = {
  ArrowDown: () => (show(true), choose(chosen + 1)),
  ArrowUp: () => (show(true), choose(chosen - 1)),
  Escape: () => (results.hidden ? box.blur() : show(false)),
  Enter: () => options()[chosen]?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box?.select();
    box?.focus();
  }
});

box?.addEventListener("keydown", (event) => {
  const deed = KEYS[event.key];
  if (!deed || (event.key === "Enter" && chosen < 0)) return;
  event.preventDefault();
  deed();
});

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target ?? event.target;
  if (box && target instanceof Node && results.contains(target)) {
    chosen = -1;
    show(document.activeElement === box);
  }
});

box?.addEventListener("focus", () => show(true));
document.addEventListener("click", (event) => {
  if (box && !form.contains(event.target)) show(false);
});
