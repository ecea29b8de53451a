// Review by keyboard: a link or a button with data-key answers to that letter, once.

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
let isLeaving = false;

document.addEventListener("keydown", (event) => {
  const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !isLeaving;
  if (!isOurs || event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const answers = [...document.querySelectorAll("[data-key]")];
  const answer = answers.find((one) => one.dataset.key === event.key.toLowerCase());
  if (!answer) return;
  event.preventDefault();
  answer.click();
});

document.addEventListener("submit", (event) => (isLeaving = !event.defaultPrevented));
window.addEventListener("pageshow", () => (isLeaving = false));
