// A page of the site: each view's film is fetched when the view comes near, and moves the picture that stood there.

const NEAR = "600px"; // so far before it is seen
const waiting = new Map(); // the places of films that are on their way: name -> elements

// Called by a film's own script.
async function arrived(name, text) {
  const film = await unpacked(text), places = waiting.get(name) ?? [];
  waiting.delete(name);
  for (const place of places) show(place, film);
}

function show(place, film) {
  const stage = make("div", {className: "l643-live"});
  place.replaceChildren(stage);
  render({model: filmModel(film), el: stage});
}

function fetched(place) {
  const {film: name, source} = place.dataset;
  if (waiting.has(name)) { waiting.get(name).push(place); return; }
  waiting.set(name, [place]);
  const script = make("script", {src: source});
  script.addEventListener("error", () => place.append(make("p", {textContent: "The film of this view did not load: this is its picture."})));
  document.head.append(script);
}

const near = new IntersectionObserver((seen) => {
  for (const {isIntersecting, target} of seen) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    fetched(target);
  }
}, {rootMargin: NEAR});

window.lecture643 = {film: arrived};
for (const place of document.querySelectorAll(".l643-film")) near.observe(place);
