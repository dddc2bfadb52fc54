"""The second capstone: a transformer with one block, from symbols to symbols, and all of its gradients.

What it needs of earlier lessons (attention, layer normalisation, Adam and their backward passes) you write here once
more. `sample`, in tasks.py, draws what it learns from.
"""

import numpy as np
from tasks import sample

_BATCH = 64
_LR = 0.01
_BETA1 = 0.9
_BETA2 = 0.99


class MiniTransformer:
    """A transformer that reads T symbols and names T symbols: an encoder block between an embedding and softmax.

    The parameters are a dict of arrays. Names, shapes and order of the block are those of lesson 10:

        X      = E[ids] + PE                                   (m, T, D), PE (T, D) the positional encoding
        A      = layernorm(X + multi_head_attention(X))        with Wq, Wk, Wv, Wo (D, D), g1, be1 (D,)
        B      = layernorm(A + ffn(A))                         with W1 (D, F), b1 (F,), W2 (F, D), b2, g2, be2 (D,)
        scores = B @ U + c                                     (m, T, vocab), with U (D, vocab), c (vocab,)

    E (vocab, D) holds a row for every symbol, and D is d_model. Both norms use eps = 1e-5; the last axis of scores goes
    through softmax. How large F is, how the parameters start and which optimizer moves them, is up to you.

    Where `lengths`, ints of shape (m,) from 1 to T, comes with the sequences, only the first lengths[i] places of
    sequence i are real, and the rest is padding: nobody attends to it, and the loss does not count it. What is said
    about places of padding themselves does not matter. None means that all places are real.

    Attributes:
        params: the parameters E, Wq, Wk, Wv, Wo, g1, be1, W1, b1, W2, b2, g2, be2, U and c, a dict of arrays, once
            there are any.

    Examples:
        >>> model = MiniTransformer(vocab=8, d_model=32, n_heads=4, T=6)
        >>> _ = model.fit("reverse", np.random.default_rng(0), steps=2)
        >>> ids = np.array([[0, 1, 2, 3, 4, 5], [7, 7, 6, 6, 5, 5]])
        >>> model.predict(ids).shape, model.attention(ids).shape
        ((2, 6), (2, 4, 6, 6))

    Raises:
        ValueError: if d_model is no multiple of n_heads.

    Source: A. Vaswani et al., "Attention is all you need", 2017.
    """

    def __init__(self, vocab: int, d_model: int, n_heads: int, T: int) -> None:
        if d_model % n_heads:
            raise ValueError(f"{d_model} columns cannot be cut into {n_heads} heads of one size")
        self._vocab, self._n_heads = vocab, n_heads
        self._positions = _waves(T, d_model)
        self.params: dict[str, np.ndarray] = {}

    def load(self, params: dict[str, np.ndarray]) -> "MiniTransformer":
        """Take over parameters, whatever their F is, without changing them, and return self."""
        self.params = {name: value.copy() for name, value in params.items()}
        return self

    def fit(self, task: str, rng: np.random.Generator, steps: int) -> "MiniTransformer":
        """Train on batches of sample(task, rng, ...), a fresh one in every step, and return self.

        The model is one with vocab = VOCAB and T = LENGTH. All randomness is from rng, so that the same rng gives the
        same parameters. A second fit starts anew. 500 steps should take a second or two. Print the loss now and then,
        say every 100 steps: `nnedu check` shows the last line while you wait.
        """
        self.params = params = _start(self._vocab, self._positions.shape[1], rng)
        moments = dict.fromkeys(params, (0.0, 0.0))
        for t in range(1, steps + 1):
            ids, targets = sample(task, rng, _BATCH)
            if t % 100 == 0:
                print(f"step {t} of {steps}: loss {self.loss(ids, targets):.4f}")  # noqa: T201 - seen while one waits
            lr = _LR * (1.0 - t / (steps + 1))
            for name, grad in self.gradients(ids, targets).items():
                m, v = moments[name]
                m, v = _BETA1 * m + (1.0 - _BETA1) * grad, _BETA2 * v + (1.0 - _BETA2) * grad**2
                step = m / (1.0 - _BETA1**t) / (np.sqrt(v / (1.0 - _BETA2**t)) + 1e-8)
                params[name], moments[name] = params[name] - lr * step, (m, v)
        return self

    def loss(self, ids: np.ndarray, targets: np.ndarray, lengths: np.ndarray | None = None) -> float:
        """Return the mean cross-entropy over all real places of ids and targets (m, T), finite for scores of any size.

        Neither the arguments nor the parameters are changed.
        """
        log_proba = _log_softmax(self._forward(ids, lengths)[0])
        m, T = np.indices(ids.shape)
        return float(-np.sum(log_proba[m, T, targets] * _shares(ids, lengths)))

    def gradients(
        self, ids: np.ndarray, targets: np.ndarray, lengths: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Return the gradient of loss(ids, targets, lengths) for each parameter: names and shapes are those of params.

        Neither the arguments nor the parameters are changed.
        """
        p, h = self.params, self._n_heads
        scores, (X, Q, K, V, weights, heads, norm1, A, hidden, norm2, B) = self._forward(ids, lengths)
        dscores = np.exp(_log_softmax(scores))
        m, T = np.indices(ids.shape)
        dscores[m, T, targets] -= 1.0
        dscores *= _shares(ids, lengths)[..., None]
        dsum2, dg2, dbe2 = _norm_backward(dscores @ p["U"].T, norm2, p["g2"])
        dhidden = dsum2 @ p["W2"].T * (hidden > 0.0)
        dsum1, dg1, dbe1 = _norm_backward(dsum2 + dhidden @ p["W1"].T, norm1, p["g1"])
        dheads = _split(dsum1 @ p["Wo"].T, h)
        dweights = dheads @ V.swapaxes(-1, -2)
        slopes = weights * (dweights - np.sum(weights * dweights, axis=-1, keepdims=True)) / np.sqrt(K.shape[-1])
        dQ, dK, dV = (_merge(dZ) for dZ in (slopes @ K, slopes.swapaxes(-1, -2) @ Q, weights.swapaxes(-1, -2) @ dheads))
        dX = dsum1 + dQ @ p["Wq"].T + dK @ p["Wk"].T + dV @ p["Wv"].T
        dE = np.zeros(p["E"].shape)
        np.add.at(dE, ids, dX)
        return {
            "E": dE,
            "Wq": _product(X, dQ),
            "Wk": _product(X, dK),
            "Wv": _product(X, dV),
            "Wo": _product(heads, dsum1),
            "g1": dg1,
            "be1": dbe1,
            "W1": _product(A, dhidden),
            "b1": dhidden.sum(axis=(0, 1)),
            "W2": _product(hidden, dsum2),
            "b2": dsum2.sum(axis=(0, 1)),
            "g2": dg2,
            "be2": dbe2,
            "U": _product(B, dscores),
            "c": dscores.sum(axis=(0, 1)),
        }

    def predict(self, ids: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the most probable symbol of each place of ids (m, T), ints of shape (m, T)."""
        return self._forward(ids, lengths)[0].argmax(axis=-1)

    def attention(self, ids: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the weights of attention, shape (m, n_heads, T, T): who, in rows, attends to whom, in columns."""
        return self._forward(ids, lengths)[1][4]

    def _forward(self, ids: np.ndarray, lengths: np.ndarray | None) -> tuple[np.ndarray, tuple]:
        """Return the scores, and all that the way back needs."""
        p = self.params
        X = p["E"][ids] + self._positions
        Q, K, V = (_split(X @ p[name], self._n_heads) for name in ("Wq", "Wk", "Wv"))
        similar = Q @ K.swapaxes(-1, -2) / np.sqrt(K.shape[-1])
        weights = np.exp(_log_softmax(np.where(_real(ids, lengths)[:, None, None, :], similar, -np.inf)))
        heads = _merge(weights @ V)
        A, norm1 = _norm(X + heads @ p["Wo"], p["g1"], p["be1"])
        hidden = np.maximum(A @ p["W1"] + p["b1"], 0.0)
        B, norm2 = _norm(A + hidden @ p["W2"] + p["b2"], p["g2"], p["be2"])
        return B @ p["U"] + p["c"], (X, Q, K, V, weights, heads, norm1, A, hidden, norm2, B)


def _waves(T: int, D: int) -> np.ndarray:
    """Return the positional encoding."""
    column = np.arange(D)
    angle = np.arange(T)[:, None] / 10000.0 ** (2 * (column // 2) / D)
    return np.where(column % 2 == 0, np.sin(angle), np.cos(angle))


def _start(vocab: int, D: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw matrices of variance 1 / n_in, and let the block begin as a norm of its input."""
    shapes = dict.fromkeys(("Wq", "Wk", "Wv", "Wo"), (D, D))
    shapes |= {"E": (vocab, D), "W1": (D, 2 * D), "W2": (2 * D, D), "U": (D, vocab)}
    sizes = {"b1": 2 * D, "c": vocab, **dict.fromkeys(("be1", "b2", "be2"), D)}
    params = {name: rng.normal(0.0, shape[0] ** -0.5, shape) for name, shape in shapes.items()}
    params |= {name: np.zeros(size) for name, size in sizes.items()}
    return params | {"g1": np.ones(D), "g2": np.ones(D)}


def _real(ids: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Say which places are no padding, bools (m, T)."""
    m, T = ids.shape
    return np.arange(T) < (np.full(m, T) if lengths is None else lengths)[:, None]


def _shares(ids: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Return what each place counts in the mean over the real ones, (m, T)."""
    real = _real(ids, lengths)
    return real / real.sum()


def _log_softmax(Z: np.ndarray) -> np.ndarray:
    shifted = Z - Z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _split(Z: np.ndarray, n_heads: int) -> np.ndarray:
    """Cut the columns into heads: (m, T, D) becomes (m, h, T, D / h)."""
    m, T, D = Z.shape
    return Z.reshape(m, T, n_heads, D // n_heads).swapaxes(1, 2)


def _merge(Z: np.ndarray) -> np.ndarray:
    """Put the heads side by side again: (m, h, T, d) becomes (m, T, h · d)."""
    m, h, T, d = Z.shape
    return Z.swapaxes(1, 2).reshape(m, T, h * d)


def _norm(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Normalise each token, and return the normalised one and its deviation as well."""
    std = np.sqrt(X.var(axis=-1, keepdims=True) + 1e-5)
    X_hat = (X - X.mean(axis=-1, keepdims=True)) / std
    return gamma * X_hat + beta, (X_hat, std)


def _norm_backward(
    dout: np.ndarray, kept: tuple[np.ndarray, np.ndarray], gamma: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X_hat, std = kept
    d = dout * gamma
    dX = (d - d.mean(axis=-1, keepdims=True) - X_hat * (d * X_hat).mean(axis=-1, keepdims=True)) / std
    return dX, (dout * X_hat).sum(axis=(0, 1)), dout.sum(axis=(0, 1))


def _product(A: np.ndarray, dZ: np.ndarray) -> np.ndarray:
    """Return the gradient of W in Z = A @ W, over all tokens."""
    return A.reshape(-1, A.shape[-1]).T @ dZ.reshape(-1, dZ.shape[-1])
