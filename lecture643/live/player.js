// Plays scenes on a canvas: the moving part, as picture/scene.py records it, over a still picture.
//
//   const player = new Player(devicePixelRatio);      // pixels of the screen to a CSS pixel
//   element.append(player.canvas);
//   player.still('a', bitmap, 1000, 500);             // an ImageBitmap, image or canvas; its size in CSS pixels
//   await player.frame({still: 'a', ops, images, glyphs});     // true once painted, false if overtaken
//
// ops: bytes. images: a list of bytes. glyphs: [number, bytes] of the outlines that are new to this player.
// It knows nothing of kernels, widgets or files: who has the bytes gives them.

const CLIP = 1, PEN = 2, FILL = 3, PATH = 4, SHAPES = 5, MARKERS = 6, LETTERS = 7, IMAGE = 8;
const WIDE = 1, SNAPPED = 2, CODED = 4, CLOSED = 8, FACES = 16, EDGES = 32; // flags of paths and shapes
const BOX = 1, SHAPE = 2, TURNED = 1, SMOOTH = 1; // flags of a clip, of letters, of an image
const MOVE = 1, LINE = 2, QUADRATIC = 3, CUBIC = 4, CLOSE = 79; // codes of a path
const CAPS = ['butt', 'round', 'square'], JOINS = ['miter', 'round', 'bevel'];
const STILLS = 4; // so many are kept, for scenes that change between a few

const bytesOf = data => ArrayBuffer.isView(data)
  ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

// Reads what picture/words.py writes.
class Words {
  constructor(data) {
    this.bytes = bytesOf(data).slice(); // aligned, and nobody else's
    this.words = new Uint16Array(this.bytes.buffer);
    this.unit = this.words[0]; // so many make a pixel
    this.at = 1;
  }
  next() { return this.words[this.at++]; }
  place() { return (this.next() << 16 >> 16) / this.unit; }
  skip(bytes) { // over these, which it returns
    const from = 2 * this.at;
    this.at += bytes + 1 >> 1;
    return this.bytes.slice(from, from + bytes);
  }
  places(count, wide) { // x and y in turn
    if (wide) return Float64Array.from(new Int32Array(this.skip(8 * count).buffer), at => at / this.unit);
    const found = new Float64Array(2 * count);
    for (let i = 0; i < found.length; i++) found[i] = this.place();
    return found;
  }
  colour() { // null where one can see through it
    const a = this.next(), b = this.next();
    return b >> 8 ? `rgba(${a & 255},${a >> 8},${b & 255},${(b >> 8) / 255})` : null;
  }
  colours(count) { return Array.from({length: count}, () => this.colour()); }
  outline(to, flags, snap) { // to: a context or a Path2D
    const count = this.next(), codes = flags & CODED ? this.skip(count) : null;
    const places = this.places(codes ? codes.filter(code => code !== CLOSE).length : count, flags & WIDE);
    if (snap && flags & SNAPPED && level(places, codes)) snap(places);
    if (codes) trace(to, codes, places);
    else line(to, places, flags & CLOSED);
  }
}

function line(to, p, closed) {
  for (let i = 0; i < p.length; i += 2) to.lineTo(p[i], p[i + 1]); // the first moves there
  if (closed) to.closePath();
}

function trace(to, codes, p) {
  for (let k = 0, i = 0; k < codes.length; k++) switch (codes[k]) {
    case MOVE: to.moveTo(p[i++], p[i++]); break;
    case LINE: to.lineTo(p[i++], p[i++]); break;
    case QUADRATIC: to.quadraticCurveTo(p[i++], p[i++], p[i++], p[i++]); k += 1; break;
    case CUBIC: to.bezierCurveTo(p[i++], p[i++], p[i++], p[i++], p[i++], p[i++]); k += 2; break;
    case CLOSE: to.closePath(); break;
    default: throw new Error(`scene: no such code of a path: ${codes[k]}`);
  }
}

// Whether all lines are level or upright: then they are sharp on whole pixels, as matplotlib draws them.
function level(p, codes) {
  if (p.length > 2048) return false;
  for (let i = 2, k = 1; i < p.length; k++) {
    const code = codes ? codes[k] : LINE;
    if (code === QUADRATIC || code === CUBIC) return false;
    if (code === LINE && p[i] !== p[i - 2] && p[i + 1] !== p[i - 1]) return false;
    if (code !== CLOSE) i += 2;
  }
  return true;
}

export class Player {
  constructor(density = 1) {
    this.canvas = document.createElement('canvas');
    this.context = this.canvas.getContext('2d', {alpha: false});
    this.context.fillStyle = '#fff'; // and not black, until the first frame comes
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.density = density;
    this.stills = new Map();
    this.glyphs = new Map(); // number -> {path, unit}
    this.decoded = []; // the images of the newest frame: {bytes, picture}
    this.serial = 0;
    this.newest = this.painted = null; // frames
  }

  // How many pixels of the screen are a CSS pixel now.
  resize(density) {
    this.density = density;
    this.later();
  }

  still(id, bitmap, width, height) {
    this.stills.delete(id);
    this.stills.set(id, {bitmap, width, height});
    if (this.stills.size > STILLS) this.stills.delete(this.stills.keys().next().value);
    this.later();
  }

  // Shows a frame at the next paint. Of several only the newest is painted, and none before its still is here.
  async frame({still, ops, images = [], glyphs = []}) {
    const serial = ++this.serial;
    for (const [number, data] of glyphs) this.glyphs.set(Number(number), outlineOf(new Words(data)));
    const words = new Words(ops), pictures = await this.decode(images.map(bytesOf));
    if (this.newest?.serial > serial) return false;
    this.newest?.done?.(false);
    return new Promise((done, failed) => {
      this.newest = {serial, still, words, pictures, done, failed};
      this.later();
    });
  }

  // Before the paint, so that this is never half done.
  async decode(images) {
    this.decoded = await Promise.all(images.map(async (bytes, i) => {
      const known = this.decoded[i];
      return known && same(known.bytes, bytes) ? known
        : {bytes: bytes.slice(), picture: await createImageBitmap(new Blob([bytes]))};
    }));
    return this.decoded.map(({picture}) => picture);
  }

  later() {
    this.asked ||= requestAnimationFrame(() => { this.asked = 0; this.paint(); });
  }

  paint() { // until the newest can be painted, the one before stays
    const frame = [this.newest, this.painted].find(one => one && this.stills.has(one.still));
    if (!frame) return;
    const {done, failed} = frame, {bitmap, width, height} = this.stills.get(frame.still);
    frame.done = frame.failed = null;
    const [wide, high] = [width, height].map(size => Math.round(size * this.density));
    if (this.canvas.width !== wide) this.canvas.width = wide;
    if (this.canvas.height !== high) this.canvas.height = high;
    this.context.drawImage(bitmap, 0, 0, wide, high);
    try {
      replay(this.context, this.density, frame, this.glyphs);
      this.painted = frame;
      done?.(true);
    } catch (error) {
      this.context.reset();
      if (!failed) throw error;
      failed(error);
    }
  }

  close() {
    cancelAnimationFrame(this.asked);
    this.newest?.done?.(false);
    this.newest = {serial: Infinity}; // it overtakes all that is still being decoded
    this.painted = null;
    this.stills.clear();
  }
}

function outlineOf(words) {
  const path = new Path2D(), unit = words.unit;
  words.unit = 1;
  words.outline(path, words.next() >> 8);
  return {path, unit};
}

function replay(ctx, density, {words, pictures}, glyphs) {
  let pen = false, fill = false, thick = 0;
  const whole = at => Math.floor(at * density + 0.5);
  const snap = places => {
    const half = pen && Math.round(thick * density) % 2 ? 0.5 : 0;
    places.forEach((at, i) => { places[i] = (whole(at) + half) / density; });
  };
  const begin = () => {
    ctx.save();
    ctx.scale(density, density);
    ctx.miterLimit = 4;
    pen = fill = false;
  };
  const glyph = number => {
    if (!glyphs.has(number)) throw new Error(`scene: outline ${number} never came`);
    return glyphs.get(number);
  };
  const draw = {
    [CLIP](flags) { // it begins all state anew
      ctx.restore();
      begin();
      if (flags & BOX) { // on whole pixels, as in the still
        const [x0, y0, x1, y1] = words.places(2).map(at => whole(at) / density);
        ctx.beginPath();
        ctx.rect(x0, y0, x1 - x0, y1 - y0);
        ctx.clip();
      }
      if (flags & SHAPE) {
        ctx.beginPath();
        words.outline(ctx, words.next() >> 8);
        ctx.clip();
      }
    },
    [PEN]() {
      ctx.strokeStyle = words.colour();
      ctx.lineWidth = thick = words.next() / 256;
      pen = thick > 0;
      const ends = words.next();
      [ctx.lineCap, ctx.lineJoin] = [CAPS[ends & 255], JOINS[ends >> 8]];
      ctx.lineDashOffset = words.next() / 64;
      ctx.setLineDash(Array.from({length: words.next()}, () => words.next() / 64));
    },
    [FILL]() {
      const colour = words.colour();
      fill = colour !== null;
      ctx.fillStyle = colour;
    },
    [PATH](flags) {
      ctx.beginPath();
      words.outline(ctx, flags, snap);
      if (fill) ctx.fill();
      if (pen) ctx.stroke();
    },
    [SHAPES](flags) { // many paths alike, each perhaps in colours of its own
      const count = words.next(), corners = words.next();
      const faces = flags & FACES && words.colours(count), edges = flags & EDGES && words.colours(count);
      for (let k = 0; k < count; k++) {
        const places = words.places(corners, flags & WIDE);
        if (flags & SNAPPED && level(places)) snap(places);
        ctx.beginPath();
        line(ctx, places, flags & CLOSED);
        if (faces) ctx.fillStyle = faces[k];
        if (edges) ctx.strokeStyle = edges[k];
        if (faces ? faces[k] : fill) ctx.fill();
        if (pen && (!edges || edges[k])) ctx.stroke();
      }
    },
    [MARKERS]() {
      const {path, unit} = glyph(words.next()), mark = new Path2D(), places = words.places(words.next());
      mark.addPath(path, new DOMMatrix([1 / unit, 0, 0, 1 / unit, 0, 0]));
      for (let i = 0; i < places.length; i += 2) {
        ctx.translate(places[i], places[i + 1]);
        if (fill) ctx.fill(mark);
        if (pen) ctx.stroke(mark);
        ctx.translate(-places[i], -places[i + 1]);
      }
    },
    [LETTERS](flags) {
      const size = words.next() / 64, turn = flags & TURNED ? words.next() / 64 * Math.PI / 180 : 0;
      const [along, across] = [Math.cos(turn), -Math.sin(turn)].map(part => part * size * density);
      for (let count = words.next(); count--;) {
        const {path, unit} = glyph(words.next()), [a, b] = [along / unit, across / unit];
        ctx.setTransform(a, b, -b, a, words.place() * density, words.place() * density);
        ctx.fill(path);
      }
      ctx.setTransform(density, 0, 0, density, 0, 0);
    },
    [IMAGE](flags) {
      const picture = pictures[words.next()];
      ctx.save();
      ctx.globalAlpha = words.next() / 255;
      ctx.imageSmoothingEnabled = Boolean(flags & SMOOTH);
      ctx.transform(...new Float32Array(words.skip(24).buffer));
      ctx.drawImage(picture, 0, 0);
      ctx.restore();
    },
  };
  begin();
  for (words.at = 1; words.at < words.words.length;) {
    const word = words.next(), act = draw[word & 255];
    if (!act) throw new Error(`scene: no such operation ${word & 255}, at word ${words.at - 1}`);
    act(word >> 8);
  }
  ctx.restore(); // what `begin` kept
}
