"""How long one mini-batch gradient takes, beside an automatic-differentiation library on the same CPU.

    python benchmarks/gradients.py

The library is torch where it can be imported (pip install torch==2.13.0), else HIPS autograd. Both sides
draw the same samples out of the same data, work in double precision on one thread, and take turns. Exits
with 1 when a ratio is above its limit (which is meant for torch); fails when the two gradients differ.
"""

import os
import sys
import time
from collections.abc import Callable
from statistics import median

for library in ("OMP", "OPENBLAS", "MKL"):  # must be set before numpy is imported
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402

from lecture643.maths.network import MLPProblem  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

# sizes, samples in the batch, and how many times the library's time ours may take
CASES = [
    *[((2, 2, 2, 1), batch, 1.0) for batch in (4, 32, 128)],
    *[((2, 16, 16, 1), batch, 1.0) for batch in (4, 32, 128)],
    ((784, 128, 64, 10), 128, 1.5),
]
ROUNDS, SECONDS = 25, 0.02  # of each side, a round


def torch_gradient(weights, x, y):
    torch.set_num_threads(1)
    weights = [torch.tensor(W, requires_grad=True) for W in weights]
    x, y = torch.tensor(x), torch.tensor(y)

    def gradient(batch):
        a = x[batch]
        for W in weights:
            a = torch.sigmoid(a @ W.T)
        return torch.autograd.grad(((a - y[batch]) ** 2).sum(), weights)

    return lambda batch: gradient(torch.from_numpy(batch))


def autograd_gradient(weights, x, y):
    import autograd.numpy as anp
    from autograd import grad

    def error(weights, batch):
        a = x[batch]
        for W in weights:
            a = 1 / (1 + anp.exp(-anp.dot(a, W.T)))
        return anp.sum((a - y[batch]) ** 2)

    gradient = grad(error)
    return lambda batch: gradient(weights, batch)


def seconds_per_call(call: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def compare(sizes: tuple[int, ...], batch_size: int) -> tuple[float, float, float]:
    """(our seconds, the library's, their ratio): medians over the rounds. The gradients must agree."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4096, sizes[0]))
    # As one would before training. It matters for the timing, too: until a process has freed a large array
    # once, glibc returns the few megabytes of the large network to the system after every call, and
    # fetching them anew costs about half as much again as the arithmetic.
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    y = rng.integers(0, 2, (4096, sizes[-1])).astype(float)
    problem = MLPProblem(sizes, x, y)
    w = problem.start(seed=1)
    weights = problem.network(w).weights
    theirs = (torch_gradient if torch else autograd_gradient)(weights, x, y)
    batch = rng.choice(len(x), batch_size, replace=False)

    expected = np.concatenate([np.asarray(nabla).ravel() for nabla in theirs(batch)])
    np.testing.assert_allclose(problem.gradient(w, batch), expected, rtol=1e-10, atol=1e-12)

    sides = [lambda: problem.gradient(w, batch), lambda: theirs(batch)]
    calls = [max(1, round(SECONDS / seconds_per_call(side, 10))) for side in sides]
    times = [[seconds_per_call(*pair) for pair in zip(sides, calls, strict=True)] for _ in range(ROUNDS)]
    ours, library = (median(column) for column in zip(*times, strict=True))
    return ours, library, median(a / b for a, b in times)


def main() -> int:
    name = f"torch {torch.__version__}" if torch else "autograd"
    print(f"{'network':>16} {'batch':>6} {'lecture643':>11} {name:>16} {'ratio':>6} {'limit':>6}")
    slow = False
    for sizes, batch_size, limit in CASES:
        ours, library, ratio = compare(sizes, batch_size)
        slow |= ratio > limit
        network = "-".join(map(str, sizes))
        times = f"{ours * 1e6:>8.0f} µs {library * 1e6:>13.0f} µs"
        print(f"{network:>16} {batch_size:>6} {times} {ratio:>6.2f} {limit:>6}")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
