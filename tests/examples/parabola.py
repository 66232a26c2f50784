"""A parabola and its tangent."""

from dataclasses import dataclass

import numpy as np

from lecture643.live import Settings, View, number
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic


@dataclass(frozen=True)
class ParabolaSettings(Settings):
    x: float = number("x", 1.0, -2, 2, meaning="where the slope is taken")
    bend: float = number("bend", 1.0, 0.5, 3, meaning="how steep it is")


class Parabola(View[ParabolaSettings, ParabolaSettings]):
    """f(x) = bend · x² and its tangent at x."""

    panels = Mosaic("curve", size=(700, 350))

    def build(self, live: LiveFigure) -> None:
        ax = live.axes("curve", xlim=(-2, 2), ylim=(-1, 4), xlabel="$x$")
        self.curve, self.tangent = ax.plot([], [], "-", [], [], "--")
        live.moving(self.curve, self.tangent)

    def compute(self, settings: ParabolaSettings) -> ParabolaSettings:
        return settings

    def draw(self, state: ParabolaSettings) -> None:
        x, u, bend = state.x, np.linspace(-2, 2, 81), state.bend
        self.curve.set_data(u, bend * u**2)
        self.tangent.set_data(u, bend * x**2 + 2 * bend * x * (u - x))

    def sentence(self, state: ParabolaSettings) -> str:
        return f"At x = {draw.number(state.x)} the slope is {draw.number(2 * state.bend * state.x)}."
