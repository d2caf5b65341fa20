// What is costly to draw is drawn when it comes near the window, or when all of it is wanted on paper.

// Weak: what was taken out of the page before it was seen is forgotten with its element.
const waiting = new WeakMap<Element, () => void>();

function draw(element: Element): void {
  const drawing = waiting.get(element);
  waiting.delete(element);
  observer.unobserve(element);
  drawing?.();
}

const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
}, { rootMargin: "800px" });

addEventListener("beforeprint", () => {
  for (const element of document.querySelectorAll("[data-drawn-when-seen]")) draw(element);
});

/** Calls back once. */
export function whenSeen(element: Element, drawing: () => void): void {
  element.setAttribute("data-drawn-when-seen", "");
  waiting.set(element, drawing);
  observer.observe(element);
}
