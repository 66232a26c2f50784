"""What a small network with one sample can be set to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from lecture643.live.kinds import Given, Whole
from lecture643.live.settings import Settings, choice, switch, whole
from lecture643.maths.checks import real
from lecture643.maths.derivation import SIZES, Network, example, small_sizes, steps
from lecture643.maths.network import ACTIVATIONS, ERRORS, MLP

PRESETS = [SIZES, (2, 3, 1), (3, 4, 2), (3, 2, 4, 3, 2), (4, 4, 4, 4, 2)]


def network_of(s: Any) -> Network:
    """The network that the settings mean; the last of a list of activations goes on for further layers."""
    given = s.activation if isinstance(s.activation, tuple) else (s.activation,)
    hidden = (given[min(k, len(given) - 1)] for k in range(len(s.sizes) - 2))
    return Network(s.sizes, (*hidden, s.output), s.biases, s.error)


def drawn_weights(s: Any) -> Mapping[str, float]:
    """The weights of the example, by name."""
    return _drawn(network_of(s), s.seed)


@lru_cache(maxsize=64)
def _drawn(network: Network, seed: int) -> Mapping[str, float]:
    mlp, _, _ = example(network, seed)
    flat = np.concatenate([*map(np.ravel, [*mlp.weights, *(mlp.biases or [])])])
    return MappingProxyType(dict(zip(map(str, network.weights), flat.tolist(), strict=True)))


def known_weights(s: Any) -> dict[str, float]:
    """The same with the changes, but for the one on the slider."""
    return {**drawn_weights(s), **dict(s.weights)}


def _phis(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, str):
        value = tuple(each.lower() if isinstance(each, str) else each for each in value)
    if isinstance(value, str) or not set(value) <= set(ACTIVATIONS) or not value:
        raise ValueError(f"{name} must be one of {', '.join(ACTIVATIONS)}, or a list of them, got {value!r}")
    return tuple(value)


@dataclass(frozen=True, kw_only=True)
class Changes(Given):
    """Weights that differ from the example's, as ("w₁₁³", 2.5), …; also all of them, as matrices."""

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Only those that differ, in the order of the network."""
        drawn = drawn_weights(settings)
        if len(value) and not isinstance(value, Mapping) and not isinstance(value[0][0], str):
            mlp = MLP(value)
            if mlp.sizes != settings.sizes:
                raise ValueError(f"{name} must be of a network of sizes {settings.sizes}, got {mlp.sizes}")
            value = dict(zip(drawn, np.concatenate([*map(np.ravel, mlp.weights)]), strict=False))
        changed = {key: real(name, w) for key, w in dict(value).items()}
        if odd := changed.keys() - drawn.keys():
            raise ValueError(f"{name} must be among {', '.join(drawn)}, got {odd.pop()!r}")
        if max(map(abs, changed.values()), default=0) > 100:
            raise ValueError(f"{name} must lie between −100 and 100, as the numbers have to fit in")
        return tuple((key, changed[key]) for key in drawn if changed.get(key, drawn[key]) != drawn[key])

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """With the one that was on the slider, when another one comes there."""
        own = dict(value) | ({old.weight: old.value} if new.weight != old.weight else {})
        return tuple((key, own[key]) for key in drawn_weights(new) if key in own)


@dataclass(frozen=True, kw_only=True)
class StepNumber(Whole):
    """A step, by its number or by what is computed there; it stays there when the network changes."""

    def checked(self, name: str, value: Any, settings: Any) -> Any:
        """Its number."""
        results = [str(step.result) for step in steps(network_of(settings))]
        if isinstance(value, str):
            if value not in results:
                raise ValueError(f"{name} must be a number or one of {', '.join(results)}, got {value!r}")
            return 1 + results.index(value)
        return super().checked(name, value, settings)

    def followed(self, value: Any, old: Any, new: Any) -> Any:
        """The step with the same result, if there is one."""
        before, after = steps(network_of(old)), steps(network_of(new))
        if not 0 < value <= len(before):
            return value and len(after) + 1
        results = [step.result for step in after]
        result = before[value - 1].result
        return 1 + results.index(result) if result in results else min(value, len(after))


def outputs(s: Any) -> list[str]:
    """Which φ the last layer can have."""
    return ["sigmoid"] if s.error == "cross-entropy" else list(ACTIVATIONS)


@dataclass(frozen=True)
class NetworkSettings(Settings):
    """The network."""

    sizes: tuple[int, ...] = choice(
        "sizes", SIZES, PRESETS, own=small_sizes, typed="3-2-4-1", meaning="N₀, …, N_L, each up to 4"
    )
    biases: bool = switch("biases", False, secondary=True, meaning="whether neurons have one")
    seed: int = whole(
        "seed", 0, 0, 30, secondary=True, meaning="chooses weights and sample; 0: the lecture's, for 2-2-2-1"
    )
    error: str = choice("error", "squared", list(ERRORS), secondary=True, meaning="e")
    activation: str | tuple[str, ...] = choice(
        "φ",
        "sigmoid",
        list(ACTIVATIONS),
        own=_phis,
        typed="tanh-relu",
        secondary=True,
        meaning="of the layers: one, or a list",
    )
    output: str = choice("φ of ŷ", "sigmoid", outputs, secondary=True, meaning="φ of the last layer")


def declared(kind: Any) -> Any:
    """A setting of a kind of one's own."""
    return field(default=None if callable(kind.default) else kind.default, metadata={"kind": kind})
