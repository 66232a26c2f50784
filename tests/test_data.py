"""The data sets of section 4: size, labels, place, seed, and the mapping of labels."""

import numpy as np
import pytest

from lecture643 import data

MADE = [data.xor, data.two_moons, data.circles, data.gaussians, data.spirals]


@pytest.mark.parametrize("make", MADE)
@pytest.mark.parametrize("size", [2, 7, 400])
def test_size_and_labels(make, size):
    x, y = make(size)
    assert x.shape == (size, 2)
    assert y.shape == (size,)
    assert sorted(y) == [0.0] * (size - size // 2) + [1.0] * (size // 2)


@pytest.mark.parametrize("make", MADE)
def test_place(make):
    x, y = make(1000)
    assert (np.abs(x) < 3).mean() > 0.99
    assert np.abs(x).max(axis=0).min() > 1.5  # the room is used, too
    assert np.abs(x.mean(axis=0)).max() < 0.1
    assert np.abs(x[:500].mean(axis=0)).max() < 0.3  # shuffled: no half of it lies on one side
    assert 200 < y[:500].sum() < 300


@pytest.mark.parametrize("make", MADE)
def test_seed_settles_the_draws(make):
    np.testing.assert_array_equal(make(seed=3).x, make(seed=3).x)
    assert (make(seed=3).x != make(seed=4).x).any()


@pytest.mark.parametrize("make", MADE)
def test_noise_is_the_standard_deviation_of_what_is_added(make):
    added = make(3000, noise=0.5).x - make(3000, noise=0).x
    assert added.std() == pytest.approx(0.5, rel=0.03)


def test_xor_of_four_is_the_truth_table():
    x, y = data.xor(4, noise=0)
    assert {(*np.sign(point), label) for point, label in zip(x, y, strict=True)} == {
        (1, 1, 0),
        (-1, -1, 0),
        (1, -1, 1),
        (-1, 1, 1),
    }


def test_circles_have_their_radii():
    x, y = data.circles(noise=0)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), np.where(y == 1, 1, 2.2))


@pytest.mark.parametrize("make", [data.two_moons, data.spirals])
def test_the_classes_do_not_touch_and_no_line_parts_them(make):
    x, y = make(300, noise=0)
    gaps = np.linalg.norm(x[y == 1][:, None] - x[y == 0], axis=-1)
    assert gaps.min() > 0.25
    design = np.column_stack([x, np.ones(300)])
    line = np.linalg.lstsq(design, data.to_signs(y))[0]
    assert ((design @ line > 0) != y).mean() > 0.05


def test_four_points_are_the_lectures():
    x, y = data.four_points()
    np.testing.assert_array_equal(x, [[-3, -3], [-2, -2], [4, 4], [2, -5]])
    np.testing.assert_array_equal(y, [1, 1, 0, 0])


def test_split_parts_the_samples():
    whole = data.spirals(50)
    train, test = data.split(whole, held_out=0.3, seed=1)
    assert (len(train.y), len(test.y)) == (35, 15)
    rows = np.column_stack(whole)
    parts = np.concatenate([np.column_stack(train), np.column_stack(test)])
    np.testing.assert_array_equal(parts[np.lexsort(parts.T)], rows[np.lexsort(rows.T)])
    np.testing.assert_array_equal(data.split(whole, 0.3, seed=1)[1].x, test.x)
    assert (data.split(whole, 0.3, seed=2)[1].x != test.x).any()


def test_labels_to_signs_and_back():
    np.testing.assert_array_equal(data.to_signs([0, 1, 1]), [-1, 1, 1])
    np.testing.assert_array_equal(data.from_signs([[-1], [1]]), [[0], [1]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: data.xor(1), "size must be a whole number at least 2, got 1"),
        (lambda: data.circles(noise=-0.1), "noise must be a finite number of at least 0, got -0.1"),
        (lambda: data.circles(noise=np.inf), "noise must be a finite number of at least 0, got inf"),
        (lambda: data.circles(noise=np.nan), "noise must be a finite number of at least 0, got nan"),
        (lambda: data.spirals(seed=0.5), "seed must be a whole number at least 0, got 0.5"),
        (lambda: data.split(data.xor(), held_out=1), "held_out must lie between 0 and 1, got 1"),
        (
            lambda: data.split(data.xor(4), held_out=0.1),
            "held_out must leave samples on both sides, got 0.1 of 4",
        ),
        (lambda: data.to_signs([-1, 1]), r"y must hold labels 0 and 1, got \[-1.0, 1.0\]"),
        (lambda: data.from_signs([0, 1]), r"y must hold labels -1 and 1, got \[0.0, 1.0\]"),
        (lambda: data.from_signs([np.nan]), "y must hold finite numbers, got nan"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
