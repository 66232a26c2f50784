"""σ and its limits: what it tends to, how steep it is, and where double precision gives up."""

from dataclasses import dataclass

import numpy as np

from lecture643.live import Pointer, Settings, View, number
from lecture643.maths.toy import sigmoid, sigmoid_prime
from lecture643.picture import draw
from lecture643.picture.figure import LiveFigure
from lecture643.picture.mosaic import Mosaic

NEAR, FAR = 8.0, 45.0
LOWEST = 1e-20


@dataclass(frozen=True)
class SigmoidSettings(Settings):
    """What the view can be set to."""

    z: float = number("z", 2.0, -FAR, FAR, step=0.5, meaning="where the point stands")


@dataclass(frozen=True)
class State:
    """σ at one z."""

    z: float
    value: float
    slope: float
    distance: float  # to the limit on this side, from σ(−|z|)
    subtracted: float  # the same as 1 − σ(|z|), in double precision


class Sigmoid(View[SigmoidSettings, State]):
    """σ(z) with its tangent, and how far it is from its limit.

    Slide: "MLP - Data Perspective: A Simple Example".
    Left: σ near 0. Right, for |z| up to 45: the distance to the limit, on a log axis, as σ(−|z|) and as the
    subtraction 1 − σ(|z|), which double precision rounds to 0 from 37 on.
    """

    panels = Mosaic("near far", size=(1000, 420), rooms={"far": (4.8, 0.9, 2.8, 2)})

    def build(self, live: LiveFigure) -> None:
        near = live.axes("near", title=r"$\sigma(z)=1\,/\,(1+\exp(-z))$", xlabel="$z$")
        z = np.linspace(-NEAR, NEAR, 401)
        near.plot(z, sigmoid(z), color=draw.INK)
        near.hlines([0, 1], -NEAR, NEAR, color=draw.FAINT, linestyle=":", linewidth=1.2)
        near.set(xlim=(-NEAR, NEAR), ylim=(-0.06, 1.06), xticks=[-8, -4, 0, 4, 8], yticks=[0, 0.5, 1])
        (self.tangent,) = near.plot([], [], "--", color=draw.FAINT)
        self.point = draw.current_weights(near)

        far = live.axes("far", title="distance to the limit", xlabel="$|z|$")
        z = np.linspace(0, FAR, 2401)
        far.plot(z, sigmoid(-z), color=draw.INK, label=r"$\sigma(-|z|)$")
        rounded = 1 - sigmoid(z)
        seen = rounded > 0
        far.plot(z[seen], rounded[seen], "--", color=draw.ALERT, label=r"$1-\sigma(|z|)$ in doubles")
        far.axvline(37, color=draw.FAINT, linestyle=":", linewidth=1.2)
        far.set(xlim=(0, FAR), ylim=(LOWEST, 2), yscale="log")
        far.legend(loc="lower left", frameon=False)
        self.far_point = draw.current_weights(far)
        live.moving(self.tangent, self.point, self.far_point)

    def compute(self, settings: SigmoidSettings) -> State:
        z, size = settings.z, abs(settings.z)
        subtracted = float(1 - sigmoid(size))
        return State(z, float(sigmoid(z)), float(sigmoid_prime(z)), float(sigmoid(-size)), subtracted)

    def draw(self, state: State) -> None:
        z = float(np.clip(state.z, -NEAR, NEAR))
        ends = np.array([-2.0, 2.0])
        self.tangent.set_data(z + ends, state.value + state.slope * ends)
        self.point.set_data([z], [state.value])
        self.point.set_marker(draw.CURRENT.marker if z == state.z else ">" if z > 0 else "<")  # off the axis
        self.far_point.set_data([min(abs(state.z), FAR)], [max(state.distance, LOWEST)])

    def sentence(self, state: State) -> str:
        limit, value = 1 if state.z > 0 else 0, draw.number(state.value)
        about = "≈" if value == "1" else "="  # it is rounded here: σ is 1 nowhere
        told = (
            f"σ({draw.number(state.z)}) {about} {value} with slope {draw.number(state.slope)}, "
            f"at a distance of {draw.number(state.distance)} from its limit {limit}"
        )
        if state.subtracted == 0:
            return f"{told}; in double precision 1 − σ({draw.number(abs(state.z))}) is exactly 0."
        return f"{told}."

    def drag(self, pointer: Pointer) -> dict[str, float]:
        if pointer.panel == "near":
            return {"z": pointer.x}
        return {"z": max(pointer.x, 0.0) * (-1 if self.settings.z < 0 else 1)}
