// What happens around a chart and makes it look otherwise: the room that it has, the theme, the paper.

export interface Surroundings {
  room(): void;
  look(): void;
  /** On paper a chart is light and as wide as the paper, whatever the screen shows. */
  paper(printing: boolean): void;
}

/** Calls for as long as the element stands in the page; afterwards nothing listens any more. */
export function followSurroundings(element: HTMLElement, { room, look, paper }: Surroundings): void {
  const stops: (() => void)[] = [];
  const live = (act: () => void) => () => {
    if (element.isConnected) act();
    else for (const stop of stops.splice(0)) stop();
  };
  const size = new ResizeObserver(live(room));
  size.observe(element);
  const theme = new MutationObserver(live(look));
  theme.observe(document.documentElement, { attributes: true });
  stops.push(
    () => size.disconnect(),
    () => theme.disconnect(),
  );
  const on = (target: EventTarget, name: string, act: () => void) => {
    const listener = live(act);
    target.addEventListener(name, listener);
    stops.push(() => target.removeEventListener(name, listener));
  };
  const print = (printing: boolean) => () => {
    element.classList.toggle("on-paper", printing);
    paper(printing);
  };
  on(matchMedia("(prefers-color-scheme: dark)"), "change", look);
  on(window, "beforeprint", print(true));
  on(window, "afterprint", print(false));
}
