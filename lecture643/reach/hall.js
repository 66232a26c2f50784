import {BOXES, make} from "../live/controls.js";
import {connect} from "../live/stage.js";
import {live} from "./hall_live.js";

// One screen for each statement, led by keys. What it shows comes from a source (see page.py): the live one or films.

const SCREENS = JSON.parse(document.getElementById("screens").textContent), NEAR = 1;
const [title, where, words, room, states, news, blank, pointer] = ["title", "where", "words", "room", "states", "news", "blank", "pointer"]
  .map((name) => document.getElementById(name));
const source = (globalThis.lecture643source ?? live)();
let at = -1, shown = null, turn = 0;

// --- which screen --------------------------------------------------------------------------------------------------

const asked = () => Math.max(SCREENS.findIndex(({id}) => id === decodeURIComponent(location.hash.slice(1))), 0);

async function go(next) {
  if (next === at || !SCREENS[next]) return;
  const mine = ++turn, {id, title: slide, words: html} = SCREENS[at = next];
  history.replaceState(null, "", `#${id}`);
  shown?.close();
  shown = null;
  title.textContent = slide;
  where.textContent = `${id}  ·  ${at + 1} of ${SCREENS.length}`;
  words.innerHTML = html;
  room.replaceChildren();
  states.replaceChildren();
  news.textContent = "";
  document.body.dataset.screen = "";
  try {
    const model = await source.open(id);
    if (mine !== turn) return; // the next key came first
    show(model);
    document.body.dataset.screen = id;
  } catch (failure) {
    if (mine === turn) news.textContent = failure.message;
  }
  SCREENS.forEach((each, i) => { if (Math.abs(i - at) > NEAR) source.close(each.id); });
  for (const near of [at + 1, at - 1]) if (SCREENS[near]) source.open(SCREENS[near].id).catch(() => {}); // told when it is shown
}

function show(model) {
  const el = make("div", {className: "hall-view"}), names = model.get("prepared") ?? [];
  room.replaceChildren(el);
  states.replaceChildren(...names.map((name, i) => make("button", {type: "button", onclick: () => prepare(i)}, make("b", {textContent: i + 1}), ` ${name}`)));
  shown = Object.assign(connect({model, el}), {names});
  const {stage, sized} = shown, watch = new ResizeObserver(() => {
    // The sentence keeps the room that it once needed, so that the picture need not change its size with it.
    const high = stage.saidPart.offsetHeight;
    if (high > (stage.room ?? 0)) stage.saidPart.style.minHeight = `${stage.room = high}px`;
    sized();
  });
  for (const part of [stage.tasks.element, stage.mainPart, stage.buttonsPart, stage.saidPart, stage.failedPart, stage.remarkPart, room]) watch.observe(part);
  const close = shown.close;
  shown.close = () => { watch.disconnect(); close(); };
}

// --- what keys do --------------------------------------------------------------------------------------------------

// The audience's question stands without its answer until the next key.
function onwards() {
  const tasks = shown?.stage.tasks;
  if (tasks?.open) tasks.ask("commit", {guess: String(tasks.guess) === String(tasks.first()) ? null : tasks.guess}); // whoever left it where it was has none
  else go(at + 1);
}

function prepare(i) {
  const state = shown?.names[i];
  if (state && !shown.stage.tasks.locked) shown.stage.ask({kind: "prepare", state});
}

function reset() {
  if (!shown) return;
  const {stage} = shown;
  if (stage.tasks.told) stage.tasks.ask("anew");
  else stage.press("reset");
}

function play() {
  const playing = Object.values(shown?.stage.controls ?? {}).find((control) => control.toggle);
  if (playing && !shown.stage.tasks.locked) playing.toggle();
  else if (shown?.stage.tasks.told?.state === "answered") shown.stage.tasks.ask("again");
}

const KEYS_OF = {
  ArrowRight: onwards, PageDown: onwards, ArrowLeft: () => go(at - 1), PageUp: () => go(at - 1),
  Home: () => go(0), End: () => go(SCREENS.length - 1),
  ".": () => { blank.hidden = false; }, b: () => { blank.hidden = false; }, // a clicker sends one of these
  " ": play, r: reset, p: () => { pointer.hidden = !pointer.hidden; },
  f: () => { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen(); },
  Escape: () => document.activeElement?.blur(),
};
for (let digit = 1; digit <= 9; digit++) KEYS_OF[digit] = () => prepare(digit - 1);

// What a control with the keyboard's focus takes for itself; a clicker's keys it takes never.
function taken({target, key}) {
  if (key.startsWith("Page") || key === "Escape" || !target.closest) return false;
  if (target.type === "text") return true;
  if (target.type === "number") return key !== "." || target.value !== "";
  if (target.matches("input[type=range], select, canvas, input[type=radio]")) return key.startsWith("Arrow") || key === "Home" || key === "End" || key === " ";
  return target.matches("button, input, summary") && (key === " " || key === "Enter");
}

addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || taken(event)) return;
  const act = KEYS_OF[event.key] ?? KEYS_OF[event.key.toLowerCase()];
  const chosen = blank.hidden && shown?.stage.tasks.key(event); // A to F, of an open question
  if (!blank.hidden) blank.hidden = true; // any key brings the picture back
  else if (!chosen && act) act();
  else if (!chosen) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// A mouse leaves no focus behind, so that the next arrow key goes on.
const blur = ({target}) => { if (!target.matches(`select, option, ${BOXES}`)) setTimeout(() => document.activeElement?.blur()); };
addEventListener("pointerup", blur);
addEventListener("pointermove", ({clientX, clientY}) => {
  pointer.style.translate = `${clientX}px ${clientY}px`;
});
addEventListener("hashchange", () => go(asked()));
go(asked());
