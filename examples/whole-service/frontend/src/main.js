import "./style.css";

// Reload the page of a badge as soon as a worker has drawn it.
const waiting = document.querySelector("[data-waits-for]");

async function reloadWhenDrawn() {
  const answer = await fetch(waiting.dataset.waitsFor);
  if (answer.ok && (await answer.json()).is_drawn) {
    location.reload();
  } else {
    setTimeout(reloadWhenDrawn, 1000);
  }
}

if (waiting) {
  reloadWhenDrawn();
}
