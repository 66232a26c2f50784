"""A view that nobody sees lets its figure go, and nobody notices."""

import asyncio
import gc
import weakref
from typing import Any

import hands
import pytest

from lecture643 import explore
from lecture643.live import hall


@pytest.mark.parametrize("name", explore.__all__)
def test_what_was_let_go_comes_back_as_it_was(name: str) -> None:
    view = getattr(explore, name)()
    before, frame = view.live.picture(), view.live.frame()
    view.let_figure_go()
    assert not view.has_figure
    assert view.live.picture() == before
    assert view.live.frame() == frame


def test_nothing_of_a_figure_that_was_let_go_is_left() -> None:
    view = explore.descent()
    figure = weakref.ref(view.figure)
    view.let_figure_go()
    gc.collect()
    assert figure() is None


def test_a_cell_that_shows_a_view_keeps_no_figure() -> None:
    view = explore.neuron()
    view._repr_mimebundle_()
    assert not view.has_figure


def test_moved_out_of_sight_it_shows_its_newest_state_when_it_is_seen() -> None:
    view, other = explore.descent(), explore.descent(rate=2)
    view._repr_mimebundle_()
    view.take({"rate": 2.0})
    assert not view.has_figure
    assert "rate" not in view._failure
    assert view.live.picture() == other.live.picture()


def test_a_hall_makes_no_figure_that_nobody_sees() -> None:
    view = explore.neuron()
    view.let_figure_go()
    hall.projector()
    try:
        assert not view.has_figure
        assert view.live.style.projector
    finally:
        hall.desk()
    assert not view.live.style.projector


def test_what_leaves_the_window_is_let_go_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lecture643.live.view.UNSEEN_SECONDS", 0.0)
    seen: list[Any] = []

    async def look() -> None:
        view = explore.neuron()
        hands.message(view, "hello", density=1, width=900, height=600)
        seen.append(view.has_figure)
        hands.message(view, "sight", seen=False)
        while view.has_figure:
            await asyncio.sleep(0)
        hands.message(view, "sight", seen=True)
        seen.append(view.has_figure)

    asyncio.run(look())
    assert seen == [True, True]


def test_an_attribute_that_is_none_of_its_own_is_missed_in_words() -> None:
    view = explore.neuron()
    with pytest.raises(AttributeError, match="Neuron has no attribute colour"):
        _ = view.colour
