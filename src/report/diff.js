"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const cards = [...document.querySelectorAll("article")];
  const boxes = [...form.querySelectorAll("input[name=impact]")];
  const text = document.getElementById("text");
  const empty = document.getElementById("empty");
  const shown = () => cards.filter((card) => !card.hidden);
  const apply = () => {
    const impacts = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const card of cards) {
      const content = card.textContent.toLowerCase();
      card.hidden = !impacts.has(card.dataset.impact) || !words.every((word) => content.includes(word));
    }
    empty.hidden = shown().length > 0;
  };
  const move = (step) => {
    const list = shown();
    if (list.length === 0) return;
    const at = list.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + step, 0), list.length - 1);
    list[next].focus();
    list[next].scrollIntoView({ block: "center" });
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.activeElement === text) { text.value = ""; apply(); text.blur(); return; }
    if (document.activeElement === text) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "/") { event.preventDefault(); text.focus(); }
    else if (event.key === "0") { for (const box of boxes) box.checked = true; apply(); }
    else if (/^[1-6]$/.test(event.key) && boxes[event.key - 1]) { boxes[event.key - 1].checked = !boxes[event.key - 1].checked; apply(); }
  });
  apply();
})();
