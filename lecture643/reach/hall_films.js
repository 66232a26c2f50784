import {filmModel, unpacked} from "./film.js";

// The hall's views from films: each screen's film is a script beside the page, which calls `film` (see hall_films.py).

const coming = {}; // screen -> what waits for its film

globalThis.lecture643 = {film: (screen, text) => coming[screen]?.(text)};

function fetched(screen) {
  return new Promise((ready, fail) => {
    coming[screen] = ready;
    const script = document.createElement("script");
    Object.assign(script, {
      src: `films/${screen}.js`,
      onload: () => script.remove(),
      onerror: () => fail(new Error("The film of this screen did not load.")),
    });
    document.head.append(script);
  });
}

globalThis.lecture643source = () => {
  const models = {};
  return {
    open: (screen) => models[screen] ??= fetched(screen).then(unpacked).then(filmModel),
    close: (screen) => { delete models[screen]; },
  };
};
