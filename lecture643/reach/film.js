// A film in the place of a kernel: what stage.js asks is answered from what was recorded (films.py).
//
//   const film = await unpacked(text);                    // of a film's script
//   render({model: filmModel(film), el});                 // the stage of stage.js, as in a notebook

const PER_SECOND = 12; // frames on the way to an answer, as in tasks.py

export async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = new Uint8Array(await new Response(stream).arrayBuffer()), from = 4 + new DataView(whole.buffer).getUint32(0, true);
  return {...JSON.parse(new TextDecoder().decode(whole.subarray(4, from))), data: whole.subarray(from)};
}

// The bytes of a film's pictures, as compact.py has put them together.
class Reel {
  constructor({data, ops, stepped, stills, pictures, outlines}) {
    this.stepped = stepped;
    this.total = ops.reduce((sum, length) => sum + length, 0);
    this.data = data;
    this.lengths = ops;
    let at = 0;
    this.begins = ops.map((length) => (at += length) - length);
    at = 2 * this.total;
    const part = (length) => data.subarray(at, at += length);
    [this.stills, this.pictures, this.outlines] = [stills, pictures, outlines].map((lengths) => lengths.map(part));
  }

  // Mostly each word was told as its step from the last but one, all low bytes before all high ones.
  ops(shot) {
    if (!this.stepped) return this.data.slice(2 * this.begins[shot], 2 * (this.begins[shot] + this.lengths[shot]));
    const words = new Uint16Array(this.lengths[shot]), from = this.begins[shot];
    for (let i = 0; i < words.length; i++) {
      words[i] = (this.data[from + i] | this.data[this.total + from + i] << 8) + (i > 1 ? words[i - 2] : 0);
    }
    return new Uint8Array(words.buffer);
  }
}

// Two values of a setting, how far they are apart.
function apart(a, b) {
  if (Array.isArray(a)) return Math.hypot(...a.map((part, i) => apart(part, b[i])));
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Number(a !== b);
}

const least = (all, far) => all.reduce((best, one, i) => { const now = far(one); return now < best[0] ? [now, i] : best; }, [Infinity, -1]);
const alike = (a, b) => JSON.stringify(a) === JSON.stringify(b);

class FilmModel {
  constructor(film) {
    Object.assign(this, {film, reel: new Reel(film), heard: {}, sent: {}, now: film.tasks.way[0], remark: "", question: null});
    this.asked = film.tasks.answered ? "open" : "";
    Object.assign(this, {guess: null, reached: new Set(), hinted: new Set(), given: new Set(), whys: {}, bests: [], froms: []});
    this.told = {controls: film.controls[this.shot.controls], actions: film.actions, hall: film.hall, tasks: this.tasks(), prepared: Object.keys(film.prepared)};
    this.follow();
  }

  get shot() { return this.film.shots[this.now]; }

  // --- what a widget's model has ---

  get(name) { return this.told[name]; }
  set(name, value) {
    this.told[name] = value;
    this.emit(`change:${name}`);
  }
  save_changes() {}
  on(names, hear) { for (const name of names.split(" ")) (this.heard[name] ??= new Set()).add(hear); }
  off(names, hear) { for (const name of names.split(" ")) this.heard[name]?.delete(hear); }
  emit(name, ...told) { for (const hear of this.heard[name] ?? []) hear(...told); }
  send(message) { queueMicrotask(() => this.answer(message)); } // later, as a kernel's answer would come

  // --- what it answers: by the kind of a message, see stage.py ---

  answer(message) {
    const asks = !["hello", "sight", "bye"].includes(message.kind);
    if (asks) this.question = {client: message.client, number: message.number};
    this[`hear_${message.kind}`](message);
    if (this.question) this.reply({kind: "nothing"}, []); // nothing came of it
  }

  reply(told, buffers) {
    const question = this.question ?? {};
    this.question = null;
    this.emit("msg:custom", {...told, ...question}, buffers);
  }

  hear_hello({width, height}) {
    const [wide, high] = this.film.size;
    this.zoom = this.film.hall ? Math.min(width / wide, height / high) : 1; // a hall has one picture for all screens
    this.sent = {};
    this.show(this.now, this.remark);
  }
  hear_sight({seen}) { if (seen) this.show(this.now, this.remark); }
  hear_bye() { clearTimeout(this.timer); }

  hear_prepare({state}) { this.show(this.film.prepared[state]); }

  hear_set({values}) { for (const [name, value] of Object.entries(values)) this.move(name, value); }

  hear_point({phase, across, up}) {
    const inside = ({box: [left, bottom, right, top]}) => left <= across && across <= right && bottom <= up && up <= top;
    if (phase === "down") this.held = this.film.drags.find(inside);
    const held = this.held, [wide, high] = this.film.size;
    if (phase === "up") this.held = null;
    if (!held) return;
    const shot = held.places[least(held.places, ([x, y]) => Math.hypot((x - across) * wide, (y - up) * high))[1]][2];
    const free = held.places.some((place) => place[2] === this.now) || this.differs(this.now).every((name) => this.differs(shot).includes(name));
    this.show(shot, free ? "" : this.unrecorded(this.film.shots[shot].code));
  }

  hear_nudge({across, up}) {
    const told = this.told.controls.find(({kind, names, hidden, name}) => kind === "point" && names.length === 2 && !hidden && this.film.tracks[name]);
    if (!told) return;
    const value = this.shot.values[told.name].map((part, i) => {
      const {min, max, step} = told.sides?.[i] ?? told;
      return Math.min(Math.max(Number((part + [across, up][i] * step).toPrecision(6)), min), max);
    });
    this.move(told.name, value);
  }

  hear_press({action}) {
    if (action === "reset") this.show(this.asked === "answered" ? this.film.base : this.film.tasks.way[0]);
    else if (action in this.film.presses) {
      const {[this.now]: shot} = this.film.presses[action];
      this.show(shot ?? this.now, shot === undefined ? this.unrecorded() : "");
    }
  }

  hear_task(message) {
    this[message.act](message);
    this.set("tasks", this.tasks());
  }

  // --- settings ---

  // Where a shot differs from those around which all was recorded.
  differs(shot) {
    const {values} = this.film.shots[shot], base = this.film.shots[this.film.base].values;
    return Object.keys(values).filter((name) => !alike(values[name], base[name]));
  }

  move(name, value) {
    const track = this.film.tracks[name];
    if (!track) {
      this.show(this.now, alike(value, this.shot.values[name]) ? "" : this.unrecorded({[name]: this.written(name, value)}));
      return;
    }
    const from = this.shot.values[name], stuck = track.thin && !alike(from, value); // a step must lead somewhere
    const [far, i] = least(track.values, (stop) => stuck && alike(stop, from) ? Infinity : apart(stop, value)), shot = track.shots[i];
    const alone = this.now === this.film.base || track.shots.includes(this.now) || this.differs(this.now).every((other) => other === name);
    const exact = track.thin || far <= 1e-6 * (1 + Math.abs(Number.isFinite(value) ? value : 0));
    const code = exact ? this.film.shots[shot].code : {[name]: this.written(name, value) ?? this.film.shots[shot].code[name]};
    const few = far > 1e-6 ? `Of this control ${track.values.length} stops are recorded: seen is the nearest.` : "";
    this.show(shot, !alone || !exact ? this.unrecorded(code) : track.thin ? few : "");
  }

  // A value as Python writes it.
  written(name, value) {
    const {kind, sides} = this.told.controls.find((told) => told.name === name);
    if (kind === "choice") return this.film.written[name][value];
    if (kind === "switch") return value ? "True" : "False";
    return sides ? undefined : Array.isArray(value) ? `(${value.join(", ")})` : String(value);
  }

  unrecorded(code) {
    const told = Object.entries({...this.shot.code, ...code}).filter(([, text]) => text !== undefined);
    const call = `${this.film.call}(${told.map(([name, text]) => `${name}=${text}`).join(", ")})`;
    return code ? `Not recorded: run it: ${call}. Seen is the nearest that was.` : `Not recorded from here. Begin with "reset", or run it: ${call}`;
  }

  // --- predictions and goals: as tasks.py does it ---

  tasks() {
    const {open, answered} = this.film.tasks, goals = open.goals ?? [], {asked: state, guess} = this;
    const prediction = state === "answered" ? {...answered.prediction, guess} : state ? {...open.prediction, state, guess} : {};
    return {prediction, goals: goals.map((goal, i) => ({
      ...goal, reached: this.reached.has(i), hint: this.hinted.has(i) ? this.film.goals[i].hint : "", why: this.whys[i] ?? ""}))};
  }

  commit({guess, calm}) {
    this.guess = guess;
    this.play(calm);
  }
  again({calm}) {
    this.show(this.film.tasks.way[0]);
    this.play(calm);
  }
  anew() {
    Object.assign(this, {asked: "open", guess: null});
    this.show(this.film.tasks.way[0]);
  }
  hint({goal}) { this.hinted.add(goal); }
  give_up({goal}) {
    this.given.add(goal);
    this.show(this.film.goals[goal].way);
    this.whys[goal] = this.film.goals[goal].why;
  }

  play(calm) {
    const {way} = this.film.tasks, left = calm ? way.slice(-1) : way.slice(1);
    this.asked = "playing";
    const go = () => {
      if (this.asked !== "playing") return; // asked anew
      const last = left.length < 2;
      if (last) this.asked = "answered";
      this.show(left.shift() ?? this.now);
      if (last) this.set("tasks", this.tasks());
      else this.timer = setTimeout(go, 1000 / PER_SECOND);
    };
    go();
  }

  // Look at the shot that is seen now; whether something is to be told anew.
  follow() {
    if (["open", "playing"].includes(this.asked)) return false;
    let news = false;
    (this.shot.goals ?? []).forEach(({now, far, why}, i) => {
      const way = far ?? Infinity;
      this.froms[i] = Number.isFinite(this.froms[i]) ? this.froms[i] : way;
      const shownAWay = this.given.has(i) && !this.reached.has(i);
      if ((way === 0 || way < (this.bests[i]?.far ?? Infinity)) && !shownAWay) this.bests[i] = {far: way, now};
      if (way > 0 || this.reached.has(i) || this.given.has(i)) return;
      this.reached.add(i);
      this.whys[i] = why;
      news = true;
    });
    return news;
  }

  part(i, far) {
    if (this.reached.has(i) || far === 0) return 1;
    return this.froms[i] > 0 && Number.isFinite(this.froms[i]) ? Math.max(0, 1 - (far ?? Infinity) / this.froms[i]) : 0;
  }

  // --- showing ---

  show(at, remark = "") {
    Object.assign(this, {now: at, remark});
    const {shot, film, reel} = this, {still, images, values, say, error, grips} = shot;
    if (this.follow()) this.set("tasks", this.tasks());
    const controls = film.controls[shot.controls];
    if (controls !== this.told.controls) this.set("controls", controls);
    if (still !== this.sent.still) this.emit("msg:custom", {kind: "still", still, size: film.size, zoom: this.zoom}, [reel.stills[still]]);
    const glyphs = this.sent.glyphs ? [] : film.glyphs;
    this.sent = {still, glyphs: true};
    const goals = (shot.goals ?? []).map(({now, far}, i) => ({now, best: this.bests[i]?.now ?? "", part: this.part(i, far)}));
    const tasks = film.tasks.open.prediction ? {goals, at_answer: this.asked === "answered" && at === film.base} : {};
    this.reply({kind: "frame", still, glyphs, say, error, remark, values, grips, more: false, ...tasks},
      [reel.ops(at), ...glyphs.length ? reel.outlines : [], ...images.map((i) => reel.pictures[i])]);
  }
}

export const filmModel = (film) => new FilmModel(film);
