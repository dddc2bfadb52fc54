"""Trains the transformer whose attention `nnedu plot lesson10` shows, and writes its weights as text.

    .venv/bin/python docs/figures/plot_weights.py

It learns to write words of eight letters backwards, within seconds, with the functions of lesson 10 as the solutions
have them. A student's own functions then run with these weights: graders/lesson10_transformers/plots.py. The weights
are whole numbers of hundredths, since the picture needs no more.
"""

import numpy as np
from drawing import ROOT, solution

_attention = solution("lesson10_transformers", "attention")
_heads = solution("lesson10_transformers", "heads")
_layers = solution("lesson10_transformers", "layers")
_positions = solution("lesson10_transformers", "positions")

LETTERS = "ADEGILNRT"
WORD, WIDTH, HIDDEN, HEADS = 8, 16, 16, 2
STEPS, BATCH, LR, DECAY = 6000, 64, 4e-3, 1e-4
HUNDREDTHS = 100
TARGET = ROOT / "graders" / "lesson10_transformers" / "plots.toml"

Params = dict[str, np.ndarray]


def start(rng: np.random.Generator) -> Params:
    """Draw a transformer of one block, with a table of letters before it and a score for each letter after it."""
    params = {name: rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH) for name in ("Wq", "Wk", "Wv", "Wo")}
    params |= {"letters": rng.normal(size=(len(LETTERS), WIDTH)), "W1": rng.normal(size=(WIDTH, HIDDEN)) / 4.0}
    params |= {"W2": rng.normal(size=(HIDDEN, WIDTH)) / 4.0, "scores": rng.normal(size=(WIDTH, len(LETTERS))) / 4.0}
    params |= {"b1": np.zeros(HIDDEN)} | {name: np.zeros(WIDTH) for name in ("b2", "be1", "be2")}
    return params | {"g1": np.ones(WIDTH), "g2": np.ones(WIDTH)}


def loss_and_gradients(p: Params, ids: np.ndarray) -> tuple[float, Params]:
    """Return the mean cross-entropy of writing each word backwards, and its gradients."""
    X = p["letters"][ids] + _positions.positional_encoding(WORD, WIDTH)
    Q, K, V = (_heads._split(X @ p[name], HEADS) for name in ("Wq", "Wk", "Wv"))  # noqa: SLF001 - the same lesson
    heads, weights = _attention.attention(Q, K, V)
    joined = heads.swapaxes(1, 2).reshape(X.shape)
    A, first = _layers.layernorm_forward(X + joined @ p["Wo"], p["g1"], p["be1"])
    hidden = np.maximum(A @ p["W1"] + p["b1"], 0.0)
    out, second = _layers.layernorm_forward(A + hidden @ p["W2"] + p["b2"], p["g2"], p["be2"])
    Z = out @ p["scores"]
    P = np.exp(Z - Z.max(axis=-1, keepdims=True))
    P /= P.sum(axis=-1, keepdims=True)
    wanted = np.eye(len(LETTERS))[ids[:, ::-1]]
    loss = float(-np.log((P * wanted).sum(axis=-1)).mean())
    dZ = (P - wanted) / ids.size
    g: Params = {"scores": _outer(out, dZ)}
    dsum, g["g2"], g["be2"] = _layers.layernorm_backward(dZ @ p["scores"].T, second)
    dhidden = dsum @ p["W2"].T * (hidden > 0.0)
    g |= {"W2": _outer(hidden, dsum), "b2": dsum.sum((0, 1)), "W1": _outer(A, dhidden), "b1": dhidden.sum((0, 1))}
    dX, g["g1"], g["be1"] = _layers.layernorm_backward(dsum + dhidden @ p["W1"].T, first)
    g["Wo"] = _outer(joined, dX)
    dheads = _heads._split(dX @ p["Wo"].T, HEADS)  # noqa: SLF001 - the same lesson
    for name, dpart in zip(("Wq", "Wk", "Wv"), _attention.attention_backward(dheads, Q, K, V, weights), strict=True):
        dpart_joined = dpart.swapaxes(1, 2).reshape(X.shape)
        g[name] = _outer(X, dpart_joined)
        dX = dX + dpart_joined @ p[name].T
    g["letters"] = np.zeros(p["letters"].shape)
    np.add.at(g["letters"], ids, dX)
    return loss, g


def _outer(A: np.ndarray, dZ: np.ndarray) -> np.ndarray:
    """Return the gradient of W in A @ W, over all tokens of all words."""
    return A.reshape(-1, A.shape[-1]).T @ dZ.reshape(-1, dZ.shape[-1])


def train(rng: np.random.Generator) -> Params:
    """Train with Adam and a rate that falls to zero; weights that are not needed fade."""
    p = start(rng)
    moments = {name: (np.zeros(value.shape), np.zeros(value.shape)) for name, value in p.items()}
    for t in range(1, STEPS + 1):
        loss, grads = loss_and_gradients(p, rng.integers(0, len(LETTERS), size=(BATCH, WORD)))
        lr = LR * min(1.0, t / 200) * (1.0 - t / (STEPS + 1))
        for name, grad in grads.items():
            m, v = moments[name]
            m, v = 0.9 * m + 0.1 * grad, 0.99 * v + 0.01 * grad**2
            moments[name] = (m, v)
            p[name] = p[name] - lr * (m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.99**t)) + 1e-8) + DECAY * p[name])
        if t % 1000 == 0:
            print(f"step {t}: loss {loss:.4f}")  # noqa: T201 - a script that a person watches
    return p


def main() -> None:
    """Train, round to hundredths, and write."""
    p = train(np.random.default_rng(10))
    lines = ["# Written by docs/figures/plot_weights.py: hundredths, row by row.", f'letters_in_order = "{LETTERS}"']
    for name, value in sorted(p.items()):
        rows = np.atleast_2d(np.round(value * HUNDREDTHS).astype(int)).tolist()
        lines += [f'{name} = """', *(" ".join(map(str, row)) for row in rows), '"""']
        p[name] = np.round(value * HUNDREDTHS) / HUNDREDTHS
    loss, _ = loss_and_gradients(p, np.random.default_rng(0).integers(0, len(LETTERS), size=(2000, WORD)))
    print(f"loss with the rounded weights, on 2,000 new words: {loss:.4f}")  # noqa: T201
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
