"""SGD with many seeds at once, as a faint cloud in the race."""

import asyncio

import numpy as np
import pytest

from lecture643 import explore
from lecture643.maths.cloud import LENGTH, SEEDS, Cloud
from lecture643.maths.race import Race
from lecture643.maths.toy import four_points

RACE = Race(four_points(), 40, (0.5, -0.5), 0.4, "γ/√(k+1)", 1000)


@pytest.mark.parametrize("seed", [0, 7, 49])
def test_each_of_them_is_the_walk_of_its_seed(seed: int) -> None:
    cloud, walk = Cloud(RACE), RACE.walk("sgd", 1, seed, 1000)
    cloud.reach(1000)
    for k in (0, 1, LENGTH - 1, LENGTH, LENGTH + 1, 555, 1000):
        assert cloud.at(k)[seed] == pytest.approx(walk.w[k], rel=1e-9)


def test_it_comes_in_slices_and_tells_no_more_than_it_knows() -> None:
    cloud = Cloud(RACE)
    assert not cloud.reach(500, seconds=0)
    assert (cloud.at(500) == RACE.start).all()
    cloud.reach(150)
    assert cloud.known == 2 * LENGTH
    assert (cloud.at(900) == cloud.at(2 * LENGTH)).all()


def test_the_view_shows_where_every_seed_is() -> None:
    view = explore.descent(cloud=True, shown=24, rate=1)
    walks = [view.state.race.walk("sgd", 1, seed, 240).w[24] for seed in SEEDS]
    assert view.state.cloud == pytest.approx(np.array(walks))
    error = [float(four_points().error(w)) for w in walks]
    assert view.state.cloud_error == pytest.approx(error)
    assert len(view.clouds["path"].get_xdata()) == len(SEEDS)
    from lecture643.picture.draw import number

    assert f"from {number(min(error))} to {number(max(error))}" in view.describe()
    view.set(cloud=False)
    assert not len(view.clouds["path"].get_xdata())
    assert "cloud" not in view.describe()


def test_a_long_cloud_grows_between_messages() -> None:
    async def grown() -> list[bool]:
        view = explore.descent()
        seen = []
        draw = view.draw
        view.draw = lambda state: (seen.append(state.unfinished), draw(state))  # type: ignore
        view.take({"steps": 200, "samples": 40, "cloud": True, "rate": 0.37})
        while view.state.unfinished or view._coming.gi_frame is not None:  # type: ignore
            await asyncio.sleep(0.001)
        view.close()
        return seen

    seen = asyncio.run(grown())
    assert len(seen) > 2
    assert seen[-1] is False
