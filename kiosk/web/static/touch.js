// What a touchscreen needs beside clicks: an answer to the finger at once, and none of a browser's own gestures.

let pressed = null;

function release() {
  pressed?.classList.remove("pressed");
  pressed = null;
}

export function startTouch() {
  // :active comes too late: a browser waits until it knows that the finger does not begin to scroll.
  document.addEventListener("pointerdown", (event) => {
    release();
    pressed = event.target.closest("button, summary, a");
    pressed?.classList.add("pressed");
  });
  for (const name of ["pointerup", "pointercancel", "blur"]) window.addEventListener(name, release);
  window.addEventListener("dragstart", (event) => event.preventDefault());
  stayHere();
}

/** No menu opens under a finger, and nothing that is let fall on the page takes its place; fields take what they can. */
export function stayHere() {
  window.addEventListener("contextmenu", (event) => {
    if (event.pointerType !== "mouse" || matchMedia("(pointer: coarse)").matches) event.preventDefault();
  });
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => {
      if (!event.target.closest?.("input, textarea")) event.preventDefault();
    });
  }
}
