// In the page, before all else: when the hand moved, when a new picture was there, and how many bytes came.
(() => {
  const hand = (window.hand = {inputs: [], paints: [], bytes: 0, watch, reset});
  const frame = window.requestAnimationFrame.bind(window), channel = new MessageChannel(), waiting = [];
  const soon = (act) => { waiting.push(act); channel.port2.postMessage(0); }; // after the present frame, if in one
  let inFrame = false, due = false, selector = ":not(*)", shown = "";
  channel.port1.onmessage = () => waiting.shift()();

  function reset() { Object.assign(hand, {inputs: [], paints: [], bytes: 0}); }
  function watch(wanted) { selector = wanted; reset(); }

  for (const kind of ["keydown", "pointerdown", "pointermove", "pointerup"]) {
    addEventListener(kind, (event) => {
      if (kind !== "pointermove" || event.buttons) hand.inputs.push(event.timeStamp);
    }, {capture: true, passive: true});
  }

  window.requestAnimationFrame = (act) => frame((now) => {
    inFrame = true;
    soon(() => { inFrame = false; });
    act(now);
  });

  // What is drawn in a frame is seen with this frame, all else with the next; noted when that frame is made.
  function painted() {
    if (due) return;
    due = true;
    const note = () => soon(() => { due = false; hand.paints.push(performance.now()); });
    if (inFrame) note(); else frame(note);
  }

  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...how) {
    if (this.canvas.isConnected && this.canvas.matches(selector)) painted();
    return drawImage.apply(this, how);
  };

  async function changed(records) {
    if (selector.includes("canvas")) return;
    const image = [...document.querySelectorAll(selector)].findLast((each) => each.src);
    if (image) {
      if (image.src === shown) return;
      shown = image.src;
      try { await image.decode(); } catch { shown = ""; return; } // replaced while it was decoded
      painted();
    } else if (records.some(({target}) => (target.closest ? target : target.parentElement)?.closest(selector))) painted();
  }
  const watched = ["src", "d", "points", "transform", "style"];
  addEventListener("DOMContentLoaded", () => new MutationObserver(changed).observe(document.body,
    {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: watched}));

  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({data}) => { hand.bytes += data.byteLength ?? data.size ?? data.length; });
    }
  };
})();
