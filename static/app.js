// The pages work without this file: it asks before what cannot be taken back, and keeps the theme.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-model-action], [data-inline-add], a[href='#']");
  if (!target) return;
  event.preventDefault();
  if (target.dataset.modelAction) window.modelActions.execute(target.dataset.modelAction);
  if (target.dataset.inlineAdd) window.faForm.addInlineField(target, target.dataset.inlineAdd);
});

// Values that a person enters in Perfex by hand.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const field = button?.parentElement.querySelector("textarea");
  if (!field) return;
  field.select();
  await navigator.clipboard?.writeText(field.value);
  button.textContent = "Copied";
});
