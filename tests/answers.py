"""What a student types into each homework: two slips, then an answer that is right."""

from typing import NamedTuple


class Typed(NamedTuple):
    """Bodies of the function, with the names that the notebook's cell has."""

    slip: str
    other_slip: str
    right: str


_SLOPE = "a = 1 / (1 + np.exp(-{})); slope = a * (1 - a)"
_ROW = "p = lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2; return {}p(z3[0]) * W3[0, {}] * p(z2[1]) * a1"
_BACK = """delta = delta_L
    for m in range(len(W) - 1, {}, -1):
        delta = {}
    return np.outer(phi_prime[ell] * delta, a[ell - 1])"""
_LOOP = """for j in samples:
        gradients = mlp.backprop({})
        for ell in range(len(mlp.weights)):
            mlp.weights[ell] -= rate * gradients.weights[ell]
            {}
    return mlp"""

ANSWERS = {
    "PREDICTION": Typed(
        "return 1 / (1 + np.exp(w @ x))",
        "return w @ x",
        "return 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1])))",
    ),
    "ERROR_TERM": Typed(
        "return y - 1 / (1 + np.exp(-w @ x))",
        "return (y - w @ x) ** 2",
        "return (y - 1 / (1 + np.exp(-w @ x))) ** 2",
    ),
    "TOTAL_ERROR": Typed(
        "return np.mean((y - 1 / (1 + np.exp(-x @ w))) ** 2)",
        "return np.sum(y - 1 / (1 + np.exp(-x @ w)))",
        "return sum((b - 1 / (1 + np.exp(-w @ a))) ** 2 for a, b in zip(x, y))",
    ),
    "ERROR_GRADIENT": Typed(
        f"{_SLOPE.format('x @ w')}; return 2 * (a - y) @ x",
        f"{_SLOPE.format('x @ w')}; return 2 * ((y - a) * slope) @ x",
        f"{_SLOPE.format('x @ w')}; return 2 * ((a - y) * slope) @ x",
    ),
    "DESCENT_DIRECTION": Typed(
        "return gradient @ d <= 0", "return gradient @ d > 0", "return gradient @ d < 0"
    ),
    "PERCEPTRON": Typed(
        "return y * x if y * (w @ x) <= 0 else 0 * x",
        "return -y * x if y * (w @ x) < 0 else 0 * x",
        "return -y * x if y * (w @ x) <= 0 else 0 * x",
    ),
    "GD_STEP": Typed(
        "return w + rate * gradient(w)", "return -rate * gradient(w)", "return w - rate * gradient(w)"
    ),
    "HALVED_STEP": Typed(
        "return w - rate * gradient(w)",
        "return w - rate * gradient(w) if E(w - rate * gradient(w)) < E(w) else w - rate / 2 * gradient(w)",
        "while E(w - rate * gradient(w)) >= E(w):\n        rate /= 2\n    return w - rate * gradient(w)",
    ),
    "SGD_STEP": Typed(
        "return w - rate * gradients(w).sum(axis=0)",
        "return w + rate * gradients(w)[j]",
        "return w - rate * gradients(w)[j]",
    ),
    "MINI_BATCH": Typed(
        "return rng.integers(S, size=b)", "return np.arange(b)", "return rng.permutation(S)[:b]"
    ),
    "SECOND_ROW": Typed(_ROW.format("", 1), _ROW.format("de_dyhat * ", 0), _ROW.format("de_dyhat * ", 1)),
    "LAYER_1": Typed(
        f"{_SLOPE.format('z1')}; return np.outer(W2 @ de_dz2 * slope, x)",
        "return np.outer(W2.T @ de_dz2, x)",
        f"{_SLOPE.format('z1')}; return np.outer(W2.T @ de_dz2 * slope, x)",
    ),
    "MATRIX_EXPRESSION": Typed(
        _BACK.format("ell - 1", "W[m].T @ (phi_prime[m] * delta)"),
        _BACK.format("ell", "W[m].T @ delta"),
        _BACK.format("ell", "W[m].T @ (phi_prime[m] * delta)"),
    ),
    "BIASES": Typed(
        "return delta.sum(axis=0)",
        "return (phi_prime * delta).mean(axis=0)",
        "return (phi_prime * delta).sum(axis=0)",
    ),
    "TRAINING_LOOP": Typed(
        _LOOP.format("x[j], y[j]", "pass"),
        _LOOP.format("x, y", "mlp.biases[ell] -= rate * gradients.biases[ell]"),
        _LOOP.format("x[j], y[j]", "mlp.biases[ell] -= rate * gradients.biases[ell]"),
    ),
    "ACCURACY": Typed(
        "return np.mean(y_hat >= threshold)",
        "return np.sum(np.where(y_hat >= threshold, 1, -1) == y)",
        "return np.mean(np.where(y_hat >= threshold, 1, -1) == y)",
    ),
}
