import {KINDS, button, make} from "./controls.js";
import {Player} from "./player.js";
import {Tasks} from "./tasks.js";

// The stage: a picture, the controls of its settings, one sentence. It asks `link.send(question)`, and what comes back
// is shown by `frame`; the link is a kernel (below) or recorded frames. The messages: see stage.py.

const REST = 600; // ms without a frame until the sentence is spoken
const PATIENCE = 8000; // ms without an answer until that is told
const KEYS = ["keydown", "keyup", "keypress"];
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

// --- the stage ---------------------------------------------------------------------------------------------------

export class Stage {
  constructor(el, link) {
    Object.assign(this, {link, controls: {}, waiting: [], flying: 0, count: 0, seen: true, more: false, grips: []});
    this.player = new Player(devicePixelRatio);
    this.canvas = this.player.canvas;
    Object.assign(this.canvas, {className: "l643-picture", tabIndex: 0});
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "The picture comes with the kernel's first answer.");
    this.tasks = new Tasks(this.canvas, (question) => this.ask(question));
    this.plate = make("div", {className: "l643-plate"}, this.canvas, this.tasks.overlay);
    for (const part of ["main", "more", "rare", "buttons", "remark", "said", "spoken", "failed"]) {
      this[`${part}Part`] = make(part === "said" ? "p" : "div", {className: `l643-${part}`});
    }
    this.spokenPart.setAttribute("role", "status");
    this.failedPart.setAttribute("role", "alert");
    this.fold = make("details", {className: "l643-fold"}, make("summary", {textContent: "more"}), this.morePart, this.rarePart);
    this.root = make("div", {className: "l643-stage"}, this.tasks.element, this.mainPart, make("div", {className: "l643-foot"},
      this.fold, this.buttonsPart), this.plate, this.failedPart, this.remarkPart, this.saidPart, this.spokenPart);
    // Plain keys inside stay inside, since a notebook would take them for commands, some before they come here;
    // what they do by themselves, in a slider or on a button, they still do. Ctrl+S and the like go on.
    this.keep = (event) => {
      if (!this.root.contains(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
      event.stopImmediatePropagation();
      if (event.type !== "keydown") return;
      if (event.target === this.canvas) this.nudge(event);
      this.tasks.key(event);
    };
    for (const kind of KEYS) addEventListener(kind, this.keep, true);
    this.listen();
    el.append(this.root);
  }

  // The controls: made once, fitted when a range has moved.
  settle(settings, actions, hall) {
    this.root.classList.toggle("l643-hall", hall);
    this.fold.hidden = hall || !settings.some(({secondary, hidden}) => secondary && !hidden);
    for (const setting of settings) {
      const ask = (value) => this.ask({kind: "set", values: {[setting.name]: value}});
      const control = this.controls[setting.name] ??= KINDS[setting.kind](setting, ask);
      if (!control.element.isConnected) {
        control.element.dataset.setting = setting.name;
        if (setting.play) control.busy = () => this.flying || this.more || !this.seen;
        (setting.secondary ? this.morePart : this.mainPart).append(control.element);
        control.fit(setting);
        control.put(setting.value);
      }
      control.element.hidden = Boolean(setting.hidden);
      control.fit(setting);
    }
    const pressed = ([action, text]) => button(text, text, () => this.press(action));
    const rare = Object.entries(actions).filter(([, text]) => text.more).map(([action, {more}]) => [action, more]);
    this.rarePart.replaceChildren(...rare.map(pressed));
    const often = Object.entries({...actions, reset: "reset"}).filter(([, text]) => !text.more);
    this.buttonsPart.replaceChildren(...often.map(pressed));
  }

  // How high is all that has to be seen with the picture: in a hall everything. At a desk the controls and what is
  // said at most, so that no picture shrinks when a question is answered, a hint read or "more" opened.
  around() {
    const {root, canvas, saidPart} = this;
    if (root.classList.contains("l643-hall")) return root.offsetHeight - canvas.offsetHeight;
    root.classList.remove("l643-locked"); // as it will be
    const foot = Math.max(this.fold.firstChild.offsetHeight, this.buttonsPart.offsetHeight);
    this.words = Math.max(saidPart.offsetHeight, this.words ?? 0);
    const height = this.mainPart.offsetHeight + foot + this.words + 12;
    root.classList.toggle("l643-locked", this.tasks.locked);
    return height;
  }

  // What is asked of the reader; until a prediction is made the controls are away.
  setTasks(told) {
    this.tasks.settle(told);
    this.root.classList.toggle("l643-locked", this.tasks.locked);
  }

  press(action) {
    for (const control of Object.values(this.controls)) control.stop?.();
    this.ask({kind: "press", action});
  }

  // One question is under way. Of those that wait the newest wins, while presses and releases keep their turn.
  ask(question) {
    const last = this.waiting.at(-1);
    if (last?.kind === "set" && question.kind === "set") Object.assign(last.values, question.values);
    else if (last?.phase === "move" && question.phase === "move") this.waiting.splice(-1, 1, question);
    else this.waiting.push(question);
    this.pump();
  }

  pump() {
    if (this.flying || !this.waiting.length) return;
    this.flying = this.count + 1;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.fail("No answer yet: the kernel is busy, or gone. If it is gone, run the cell again."), PATIENCE);
    this.tell(this.waiting.shift());
  }

  // All are numbered and say whether one looks, since a kernel's threads may hear them in another order.
  tell(message) {
    try { this.link.send({...message, number: ++this.count, seen: this.seen}); } catch { this.gone(); }
  }

  gone() {
    clearTimeout(this.patience);
    Object.assign(this, {flying: 0, waiting: []});
    this.fail("The kernel is gone: run the cell again. The picture is the last one.");
  }

  fail(words) {
    if (this.failedPart.textContent !== words) this.failedPart.textContent = words;
  }

  answered(count) {
    if (count !== this.flying) return;
    this.flying = 0;
    clearTimeout(this.patience);
    this.pump();
    this.follow();
  }

  // The controls take the kernel's values, once no question of ours is open; after an error in any case.
  follow(error) {
    if (!error && (this.flying || this.waiting.length)) return;
    for (const [name, value] of Object.entries(this.values ?? {})) {
      const control = this.controls[name];
      if (control && (error || !control.held)) control.put(value);
    }
  }

  // zoom: of a picture that was laid out for another screen.
  still(id, bitmap, [width, height], zoom = 1) {
    this.player.resize(devicePixelRatio * zoom);
    this.player.still(id, bitmap, width, height);
    this.lay([width, height], zoom);
  }

  lay([width, height], zoom = 1) {
    Object.assign(this.canvas.style, {width: `${width * zoom}px`, aspectRatio: `${width} / ${height}`});
  }

  frame(words, scene) {
    if (scene) this.player.frame(scene);
    Object.assign(this, {more: words.more, grips: words.grips ?? []});
    this.values = words.values;
    this.tasks.now(words);
    this.fail(words.error);
    this.follow(words.error);
    const told = [words.remark, words.say].filter(Boolean).join(" ");
    if (told === this.told) return;
    if (!this.told) this.canvas.setAttribute("aria-label", told);
    this.told = told;
    this.remarkPart.textContent = words.remark ?? "";
    this.saidPart.textContent = words.say;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.spokenPart.textContent = told;
      this.canvas.setAttribute("aria-label", told);
    }, REST);
  }

  listen() {
    const {canvas} = this, place = (event) => {
      const box = canvas.getBoundingClientRect();
      return {across: (event.clientX - box.left) / box.width, up: 1 - (event.clientY - box.top) / box.height, box};
    };
    const point = (phase, event) => {
      if (this.tasks.locked) return;
      const {across, up} = place(event);
      this.ask({kind: "point", phase, across, up});
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      canvas.setPointerCapture(event.pointerId);
      canvas.focus({preventScroll: true});
      point("down", event);
    });
    canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) point("move", event); });
    for (const kind of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(kind, (event) => { if (canvas.hasPointerCapture(event.pointerId)) point("up", event); });
    }
    // A finger on a handle drags it; one elsewhere scrolls the page.
    canvas.addEventListener("touchstart", (event) => {
      const {across, up, box} = place(event.touches[0]);
      const near = ([x, y]) => Math.hypot((x - across) * box.width, (y - up) * box.height) < 36;
      if (this.grips.some(near)) event.preventDefault();
    }, {passive: false});
  }

  nudge(event) {
    const arrow = ARROWS[event.key], far = event.shiftKey ? 10 : 1;
    if (!arrow) return;
    event.preventDefault(); // else the page would scroll
    if (!this.tasks.locked) this.ask({kind: "nudge", across: far * arrow[0], up: far * arrow[1]});
  }

  close() {
    for (const kind of KEYS) removeEventListener(kind, this.keep, true);
    for (const control of Object.values(this.controls)) control.stop?.();
    this.player.close();
    this.tasks.close();
    this.tell({kind: "bye"});
  }
}

// --- on a kernel: an anywidget -----------------------------------------------------------------------------------

// The stage of a model in an element; and what takes it down.
export function connect({model, el}) {
  const client = String(Math.random()), stage = new Stage(el, {send: (message) => model.send({...message, client})});
  const settle = () => stage.settle(model.get("controls"), model.get("actions"), model.get("hall"));
  const tasks = () => stage.setTasks(model.get("tasks"));
  settle();
  tasks();
  const heard = async (message, buffers) => {
    if (message.kind === "still") stage.still(message.still, await createImageBitmap(new Blob([buffers[0]])), message.size, message.zoom);
    if (message.kind === "words") {
      stage.lay(message.size);
      stage.frame(message);
    }
    if (message.kind === "frame") {
      const glyphs = message.glyphs.map((name, i) => [name, buffers[1 + i]]);
      stage.frame(message, {still: message.still, ops: buffers[0], glyphs, images: buffers.slice(1 + glyphs.length)});
    }
    if (message.client === client) stage.answered(message.number);
  };
  model.on("msg:custom", heard);
  model.on("change:controls change:actions change:hall", settle);
  model.on("change:tasks", tasks);
  model.on("comm_live_update", () => { if (model.comm_live === false) stage.gone(); });

  let space = "", later = 0, inView = true;
  // In the window, or soon: what is less than half a window away is drawn before one sees it.
  const isNear = ({top, bottom}) => bottom > -innerHeight / 2 && top < 1.5 * innerHeight;
  const hello = () => {
    if (!el.offsetWidth) return; // not yet in the page
    const room = el.closest(".jp-WindowedPanel-outer, .jp-Notebook, .l643-room")?.clientHeight ?? innerHeight - 40;
    const height = Math.max(room - stage.around() - 20, 240);
    const now = {density: devicePixelRatio, width: el.clientWidth || 1000, height: Math.round(height / 20) * 20};
    if (space === (space = JSON.stringify(now))) return;
    stage.player.resize(devicePixelRatio);
    inView = isNear(stage.root.getBoundingClientRect());
    stage.seen = inView && document.visibilityState === "visible";
    stage.tell({kind: "hello", ...now});
  };
  const soon = () => { clearTimeout(later); later = setTimeout(hello, 150); };
  const sight = () => {
    const seen = inView && document.visibilityState === "visible";
    if (seen === stage.seen) return;
    stage.seen = seen;
    stage.tell({kind: "sight"});
  };
  const sized = new ResizeObserver(() => { if (space) soon(); else hello(); }), watch = new IntersectionObserver((seen) => { inView = seen.at(-1).isIntersecting; sight(); }, {rootMargin: "50% 0px", scrollMargin: "50% 0px"});
  sized.observe(el);
  watch.observe(stage.root);
  addEventListener("resize", soon); // also when the page is zoomed, which changes the density
  document.addEventListener("visibilitychange", sight);
  hello();
  const close = () => {
    clearTimeout(later);
    model.off("msg:custom", heard);
    model.off("change:controls change:actions change:hall", settle);
    model.off("change:tasks", tasks);
    sized.disconnect();
    watch.disconnect();
    removeEventListener("resize", soon);
    document.removeEventListener("visibilitychange", sight);
    stage.close();
  };
  return {stage, close, sized: soon};
}

const render = (given) => connect(given).close;

export default {render};
