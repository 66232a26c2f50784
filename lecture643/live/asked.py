"""What a view can ask of its reader: a prediction before it shows, goals while it moves. As data.

Truths are computed from the state that is revealed, never typed in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, inf, log, radians, sin
from typing import Any

import numpy as np

from lecture643.maths.text import number, vector
from lecture643.picture.figure import LiveFigure

Words = str | Callable[[Any], str]  # or made from the view's state

LETTERS = "ABCDEF"


def said(words: Words, state: Any) -> str:
    """In the words for this state."""
    return words(state) if callable(words) else words


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A question that is answered before the view shows what is so; then the view plays to the answer.

    ask: the question. reveal: the settings with which the answer is seen. seconds: of playing there.
    truth: what is right, computed from the state with those settings.
    """

    ask: str
    truth: Callable[[Any], Any]
    reveal: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 2.0

    @property
    def question(self) -> str:
        """The whole question, in words."""
        return self.ask

    def told(self, live: LiveFigure) -> dict[str, Any]:
        """What the browser needs to ask it."""
        raise NotImplementedError

    def answer(self, state: Any, live: LiveFigure) -> dict[str, Any]:
        """What the browser needs to tell the answer."""
        raise NotImplementedError

    def placed(self, truth: Any, live: LiveFigure) -> dict[str, Any]:
        """Where the truth, as `answer` tells it, is in the picture as it is laid out now."""
        return {}

    def named(self, value: Any) -> str:
        """A guess or the truth, in words."""
        raise NotImplementedError

    def right(self, guess: Any, truth: Any) -> bool:
        """Whether the guess counts as right."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Options(Prediction):
    """One of a few answers; truth gives its place among them, from 0.

    because: for each option why it is right, or why it is not. tempting: the wrong one that most would take.
    """

    options: Sequence[str]
    because: Sequence[Words]
    tempting: int

    @property
    def question(self) -> str:
        """With the options."""
        lettered = (f"{letter}: {option}" for letter, option in zip(LETTERS, self.options, strict=False))
        return f"{self.ask} {'; '.join(lettered)}."

    def told(self, live: LiveFigure) -> dict[str, Any]:
        """The options, too."""
        return {"kind": "options", "ask": self.ask, "options": list(self.options)}

    def answer(self, state: Any, live: LiveFigure) -> dict[str, Any]:
        """Which, and why each is right or not."""
        because = [said(words, state) for words in self.because]
        return {"truth": self.truth(state), "because": because, "tempting": self.tempting}

    def named(self, value: Any) -> str:
        """With its letter."""
        return f"{LETTERS[value]}: {self.options[value]}"

    def right(self, guess: Any, truth: Any) -> bool:
        """Only the very one."""
        return bool(guess == truth)


@dataclass(frozen=True, kw_only=True)
class Mark(Prediction):
    """A guess that is made on the picture, in `panel`, at one of `stops`; truth is a number.

    name: of what is guessed. close: how far off still counts as right; where `factor`, by how many times.
    across: a place on the horizontal axis, else on the vertical one.
    """

    panel: str
    name: str
    stops: Sequence[float]
    close: float
    because: Words
    factor: bool = False
    across: bool = False
    kind = "level"

    def told(self, live: LiveFigure) -> dict[str, Any]:
        """The stops and where they are, in parts of the picture."""
        told = {"kind": self.kind, "ask": self.ask, "box": live.box(self.panel), "across": self.across}
        return told | {"tracks": [_track(self.name, self.stops)]} | self._at(live)

    def _at(self, live: LiveFigure) -> dict[str, Any]:
        return {"at": [self._place(live, stop) for stop in self.stops]}

    def _place(self, live: LiveFigure, value: float) -> float:
        axes = live.panels[self.panel]
        low = axes.get_ylim()[0], axes.get_xlim()[0]
        across, up = live.place_of(self.panel, (value, low[0]) if self.across else (low[1], value))
        return across if self.across else up

    def answer(self, state: Any, live: LiveFigure) -> dict[str, Any]:
        """The number, and why."""
        truth = float(self.truth(state))
        because = [said(self.because, state)]
        return {"truth": [truth], "because": because, "close": self.close, "factor": self.factor}

    def placed(self, truth: Any, live: LiveFigure) -> dict[str, Any]:
        """On its axis."""
        return {"truth_at": self._place(live, truth[0])}

    def named(self, value: Any) -> str:
        """The name and the number."""
        return f"{self.name} = {number(value[0] if isinstance(value, list) else value)}"

    def right(self, guess: Any, truth: Any) -> bool:
        """Near enough."""
        (one,), other = guess, truth
        if self.factor:
            return one > 0 and other > 0 and abs(log(one / other)) <= log(self.close) + 1e-9
        return bool(abs(one - other) <= self.close + 1e-9)


@dataclass(frozen=True, kw_only=True)
class Spot(Mark):
    """A point that is guessed on the picture; stops are those of both axes, truth is a pair."""

    names: tuple[str, str]
    name: str = ""
    kind = "spot"

    def told(self, live: LiveFigure) -> dict[str, Any]:
        """Two tracks."""
        stops = list(map(float, self.stops))
        told = {"kind": self.kind, "ask": self.ask, "box": live.box(self.panel)}
        places = [live.place_of(self.panel, (stop, stop)) for stop in stops]
        return told | {
            "tracks": [_track(name, stops) for name in self.names],
            "at": [[across for across, _ in places], [up for _, up in places]],
        }

    def answer(self, state: Any, live: LiveFigure) -> dict[str, Any]:
        """The point, and why."""
        truth = np.array(self.truth(state), dtype=float).tolist()
        return {"truth": truth, "because": [said(self.because, state)], "close": self.close}

    def placed(self, truth: Any, live: LiveFigure) -> dict[str, Any]:
        """On the edge, where it is out of sight."""
        x, y = np.clip(truth, min(self.stops), max(self.stops)).tolist()
        return {"truth_at": list(live.place_of(self.panel, (x, y)))}

    def named(self, value: Any) -> str:
        """As a vector."""
        return vector(value)

    def right(self, guess: Any, truth: Any) -> bool:
        """Near enough."""
        return hypot(guess[0] - truth[0], guess[1] - truth[1]) <= self.close + 1e-9


@dataclass(frozen=True, kw_only=True)
class Heading(Mark):
    """A direction that is guessed on the picture, from `origin`, as an angle in degrees.

    length: of the arrow, in the data's units.
    """

    origin: tuple[float, float]
    length: float
    name: str = "angle °"
    stops: Sequence[float] = tuple(range(-180, 181, 5))
    kind = "heading"

    def _at(self, live: LiveFigure) -> dict[str, Any]:
        tips = [self._tip(live, stop) for stop in self.stops]
        return {"at": tips, "from": list(live.place_of(self.panel, self.origin))}

    def _tip(self, live: LiveFigure, angle: float) -> list[float]:
        x, y = self.origin
        towards = radians(angle)
        return list(
            live.place_of(self.panel, (x + self.length * cos(towards), y + self.length * sin(towards)))
        )

    def answer(self, state: Any, live: LiveFigure) -> dict[str, Any]:
        """The angle, and why."""
        truth = float(self.truth(state))
        return {"truth": [truth], "because": [said(self.because, state)], "close": self.close}

    def placed(self, truth: Any, live: LiveFigure) -> dict[str, Any]:
        """The tip of its arrow."""
        return {"truth_at": self._tip(live, truth[0])}

    def named(self, value: Any) -> str:
        """In degrees."""
        return f"{number(value[0] if isinstance(value, list) else value)}°"

    def right(self, guess: Any, truth: Any) -> bool:
        """Near enough, all the way round."""
        return abs((guess[0] - truth + 180) % 360 - 180) <= self.close + 1e-9


def _track(name: str, stops: Sequence[float]) -> dict[str, Any]:
    """A slider for a guess: its stops, which are even or those of a logarithmic one."""
    places = list(map(float, stops))
    even = np.allclose(np.diff(places), places[1] - places[0])
    told = {
        "name": name,
        "places": places,
        "min": places[0],
        "max": places[-1],
        "step": places[1] - places[0],
    }
    return told if even else told | {"stops": places}


def titled(name: str, goals: Sequence["Goal"]) -> list[str]:
    """Under which names the logbook keeps the goals of a view."""
    return [name] if len(goals) == 1 else [f"{name} {i}" for i, _ in enumerate(goals, start=1)]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Something to reach in a view.

    say: what is to be reached, in one sentence. far: how far the state is from it, 0 once it is reached.
    now: how it stands, in a few words. hint: a push. why: what one learns from it, told once it is reached or
    given up. way: settings that reach it. fixed: settings that have to stay as they were at first.
    mark: draws where it lies into the picture's still part.
    """

    say: str
    far: Callable[[Any], float]
    now: Callable[[Any], str]
    hint: str
    why: Words
    way: Mapping[str, Any]
    fixed: Sequence[str] = ()
    mark: Callable[[LiveFigure], None] | None = None

    def distance(self, state: Any, settings: Any, at_first: Any) -> float:
        """How far it is with these settings."""
        if any(getattr(settings, name) != getattr(at_first, name) for name in self.fixed):
            return inf
        far = float(self.far(state))
        return inf if np.isnan(far) else max(far, 0.0)
