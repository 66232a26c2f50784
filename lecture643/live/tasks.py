"""What is asked in one view, and how far its reader has come: predictions and goals at work."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from lecture643 import logbook
from lecture643.live.asked import Goal, Prediction, said, titled
from lecture643.picture.figure import LiveFigure

if TYPE_CHECKING:
    from lecture643.live.view import View

PER_SECOND = 12  # frames from the start to the answer


class Tasks:
    """Beside the picture: first the prediction, then the goals.

    name: under which the logbook keeps what is done here. asked: "" where nothing is, else "open" until one
    commits, "playing" on the way to the answer, and "answered".
    """

    def __init__(
        self,
        view: "View[Any, Any]",
        name: str = "",
        ask: Prediction | None = None,
        goals: Sequence[Goal] = (),
    ) -> None:
        self.name, self.prediction, self.goals = name, ask, goals
        self._view = view
        self._settings = view.settings  # at first
        self._guess: Any = None
        self._answer: dict[str, Any] = {}
        self._revealed: Any = None  # the settings with which the answer is seen
        self._from = [inf for _ in goals]  # how far off one begins
        self._hinted, self._given_up = set[int](), set[int]()
        self._titles = titled(name, goals)
        kept = {i: logbook.noted("goals", title) for i, title in enumerate(self._titles)}
        self._reached = {i for i, entry in kept.items() if entry}
        self._why = {i: entry.get("why", "") for i, entry in kept.items() if entry}  # as it was told then
        self._best = [(0.0, entry.get("best", "")) if entry else (inf, "") for entry in kept.values()]
        self._steps: list[Mapping[str, Any]] = []
        self.asked = "open" if ask else ""
        if ask and (entry := logbook.noted("predictions", name)):
            self.asked = "answered"
            self._guess, self._answer = entry.get("guess"), entry.get("answer", {})
            self._revealed = self._settings.changed(**ask.reveal)

    # --- what is to be seen -----------------------------------------------------------------------

    @property
    def at_first(self) -> Any:
        """The settings with which all began."""
        return self._settings

    @property
    def opens_at(self) -> Any:
        """The settings that are seen first: those of the answer, where it is known."""
        return self._revealed or self._settings

    def told(self) -> dict[str, Any]:
        """What the browser needs to show; it changes seldom."""
        live, prediction = self._view.live, {}
        if self.prediction:
            prediction = self.prediction.told(live) | {"state": self.asked, "guess": self._guess}
            if self.asked == "answered":
                prediction |= self._answer | self.prediction.placed(self._answer["truth"], live)
        goals = [self._goal_told(i, goal) for i, goal in enumerate(self.goals)]
        return {"prediction": prediction, "goals": goals} if prediction or goals else {}

    def _goal_told(self, i: int, goal: Goal) -> dict[str, Any]:
        return {
            "say": goal.say,
            "reached": i in self._reached,
            "hint": goal.hint if i in self._hinted else "",
            "why": self._why.get(i, ""),
        }

    def now(self) -> dict[str, Any]:
        """What changes with every frame: how each goal stands, and whether it is the answer that is seen."""
        if not self.goals and not self.prediction:
            return {}
        state = self._view.state
        goals = [
            {"now": goal.now(state), "best": words, "part": self._part(i, far)}
            for i, (goal, (far, words)) in enumerate(zip(self.goals, self._best, strict=True))
        ]
        return {"goals": goals, "at_answer": self._view.settings == self._revealed}

    def _part(self, i: int, far: float) -> float:
        """Of the way: 1 once it is reached."""
        if i in self._reached or far == 0:
            return 1.0
        return max(0.0, 1 - far / self._from[i]) if 0 < self._from[i] < inf else 0.0

    def words(self) -> str:
        """The question, or the goals, for a reader without a kernel."""
        told = [f"Predict: {self.prediction.question}"] if self.prediction and self.asked == "open" else []
        return " ".join([*told, *(f"Goal: {goal.say}" for goal in self.goals)])

    def mark(self, live: LiveFigure) -> None:
        """Draw where the goals lie."""
        for goal in self.goals:
            if goal.mark:
                goal.mark(live)

    # --- what happens -----------------------------------------------------------------------------

    def follow(self) -> bool:
        """Look at the view's new state; whether something is to be told anew."""
        state, news = self._view.state, False
        if self.asked in ("open", "playing") or self._view.unfinished:
            return False
        for i, goal in enumerate(self.goals):
            far = goal.distance(state, self._view.settings, self._settings)
            if self._from[i] == inf:
                self._from[i] = far
            shown_a_way = i in self._given_up - self._reached
            if (far < self._best[i][0] or far == 0) and not shown_a_way:
                self._best[i] = far, goal.now(state)
            if far == 0 and i not in self._reached | self._given_up:
                self._reached.add(i)
                self._why[i] = why = said(goal.why, state)
                now = {"code": self._view.code(), "best": goal.now(state)}
                logbook.note("goals", self._titles[i], goal=goal.say, why=why, **now)
                news = True
        return news

    def hear(self, message: Mapping[str, Any]) -> None:
        """What is done in the browser: "commit" (guess), "again", "anew", "hint", "give_up" (goal)."""
        getattr(self, message["act"])(message)
        self._view.tell_tasks()

    def commit(self, message: Mapping[str, Any]) -> None:
        """A guess, or None of who wants to be shown; the view plays to the answer."""
        if self.asked == "open":
            self._guess = message["guess"]
            self.play(calm=message.get("calm", False))

    def again(self, message: Mapping[str, Any]) -> None:
        """Play to the answer once more."""
        if self.asked == "answered":
            self._view.show(self._settings)
            self.play(calm=message.get("calm", False))

    def anew(self, message: Mapping[str, Any]) -> None:
        """Ask once more, as if nothing had been said."""
        logbook.forget("predictions", self.name)
        self.asked, self._guess, self._answer = "open", None, {}
        self._view.show(self._settings)

    def hint(self, message: Mapping[str, Any]) -> None:
        """Show a goal's hint."""
        self._hinted.add(message["goal"])

    def give_up(self, message: Mapping[str, Any]) -> None:
        """Show one way to a goal, and why it is one; that is not to have reached it."""
        i, goal = message["goal"], self.goals[message["goal"]]
        self._given_up.add(i)
        self._view.show((self._revealed or self._settings).changed(**goal.way))
        self._why[i] = said(goal.why, self._view.state)

    # --- playing to the answer --------------------------------------------------------------------

    def play(self, calm: bool) -> None:
        """From the present settings to those of the answer, or there at once."""
        assert self.prediction
        playing = not calm and self._view.has_time
        self._steps = self.way() if playing else [self.prediction.reveal]
        self.asked = "playing"
        self._go_on()

    def way(self) -> list[Mapping[str, Any]]:
        """What is set from frame to frame, from the present settings to those of the answer."""
        assert self.prediction
        end = self._view.settings.changed(**self.prediction.reveal)
        frames = max(1, round(PER_SECOND * self.prediction.seconds))
        return [*(self._between(end, n / frames) for n in range(1, frames)), self.prediction.reveal]

    def _between(self, end: Any, share: float) -> Mapping[str, Any]:
        """Settings on the way: numbers move evenly, all else is there at once, what depends on it follows."""
        assert self.prediction
        view, kinds = self._view, self._view.settings.kinds()
        return {
            name: kinds[name].between(getattr(view.settings, name), getattr(end, name), share)
            for name in self.prediction.reveal
        }

    def _go_on(self) -> None:
        """Frame by frame, each as soon as the one before is finished."""
        view = self._view
        while self.asked == "playing":
            if not view.unfinished:
                if not self._steps:
                    self._finish()
                    return
                view.show(view.settings.changed(**self._steps.pop(0)))
            if view.has_time:
                view.soon("reveal", 1 / PER_SECOND, self._go_on)
                return

    def _finish(self) -> None:
        """The answer is seen: say how the guess was."""
        prediction, state = self.prediction, self._view.state
        assert prediction
        self._answer, self._revealed = prediction.answer(state, self._view.live), self._view.settings
        self.asked = "answered"
        truth, guess = prediction.truth(state), self._guess
        right = guess is not None and prediction.right(guess, truth)
        logbook.note(
            "predictions",
            self.name,
            asked=prediction.ask,
            said="" if guess is None else prediction.named(guess),
            truth=prediction.named(truth),
            right=right,
            guess=guess,
            answer=self._answer,
        )
        self._view.refresh()
        self._view.tell_tasks()
