"""Settings for all tests."""

import functools
import gc
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from matplotlib.mathtext import MathTextParser

from lecture643 import logbook
from lecture643.live import hall

# No deadlines: a slow machine is no failure. The same examples on every run: a red test stays red.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")


# Notebooks and views are tested as a student finds them who has not begun, and leave nothing on the disk.
os.environ["LECTURE643_PROGRESS"] = ""

# A formula is parsed once for all views, whose parser knows no more than the last fifty.
MathTextParser._parse_cached = functools.lru_cache(5000)(MathTextParser._parse_cached.__wrapped__)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one at the end.

    These are the student, the others with a browser, and those with many tests.
    """
    many = Counter(item.path for item in items)
    items.sort(
        key=lambda item: (
            item.path.stem != "test_student",
            item.get_closest_marker("browser") is None,
            -many[item.path],
        )
    )
    gc.freeze()  # a view that closes collects garbage, of which there is none in all that was imported


@pytest.fixture(autouse=True)
def no_view_is_left_open() -> Iterator[None]:
    """Views live until they are closed, and a change of style redraws all that are open."""
    yield
    for view in list(hall.open_views):
        view.close()


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    """What one test predicts or reaches is open again in the next."""
    yield
    logbook.clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless browser, for tests that are marked by `lab.in_chromium`."""
    import lab  # only then, since most tests need no browser

    path = lab.chromium_path()
    assert path, "CI needs a Chromium"
    with lab.chromium(path) as running:
        yield running
