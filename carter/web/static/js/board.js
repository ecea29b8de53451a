// Dragging a card to another stage submits the form that the card already has for the keyboard.

const board = document.getElementById("board");
let dragged = null;

board?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest(".board__card");
  dragged.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.job);
});

board?.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  for (const stage of board.querySelectorAll(".is-over")) stage.classList.remove("is-over");
});

board?.addEventListener("dragover", (event) => {
  const stage = event.target.closest(".board__stage");
  if (!stage || !takes(stage)) return;
  event.preventDefault();
  for (const other of board.querySelectorAll(".is-over")) other.classList.toggle("is-over", other === stage);
  stage.classList.add("is-over");
});

board?.addEventListener("drop", (event) => {
  const stage = event.target.closest(".board__stage");
  if (!stage || !takes(stage)) return;
  event.preventDefault();
  const form = dragged.querySelector("form");
  form.elements.stage.value = stage.dataset.stage;
  form.requestSubmit();
});

function takes(stage) {
  const choices = dragged?.querySelector("form select")?.options ?? [];
  return [...choices].some((choice) => choice.value === stage.dataset.stage);
}
