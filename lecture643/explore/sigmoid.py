"""σ and its limits: what it tends to, how steep it is, and where double precision gives up."""

from dataclasses import dataclass

import numpy as np

from lecture643.live.controls import slider
from lecture643.live.view import LiveFigure, Pointer, View
from lecture643.maths.checks import finite_array
from lecture643.maths.toy import sigmoid, sigmoid_prime
from lecture643.picture import draw

NEAR, FAR = 8.0, 45.0
LOWEST = 1e-20


@dataclass(frozen=True)
class State:
    """σ at one z."""

    z: float
    value: float
    slope: float
    distance: float  # to the limit on this side, from σ(−|z|)
    subtracted: float  # the same as 1 − σ(|z|), in double precision


class Sigmoid(View[State]):
    """σ(z) with its tangent, and how far it is from its limit.

    Slide: "MLP - Data Perspective: A Simple Example".
    Left: σ near 0. Right, for |z| up to 45: the distance to the limit, on a log axis, as σ(−|z|) and as the
    subtraction 1 − σ(|z|), which double precision rounds to 0 from 37 on.

    z: where the point stands at first.
    """

    size = (1000, 420)

    def __init__(self, z: float = 2.0) -> None:
        (z,) = finite_array("z", [z])
        super().__init__({"z": slider("z", float(z), -FAR, FAR, 0.5)}, rows=[["z"]])

    def build(self, live: LiveFigure) -> None:
        self.near = live.axes(0.06, 0.14, 0.4, 0.76, title=r"$\sigma(z)=1\,/\,(1+\exp(-z))$", xlabel="$z$")
        z = np.linspace(-NEAR, NEAR, 401)
        self.near.plot(z, sigmoid(z), color=draw.INK)
        self.near.hlines([0, 1], -NEAR, NEAR, color=draw.FAINT, linestyle=":", linewidth=1.2)
        self.near.set(xlim=(-NEAR, NEAR), ylim=(-0.06, 1.06), yticks=[0, 0.5, 1])
        (self.tangent,) = self.near.plot([], [], "--", color=draw.FAINT)
        self.point = draw.current_weights(self.near)

        self.far = live.axes(0.58, 0.14, 0.39, 0.76, title="distance to the limit", xlabel="$|z|$")
        z = np.linspace(0, FAR, 2401)
        self.far.plot(z, sigmoid(-z), color=draw.INK, label=r"$\sigma(-|z|)$")
        rounded = 1 - sigmoid(z)
        seen = rounded > 0
        self.far.plot(z[seen], rounded[seen], "--", color=draw.ALERT, label=r"$1-\sigma(|z|)$ in doubles")
        self.far.axvline(37, color=draw.FAINT, linestyle=":", linewidth=1.2)
        self.far.set(xlim=(0, FAR), ylim=(LOWEST, 2), yscale="log")
        self.far.legend(loc="lower left", frameon=False)
        self.far_point = draw.current_weights(self.far)
        live.moving(self.tangent, self.point, self.far_point)

    def compute(self, z: float) -> State:
        finite_array("z", [z])
        size = abs(z)
        subtracted = float(1 - sigmoid(size))
        return State(z, float(sigmoid(z)), float(sigmoid_prime(z)), float(sigmoid(-size)), subtracted)

    def draw(self, state: State) -> None:
        z = float(np.clip(state.z, -NEAR, NEAR))
        ends = np.array([-2.0, 2.0])
        self.tangent.set_data(z + ends, state.value + state.slope * ends)
        self.point.set_data([z], [state.value])
        self.far_point.set_data([min(abs(state.z), FAR)], [max(state.distance, LOWEST)])

    def sentence(self, state: State) -> str:
        limit = 1 if state.z > 0 else 0
        told = (
            f"σ({draw.number(state.z)}) = {draw.number(state.value)} with slope {draw.number(state.slope)}, "
            f"at a distance of {draw.number(state.distance)} from its limit {limit}"
        )
        if state.subtracted == 0:
            return f"{told}; in double precision 1 − σ({draw.number(abs(state.z))}) is exactly 0."
        return f"{told}."

    def drag(self, pointer: Pointer) -> dict[str, float]:
        return {"z": pointer.x} if pointer.axes in (self.near, self.far) else {}
