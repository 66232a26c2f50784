import {BOXES, button, make, slider, told} from "./controls.js";

// Above the picture: a prediction to commit to, then goals to reach. All that it shows is data (tasks.py and
// asked.py); what is done in it is asked as {kind: "task", act, ...}. A guess on the picture is drawn here, over it.

const ABC = "ABCDEF", SVG = "http://www.w3.org/2000/svg";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function drawn(tag, settings = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(settings)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const nearest = (stops, far) => stops[stops.map(far).reduce((best, now, i, all) => now < all[best] ? i : best, 0)];

// Where a value stands between its stops.
function between(stops, places, value) {
  const after = Math.max(1, stops.findIndex((stop) => stop >= value)), last = stops.length - 1;
  const i = value > stops[last] ? last : after, share = (value - stops[i - 1]) / (stops[i] - stops[i - 1]);
  const mix = (a, b) => a + Math.min(Math.max(share, 0), 1) * (b - a);
  return Array.isArray(places[i]) ? places[i].map((b, k) => mix(places[i - 1][k], b)) : mix(places[i - 1], places[i]);
}

export class Tasks {
  constructor(canvas, ask) {
    this.canvas = canvas;
    this.ask = (act, more = {}) => ask({kind: "task", act, calm: calm.matches, ...more});
    this.question = make("section", {className: "l643-question", hidden: true});
    this.goals = make("ul", {className: "l643-goals", hidden: true});
    this.element = make("div", {className: "l643-tasks"}, this.question, this.goals);
    this.overlay = drawn("svg", {class: "l643-overlay", "aria-hidden": "true"});
    Object.assign(this, {hands: [], last: {}});
    this.listen();
  }

  get open() { return this.told?.state === "open"; }
  get locked() { return this.open || this.told?.state === "playing"; }

  settle({prediction, goals = []}) {
    const asked = prediction?.ask ? prediction : null, same = asked?.ask === this.told?.ask && asked?.state === this.told?.state;
    this.told = asked;
    this.question.hidden = !asked;
    if (asked && !same) {
      this.guess = asked.guess ?? (asked.state === "open" ? this.first() : null); // who was shown it has none
      this.question.replaceChildren(make("p", {className: "l643-ask"}, make("b", {textContent: "Predict. "}), asked.ask),
        ...this.open ? this.choosing() : this.locked ? [] : this.answered());
    }
    this.goals.hidden = this.locked || !goals.length;
    this.goals.replaceChildren(...goals.map((goal, i) => this.goal(goal, i)));
    this.rows = [...this.goals.children];
    this.now(this.last);
    this.draw();
  }

  first() { return this.told.kind === "options" ? null : this.told.tracks.map(({places}) => places[places.length >> 1]); }

  // --- before one commits ---

  choosing() {
    const commit = button("that is my guess", "commit to this guess", () => { if (this.guess !== null) this.ask("commit", {guess: this.guess}); });
    const show = button("show me", "show me the answer without a guess", () => this.ask("commit", {guess: null}));
    this.commit = commit;
    commit.disabled = this.guess === null;
    const {kind, options, tracks} = this.told;
    this.sliders = [];
    if (kind !== "options") {
      this.sliders = tracks.map((track, i) => {
        const one = slider(track.name, track, (value) => this.guessed(this.guess.with(i, value)));
        one.fit(track);
        one.put(this.guess[i]);
        return one;
      });
      return [...this.sliders.map(({element}) => element), make("div", {className: "l643-commit"}, commit, show)];
    }
    const name = `l643-${Math.random()}`;
    this.inputs = options.map((_, i) => make("input", {type: "radio", name, onchange: () => this.guessed(i)}));
    const rows = options.map((text, i) => make("div", {className: "l643-option"},
      make("label", {}, this.inputs[i], make("b", {textContent: ABC[i]}), " ", make("span", {textContent: text})), this.counter(i)));
    const group = make("fieldset", {className: "l643-options"}, make("legend", {textContent: "Your guess (keys A, B, …)"}), ...rows);
    return [group, make("div", {className: "l643-commit"}, commit, show)];
  }

  // In a hall: how many hands were up for this option.
  counter(i) {
    const box = make("input", {type: "number", min: 0, className: "l643-hands", placeholder: "hands", value: this.hands[i] ?? ""});
    box.setAttribute("aria-label", `hands for ${ABC[i]}`);
    box.addEventListener("input", () => { this.hands[i] = Math.max(0, Number(box.value)); });
    return box;
  }

  guessed(guess) {
    this.guess = guess;
    this.commit.disabled = guess === null;
    this.sliders?.forEach((one, i) => one.put(guess[i]));
    if (this.told.kind === "options") this.inputs[guess].checked = true;
    this.draw();
  }

  // A to F choose an option; whether the key was one of them.
  key(event) {
    if (event.target.matches?.(BOXES)) return false;
    const i = ABC.indexOf(event.key.toUpperCase());
    if (!this.open || this.told.kind !== "options" || event.key.length > 1 || i < 0 || i >= this.told.options.length) return false;
    this.guessed(i);
    this.commit.focus();
    return true;
  }

  // --- afterwards ---

  named(value) {
    const {kind, options} = this.told;
    if (kind === "options") return `${ABC[value]}: ${options[value]}`;
    return kind === "spot" ? `(${value.map(told).join(", ")})` : `${told(value[0])}${kind === "heading" ? "°" : ""}`;
  }

  right() {
    const {kind, truth, close, factor} = this.told, guess = this.guess;
    if (kind === "options") return guess === truth;
    if (kind === "spot") return Math.hypot(guess[0] - truth[0], guess[1] - truth[1]) <= close;
    if (kind === "heading") return Math.abs((guess[0] - truth[0] + 540) % 360 - 180) <= close;
    return factor ? Math.abs(Math.log(guess[0] / truth[0])) <= Math.log(close) : Math.abs(guess[0] - truth[0]) <= close;
  }

  answered() {
    const {kind, truth, because, tempting, guess} = this.told, was = guess !== null && guess !== undefined;
    const said = was ? `You said ${this.named(guess)}. ` : "", it = `${was ? "It" : "Shown: it"} is ${this.named(truth)}.`;
    const right = was && this.right(), words = make("p", {className: "l643-verdict"}, said, make("b", {textContent: right ? "Right. " : was ? "Not so. " : ""}),
      right && kind === "options" ? "" : it);
    const other = !was || right ? tempting : guess;
    const why = kind !== "options" ? because
      : [`${ABC[truth]}: ${because[truth]}`, ...other === truth || other === undefined ? [] : [`${ABC[other]}: ${because[other]}`]];
    const again = button("play again", "play to the answer again", () => this.ask("again"));
    const anew = button("ask me again", "take the answer back and ask again", () => this.ask("anew"));
    return [words, ...this.counted(), ...why.map((text) => make("p", {textContent: text})), make("div", {className: "l643-commit"}, again, anew)];
  }

  // The hands that were counted, as bars beside the options.
  counted() {
    const most = Math.max(...this.hands.filter(Boolean), 0);
    if (!most) return [];
    return [make("ul", {className: "l643-bars"}, ...this.told.options.map((text, i) => {
      const bar = make("meter", {min: 0, max: most, value: this.hands[i] ?? 0}), row = make("li", {className: i === this.told.truth ? "l643-true" : ""});
      row.append(`${ABC[i]}${i === this.told.truth ? " ✓" : ""} `, bar, ` ${this.hands[i] ?? 0}`);
      return row;
    }))];
  }

  // --- goals ---

  goal({say, reached, hint, why}, i) {
    const row = make("li", {className: reached ? "l643-goal l643-reached" : "l643-goal"},
      make("b", {textContent: reached ? "reached ✓ " : "Goal. "}), make("span", {textContent: say}), " ",
      make("progress", {max: 1, value: 0}), make("span", {className: "l643-now"}));
    row.querySelector("progress").setAttribute("aria-label", "how far");
    const buttons = make("span", {className: "l643-commit"});
    if (!hint && !why) buttons.append(button("hint", "a hint for this goal", () => this.ask("hint", {goal: i})));
    if (!why) buttons.append(button("show a way", "show one way, and why it is one", () => this.ask("give_up", {goal: i})));
    row.append(buttons);
    if (hint && !why) row.append(make("p", {textContent: `Hint: ${hint}`}));
    if (why) row.append(make("p", {textContent: why}));
    return row;
  }

  // How the goals stand, with every frame, and whether it is the answer that is seen.
  now(words) {
    const {goals = [], at_answer: atAnswer = false} = this.last = words;
    if (atAnswer !== this.atAnswer) {
      this.atAnswer = atAnswer;
      this.draw();
    }
    goals.forEach(({now, best, part}, i) => {
      const row = this.rows?.[i];
      if (!row) return;
      row.querySelector(".l643-now").textContent = best && best !== now ? ` now ${now} (best ${best})` : ` now ${now}`;
      row.querySelector("progress").value = part;
    });
  }

  // --- a guess on the picture ---

  place(value) {
    const {kind, tracks, at} = this.told;
    if (kind === "spot") return tracks.map(({places}, i) => between(places, at[i], value[i]));
    return between(tracks[0].places, at, value[0]);
  }

  draw() {
    const {told} = this, onPicture = told && told.kind !== "options";
    this.overlay.replaceChildren();
    this.overlay.classList.toggle("l643-guessing", Boolean(onPicture && this.open));
    if (!onPicture) return;
    const wide = this.canvas.clientWidth, high = this.canvas.clientHeight, [left, bottom, right, top] = told.box;
    this.overlay.setAttribute("viewBox", `0 0 ${wide} ${high}`);
    Object.assign(this.overlay.style, {width: `${wide}px`, height: `${high}px`}); // the plate may be wider
    if (this.open) this.overlay.append(drawn("rect", {x: left * wide, y: (1 - top) * high, width: (right - left) * wide, height: (top - bottom) * high, class: "l643-area"}));
    if (!this.open && !this.locked && !this.atAnswer) return; // what one has moved since is no answer
    if (this.guess) this.mark(this.place(this.guess), "l643-guess", "your guess", wide, high);
    if (told.state === "answered") this.mark(told.truth_at, "l643-truth", "it is", wide, high);
  }

  mark(at, className, label, wide, high) {
    const {kind, across, box: [left, bottom, right, top], from} = this.told, own = className === "l643-guess";
    let x = at[0] * wide, y = (1 - at[1]) * high, d;
    if (kind === "level") { // the labels stand at its two ends, so that they are two
      [x, y] = across ? [at * wide, (1 - (own ? top : bottom)) * high + (own ? 20 : 0)] : [(own ? right : left) * wide, (1 - at) * high];
      d = across ? `M${x} ${(1 - bottom) * high}V${(1 - top) * high}` : `M${left * wide} ${y}H${right * wide}`;
    } else if (kind === "spot") {
      d = own ? `M${x - 9} ${y}a9 9 0 1 0 18 0a9 9 0 1 0 -18 0` : `M${x - 8} ${y - 8}l16 16m0 -16l-16 16`;
    } else {
      const [a, b] = [from[0] * wide, (1 - from[1]) * high], turn = Math.atan2(y - b, x - a), tip = (by) => `${x - 13 * Math.cos(turn + by)} ${y - 13 * Math.sin(turn + by)}`;
      d = `M${a} ${b}L${x} ${y}M${tip(0.4)}L${x} ${y}L${tip(-0.4)}`;
    }
    const end = x > 0.8 * wide || (kind === "level" && !across && own), text = drawn("text", {x: x + (end ? -8 : 12), y: y + (own || kind === "level" ? -7 : 20), "text-anchor": end ? "end" : "start"}, label);
    this.overlay.append(drawn("path", {d, class: `l643-halo l643-${kind}`}), drawn("g", {class: `${className} l643-${kind}`}, drawn("path", {d}), text));
  }

  listen() {
    const move = (event) => {
      if (!this.open) return;
      const box = this.canvas.getBoundingClientRect(), {kind, tracks, at, across, from} = this.told;
      const x = (event.clientX - box.left) / box.width, y = 1 - (event.clientY - box.top) / box.height;
      const pick = (i, parts, part) => nearest(tracks[i].places, (_, k) => Math.abs(parts[k] - part));
      const towards = (p) => Math.atan2((p[1] - from[1]) * box.height, (p[0] - from[0]) * box.width);
      const turn = (k) => { const off = Math.abs(towards(at[k]) - towards([x, y])); return Math.min(off, 2 * Math.PI - off); };
      this.guessed(kind === "spot" ? [pick(0, at[0], x), pick(1, at[1], y)]
        : [kind === "level" ? pick(0, at, across ? x : y) : nearest(tracks[0].places, (_, k) => turn(k))]);
    };
    this.overlay.addEventListener("pointerdown", (event) => { this.overlay.setPointerCapture(event.pointerId); move(event); });
    this.overlay.addEventListener("pointermove", (event) => { if (this.overlay.hasPointerCapture(event.pointerId)) move(event); });
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.canvas);
  }

  close() { this.sized.disconnect(); }
}
