"""A pinned training: its curve stays while the settings change, and the sentence compares."""

import asyncio
from typing import Any

import numpy as np
import pytest
from hands import message

import lecture643 as lec
from lecture643 import explore
from lecture643.picture.draw import number

SMALL: dict[str, Any] = {"data": "XOR", "sizes": (2, 4, 1), "epochs": 12}


def test_the_pinned_curve_stays_while_the_rate_changes() -> None:
    view = explore.training(**SMALL, rate=0.1)
    x, e = view.curves["minibatch"].get_data()
    message(view, "press", action="pin")
    view.set(rate=1.0, method="gd", error="cross-entropy")
    ghost = view.plots.ghost.get_data()
    assert np.array_equal(ghost[0], x)
    assert np.array_equal(ghost[1], e)
    assert not np.array_equal(view.curves["gd"].get_ydata(), e[: len(view.curves["gd"].get_ydata())])
    assert view.plots.ghost.get_linestyle() == "--"
    assert view.plots._name.get_text() == "pinned: mini-batch SGD, γ = 0.1, squared error"


def test_the_sentence_compares() -> None:
    view = explore.training(**SMALL, rate=0.1)
    then = view.state.run.error[12]
    view.pin()
    view.set(rate=1.0)
    now = view.state.run.error[12]
    told = f"E = {number(then)} after 12 epochs; now: E = {number(now)} after 12 epochs."
    assert f"Pinned (mini-batch SGD, γ = 0.1): {told}" in view.describe()


def test_unpin_and_reset_take_it_away() -> None:
    for action in ("unpin", "reset"):
        view = explore.training(**SMALL)
        picture = view.live.picture()
        message(view, "press", action="pin")
        assert view.live.picture() != picture
        message(view, "press", action=action)
        assert view.live.picture() == picture
        assert "Pinned" not in view.describe()


def test_the_code_makes_the_pin_too() -> None:
    view = explore.training(data="XOR", sizes=(2, 4, 1), rate=0.4, method="sgd", shown=500)
    view.pin()
    view.set(data="circles", rate=2.0)
    again = eval(view.code(), {"lec": lec})
    assert again.describe() == view.describe()
    assert again.live.picture() == view.live.picture()


def test_a_pin_is_given_as_settings_and_what_is_none_is_told() -> None:
    view = explore.training(**SMALL, pinned={"rate": 0.01, "data": "XOR", "sizes": (2, 4, 1)})
    assert view.state.ghost is not None
    with pytest.raises(ValueError, match=r"pinned must be among points, data, sizes, .*, got 'threshold'"):
        view.set(pinned={"threshold": 0.3})
    with pytest.raises(ValueError, match=r"rate must be from 0\.001 to 10, got 99"):
        view.set(pinned={"rate": 99})


def test_a_pin_that_diverged_ends_where_it_did() -> None:
    view = explore.training(activation="identity", error="cross-entropy", rate=10, epochs=30)
    assert view.state.run.end is not None
    view.pin()
    view.set(rate=0.01)
    assert len(view.plots.ghost.get_xdata()) >= 1
    assert "inf" not in view.describe()
    assert "nan" not in view.describe()


def test_what_is_shown_of_a_training_on_its_way_is_pinned() -> None:
    async def pinned() -> None:
        view = explore.training(data="spirals", epochs=200, shown=0, seed=41)
        view.take({"shown": 2000})
        await asyncio.sleep(0)
        k = view.state.k
        message(view, "press", action="pin")
        assert dict(view.settings.pinned).get("shown", 300) == k
        view.close()

    asyncio.run(pinned())


def test_ones_own_function_can_be_pinned() -> None:
    def train(mlp: Any, x: Any, y: Any, samples: Any, rate: float) -> Any:
        return mlp

    view = explore.training(**SMALL, train=train)
    view.pin()
    view.set(method="sgd")
    assert view.plots._name.get_text().startswith("pinned: your function")
    assert view.plots.ghost.get_xdata()[-1] == 12
