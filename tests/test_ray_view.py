"""E along a ray (fine print F1)."""

import math

import numpy as np
import pytest
from hands import press
from numpy.testing import assert_allclose

from lecture643 import explore
from lecture643.explore.ray import ALONG
from lecture643.maths.toy import four_points

POINTS = four_points()


@pytest.mark.parametrize(
    ("angle", "limit"), [(170, 0), (-100, 1), (80, 3), (-10, 4), (135, 0.75), (-45, 1.75)]
)
def test_what_e_tends_to_along_the_ray(angle: float, limit: float) -> None:
    view = explore.ray(angle=angle, t=3)
    assert view.state.limit == limit
    far = 500 * np.array([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
    assert_allclose(POINTS.error(far), limit, atol=1e-9)
    assert ("is 0 nowhere" in view.describe()) == (limit == 0)


def test_the_curves_are_e_and_its_parts() -> None:
    view = explore.ray(angle=150, t=2)
    w = ALONG[:, np.newaxis] * view.state.u
    assert_allclose(view.sum.get_ydata(), POINTS.error(w))
    for i, line in enumerate(view.parts):
        assert_allclose(line.get_ydata(), POINTS.sample_errors(w)[:, i])
    assert_allclose(view.state.curves[0], view.state.curves[1:].sum(axis=0))
    assert (view.state.curves > 0).all()


def test_w_is_dragged_on_the_map_and_t_on_its_curve() -> None:
    view = explore.ray(angle=150, t=2)
    press(view, "weights", 0, -10.1)
    assert (view.settings.angle, view.settings.t) == (-90, 10)
    press(view, "along", 4.6, 1e-3)
    assert (view.settings.angle, view.settings.t) == (-90, 4.5)
    assert [panel for panel, _ in view.handles()] == ["weights", "along"]
    press(view, "weights", 19, 19)  # farther out than t goes
    assert (view.settings.angle, view.settings.t) == (45, 20)
