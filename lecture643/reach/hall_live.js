// The live source of the hall's views: one socket to the server that makes them (see reach/hall.py).

const GONE = "The hall's server is gone: start it again and reload.";

// What stage.js wants of a widget's model; `say` takes its messages.
export class Model {
  constructor(say) { Object.assign(this, {send: say, traits: {}, ears: []}); }
  get(name) { return this.traits[name]; }
  on(names, ear) { for (const name of names.split(" ")) this.ears.push([name, ear]); }
  off(names, ear) { this.ears = this.ears.filter(([name, other]) => !(names.split(" ").includes(name) && other === ear)); }
  emit(name, ...told) { for (const [other, ear] of this.ears) if (name === other) ear(...told); }

  // New values of traits; whoever listens to several of them is called once.
  take(state) {
    Object.assign(this.traits, state);
    const ears = new Set(this.ears.filter(([name]) => name.slice(7) in state && name.startsWith("change:")).map(([, ear]) => ear));
    for (const ear of ears) ear();
  }
}

export function live() {
  const address = new URL("live", location.href), models = {};
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  const up = new Promise((resolve) => { socket.onopen = resolve; });
  const tell = async (message) => { await up; socket.send(JSON.stringify(message)); };
  const measure = () => tell({kind: "window", height: innerHeight});
  socket.onmessage = ({data}) => {
    const long = new DataView(data).getUint32(0, true), head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, long)));
    const entry = models[head.screen];
    if (!entry) return;
    let at = 4 + long;
    const buffers = head.buffers.map((size) => { at += size; return new Uint8Array(data, at - size, size); });
    if (head.failed) entry.fail(new Error(head.failed));
    if (head.content) entry.model.emit("msg:custom", head.content, buffers);
    if (head.state) { entry.model.take(head.state); entry.ready(entry.model); }
  };
  socket.onclose = () => {
    for (const {model, fail} of Object.values(models)) {
      fail(new Error(GONE));
      model.comm_live = false;
      model.emit("comm_live_update");
    }
  };
  addEventListener("resize", measure);
  measure();
  return {
    // A promise of the screen's model.
    open(screen) {
      const entry = models[screen] ??= {model: new Model((content) => tell({kind: "say", screen, content}))};
      entry.promise ??= new Promise((ready, fail) => { Object.assign(entry, {ready, fail}); tell({kind: "open", screen}); });
      return entry.promise;
    },
    close(screen) {
      if (!models[screen]) return;
      delete models[screen];
      tell({kind: "close", screen});
    },
  };
}
