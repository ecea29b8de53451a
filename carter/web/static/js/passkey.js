// Says in words what allauth's passkey scripts only throw.

document.addEventListener("DOMContentLoaded", () => {
  if (window.PublicKeyCredential) return;
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = true;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = false;
});

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-passkey-trouble]")) note.hidden = false;
});
