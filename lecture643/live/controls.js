// The controls of settings, made from data: native elements with names and true values.

export function make(tag, settings = {}, ...children) {
  const made = Object.assign(document.createElement(tag), settings);
  made.append(...children);
  return made;
}

export function button(text, name, onclick) {
  const made = make("button", {type: "button", textContent: text, title: name, onclick});
  made.setAttribute("aria-label", name);
  return made;
}

// Into which one types, so that letters and digits are its own.
export const BOXES = "input[type=number], input[type=text]";

const short = (value) => Number(Number(value).toPrecision(6));

// As one writes it: 0.4339, −12.5, 4.479×10⁻⁵.
export function told(value) {
  const plain = Number(Number(value).toPrecision(4)), small = plain !== 0 && Math.abs(plain) < 1e-4;
  const [digits, power] = (small ? plain.toExponential() : String(plain)).replace(/^-/, "−").split("e-");
  return power ? `${digits}×10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}` : digits;
}

// --- controls: element, put(value), fit(setting) when a range has moved, and whether a hand is on it -------------

// A slider, and a box for any number: stops are a help for the hand, the box takes what is typed.
export function slider(name, setting, ask) {
  const range = make("input", {type: "range", min: 0, step: 1}), box = make("input", {type: "number", step: "any"});
  const label = make("label", {className: "l643-slider"}, make("span", {className: "l643-name", textContent: name}), range);
  let now = setting, value = NaN;
  const nearest = () => {
    if (!now.stops) return Math.round((value - now.min) / now.step);
    const far = now.stops.map((stop) => Math.abs(Math.log(stop / value)));
    return far.indexOf(Math.min(...far));
  };
  const say = () => range.setAttribute("aria-valuetext", `${name} = ${told(value)}`);
  const typed = () => {
    const wanted = box.value === "" ? value : Number(box.value); // what is no number leaves an empty box
    box.value = short(wanted);
    if (short(wanted) === short(value)) return;
    value = wanted;
    range.value = nearest();
    say();
    ask(value);
  };
  box.setAttribute("aria-label", name);
  box.addEventListener("change", typed); // Enter, too, is a change
  range.addEventListener("input", () => {
    value = short(now.stops ? now.stops[range.value] : Math.min(now.min + range.value * now.step, now.max));
    box.value = value;
    say();
    ask(value);
  });
  return {
    element: make("div", {className: "l643-number"}, label, box),
    get held() { return range.matches(":active") || document.activeElement === box; },
    put(next) { value = next; range.value = nearest(); box.value = short(value); say(); },
    fit(changed) { now = changed; range.max = now.stops ? now.stops.length - 1 : Math.round((now.max - now.min) / now.step); },
  };
}

function number(setting, ask) {
  let now = setting, at = setting.value, timer = 0;
  const one = slider(setting.label, setting, (value) => ask(at = value));
  if (!setting.play) return one;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const go = (next) => { at = Math.min(Math.max(next, now.min), now.max); one.put(at); ask(at); };
  const stop = () => { clearTimeout(timer); timer = 0; play.textContent = "▶"; play.setAttribute("aria-pressed", false); };
  const tick = () => {
    if (at >= now.max) { stop(); return; }
    if (!control.busy()) go(at + now.play.stride);
    timer = setTimeout(tick, calm.matches ? Math.max(500, now.play.interval) : now.play.interval);
  };
  const play = button("▶", `play ${setting.label}`, () => {
    if (timer) { stop(); return; }
    play.textContent = "❚❚";
    play.setAttribute("aria-pressed", true);
    if (at >= now.max) go(now.min);
    tick();
  });
  const steps = [button("◀", "one step back", () => go(at - 1)), button("▶|", "one step forward", () => go(at + 1))];
  if (now.play.jumps) {
    steps.unshift(button("|◀", "to the start", () => go(now.min)));
    steps.push(button("▶▶|", "to the end", () => go(now.max)));
  }
  one.element.prepend(make("span", {className: "l643-play"}, play, ...steps));
  const control = {
    element: one.element,
    busy: () => false,
    get held() { return one.held; },
    put(next) { at = next; one.put(next); },
    fit(changed) { now = changed; one.fit(changed); },
    stop() { if (timer) stop(); },
    toggle: () => play.click(),
  };
  stop();
  return control;
}

// Two numbers or more, as many as there are names now; they share a range where they have none of their own.
function point(setting, ask) {
  const element = make("div", {className: "l643-point"});
  const side = (told, i) => told.sides?.[i] ?? told;
  let value = setting.value, names = "", sliders = [];
  return {
    element,
    get held() { return sliders.some(({held}) => held); },
    put(next) { value = next; sliders.forEach((one, i) => one.put(next[i])); },
    fit(changed) {
      const fresh = names !== (names = changed.names.join());
      if (fresh) {
        sliders = changed.names.map((name, i) => slider(name, side(changed, i), (part) => ask(value = value.with(i, part))));
        element.replaceChildren(...sliders.map((one) => one.element));
      }
      sliders.forEach((one, i) => one.fit(side(changed, i)));
      if (fresh) this.put(changed.value);
    },
  };
}

// A few short options stand side by side, others in a list; where one's own can be typed, a box for it follows.
function choice(setting, ask) {
  const group = make("fieldset", {className: "l643-choice"}, make("legend", {textContent: setting.label}));
  const shown = make("span", {className: "l643-choices"}), name = `l643-${Math.random()}`;
  const own = make("input", {type: "text", placeholder: `own: ${setting.typed}`, title: `own ${setting.label}, such as ${setting.typed}`});
  own.addEventListener("change", () => { if (own.value.trim()) ask(own.value); });
  own.setAttribute("aria-label", `own ${setting.label}`);
  group.append(shown, ...setting.typed ? [own] : []);
  let drawn = "", put;
  return {
    element: group,
    held: false,
    put(next) {
      put(next);
      if (document.activeElement !== own) own.value = ""; // what is set is seen beside it
    },
    fit({options}) {
      if (drawn === options.join("\n")) return;
      drawn = options.join("\n");
      if (drawn.length > 60) {
        const list = make("select", {onchange: () => ask(list.selectedIndex)}, ...options.map((text) => new Option(text)));
        list.setAttribute("aria-label", setting.label);
        shown.replaceChildren(list);
        put = (next) => { list.selectedIndex = next; };
      } else {
        const inputs = options.map((_, i) => make("input", {type: "radio", name, onchange: () => ask(i)}));
        shown.replaceChildren(...options.map((text, i) => make("label", {}, inputs[i], make("span", {textContent: text}))));
        put = (next) => { inputs[next].checked = true; };
      }
    },
  };
}

function toggle(setting, ask) {
  const box = make("input", {type: "checkbox", onchange: () => ask(box.checked)});
  const element = make("label", {className: "l643-switch"}, box, make("span", {textContent: setting.label}));
  return {element, held: false, put(next) { box.checked = next; }, fit() {}};
}

export const KINDS = {number, point, choice, switch: toggle};
