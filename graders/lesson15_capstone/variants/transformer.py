"""Right answers to transformer.py, written differently."""

import numpy as np
from nnedu.checking import variant
from tasks import LENGTH, VOCAB, sample
from transformer import MiniTransformer

_NAMES = ("E", "Wq", "Wk", "Wv", "Wo", "g1", "be1", "W1", "b1", "W2", "b2", "g2", "be2", "U", "c")


def _norm(X, scale, shift):
    centred = X - X.mean(-1)[..., None]
    spread = 1.0 / np.sqrt((centred * centred).mean(-1)[..., None] + 1e-5)
    return centred * spread * scale + shift, (centred, spread)


def _norm_back(d, kept, scale):
    """By way of centred and spread, instead of X_hat."""
    centred, spread = kept
    d = d * scale
    dcentred = d * spread - centred * spread**3 * (d * centred).mean(-1)[..., None]
    return dcentred - dcentred.mean(-1)[..., None]


@variant("MiniTransformer", "head by head, with einsum, one-hot symbols, -1e9 in masks, and a warm-up")
class HeadByHead:
    F = 40

    def __init__(self, vocab, d_model, n_heads, T):
        if d_model / n_heads != d_model // n_heads:
            raise ValueError("heads of different sizes")
        self.vocab, self.D, self.h, self.T = vocab, d_model, n_heads, T
        self.PE = np.zeros((T, d_model))
        for j in range(d_model):
            wave = np.sin if j % 2 == 0 else np.cos
            self.PE[:, j] = wave(np.arange(T) * np.exp(-np.log(10000.0) * (j - j % 2) / d_model))
        self.params = None

    def load(self, params):
        self.params = dict(params)

    def fit(self, task, rng, steps):
        D, F = self.D, self.F
        W = {"E": (self.vocab, D), "Wq": (D, D), "Wk": (D, D), "Wv": (D, D), "Wo": (D, D), "W1": (D, F), "W2": (F, D)}
        p = {name: rng.standard_normal(shape) * 0.2 for name, shape in (W | {"U": (D, self.vocab)}).items()}
        p |= {"b1": np.zeros(F), "b2": np.zeros(D), "c": np.zeros(self.vocab)}
        p |= {"g1": np.ones(D), "g2": np.ones(D), "be1": np.zeros(D), "be2": np.zeros(D)}
        self.params = p
        m, v = dict.fromkeys(p, 0.0), dict.fromkeys(p, 0.0)
        for t in range(steps):
            ids, targets = sample(task, rng, 48)
            grads = self.gradients(ids, targets)
            for name in _NAMES:
                m[name] = 0.9 * m[name] + 0.1 * grads[name]
                v[name] = 0.98 * v[name] + 0.02 * np.square(grads[name])
                lr = 0.008 * min(1.0, (t + 1) / 20) * (0.2 if t > 0.8 * steps else 1.0)
                spread = np.sqrt(v[name] / (1 - 0.98 ** (t + 1)) + 1e-12)
                p[name] = p[name] - lr * m[name] / (1 - 0.9 ** (t + 1)) / spread

    def _heads(self):
        d = self.D // self.h
        return [slice(i * d, i * d + d) for i in range(self.h)]

    def _walk(self, ids, lengths):
        p = self.params
        one_hot = (ids[..., None] == np.arange(self.vocab)).astype(float)
        X = one_hot @ p["E"] + self.PE
        m, T, _ = X.shape
        lengths = np.full(m, T) if lengths is None else lengths
        hidden_keys = np.arange(T)[None, :] >= lengths[:, None]
        Q, K, V = X @ p["Wq"], X @ p["Wk"], X @ p["Wv"]
        weights, found = np.empty((m, self.h, T, T)), np.empty_like(X)
        for i, at in enumerate(self._heads()):
            s = np.einsum("mia,mja->mij", Q[..., at], K[..., at]) * (self.D // self.h) ** -0.5
            s = np.where(hidden_keys[:, None, :], -1e9, s)
            e = np.exp(s - s.max(-1)[..., None])
            weights[:, i] = e / e.sum(-1)[..., None]
            found[..., at] = np.einsum("mij,mja->mia", weights[:, i], V[..., at])
        A, kept1 = _norm(X + found @ p["Wo"], p["g1"], p["be1"])
        Z = A @ p["W1"] + p["b1"]
        B, kept2 = _norm(A + np.clip(Z, 0.0, None) @ p["W2"] + p["b2"], p["g2"], p["be2"])
        S = B @ p["U"] + p["c"]
        S = S - S.max(-1)[..., None]
        log_p = S - np.log(np.exp(S).sum(-1))[..., None]
        share = ~hidden_keys / lengths.sum()
        return log_p, share, (one_hot, X, Q, K, V, weights, found, kept1, A, Z, kept2, B)

    def loss(self, ids, targets, lengths=None):
        log_p, share, _ = self._walk(ids, lengths)
        m, T = ids.shape
        return -np.sum(share * log_p[np.arange(m)[:, None], np.arange(T), targets])

    def gradients(self, ids, targets, lengths=None):
        p = self.params
        log_p, share, (one_hot, X, Q, K, V, weights, found, kept1, A, Z, kept2, B) = self._walk(ids, lengths)
        dS = (np.exp(log_p) - np.eye(self.vocab)[targets]) * share[..., None]
        g = {"c": np.einsum("mtk->k", dS), "U": np.einsum("mtd,mtk->dk", B, dS)}
        dB = dS @ p["U"].T
        g["g2"], g["be2"] = np.einsum("mtd,mtd->d", dB, kept2[0] * kept2[1]), dB.sum((0, 1))
        dY = _norm_back(dB, kept2, p["g2"])
        dZ = np.where(Z > 0, dY @ p["W2"].T, 0.0)
        g["W2"], g["b2"] = np.einsum("mtf,mtd->fd", np.maximum(0, Z), dY), dY.sum((0, 1))
        g["W1"], g["b1"] = np.einsum("mtd,mtf->df", A, dZ), dZ.sum((0, 1))
        dA = dY + dZ @ p["W1"].T
        g["g1"], g["be1"] = np.einsum("mtd,mtd->d", dA, kept1[0] * kept1[1]), dA.sum((0, 1))
        dX = _norm_back(dA, kept1, p["g1"])
        g["Wo"], dfound = np.einsum("mtd,mte->de", found, dX), dX @ p["Wo"].T
        dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
        for i, at in enumerate(self._heads()):
            w = weights[:, i]
            dw = np.einsum("mia,mja->mij", dfound[..., at], V[..., at])
            ds = (w * dw - w * np.einsum("mij,mij->mi", w, dw)[..., None]) * (self.D // self.h) ** -0.5
            dQ[..., at], dK[..., at] = ds @ K[..., at], np.einsum("mij,mia->mja", ds, Q[..., at])
            dV[..., at] = np.einsum("mij,mia->mja", w, dfound[..., at])
        for name, d in (("Wq", dQ), ("Wk", dK), ("Wv", dV)):
            g[name] = np.einsum("mtd,mte->de", X, d)
            dX = dX + d @ p[name].T
        g["E"] = np.einsum("mtv,mtd->vd", one_hot, dX)
        return g

    def predict(self, ids, lengths=None):
        return np.argmax(self._walk(ids, lengths)[0], axis=2).astype(np.int32)

    def attention(self, ids, lengths=None):
        return np.asfortranarray(self._walk(ids, lengths)[2][5])


@variant("MiniTransformer", "a narrow ffn, small batches, and a learning rate that stays")
class Narrow(MiniTransformer):
    def fit(self, task, rng, steps):
        D = self._positions.shape[1]
        assert self._positions.shape[0] == LENGTH
        sizes = {"E": (VOCAB, D), "W1": (D, 24), "W2": (24, D), "U": (D, VOCAB)}
        sizes |= {name: (D, D) for name in ("Wq", "Wk", "Wv", "Wo")}
        p = {name: rng.uniform(-1.0, 1.0, size) * np.sqrt(6.0 / sum(size)) for name, size in sizes.items()}
        for name, size in {"b1": 24, "b2": D, "c": VOCAB, "be1": D, "be2": D}.items():
            p[name] = np.full(size, 0.01)
        self.params = p | {"g1": np.ones(D), "g2": np.ones(D)}
        first = {name: np.zeros(value.shape) for name, value in p.items()}
        second = {name: np.zeros(value.shape) for name, value in self.params.items()}
        first |= {"g1": np.zeros(D), "g2": np.zeros(D)}
        for t in range(1, steps + 1):
            grads = self.gradients(*sample(task, rng, 40))
            for name, value in self.params.items():
                first[name] += 0.1 * (grads[name] - first[name])
                second[name] += 0.002 * (grads[name] ** 2 - second[name])
                step = 0.004 * first[name] / (1 - 0.9**t) / (np.sqrt(second[name] / (1 - 0.998**t)) + 1e-9)
                self.params[name] = value - step


@variant("MiniTransformer", "RMSprop, and predictions for one sequence after the other")
class WithRMSprop(MiniTransformer):
    def fit(self, task, rng, steps):
        super().fit(task, rng, 1)  # for the start alone
        self.params = {name: np.asfortranarray(value) for name, value in self.params.items()}
        squares = dict.fromkeys(self.params, 0.0)
        for t in range(steps):
            grads = self.gradients(*sample(task, rng, 64))
            for name, grad in grads.items():
                squares[name] = 0.95 * squares[name] + 0.05 * grad**2
                lr = 0.004 * (1 - 0.9 * t / steps)
                self.params[name] = self.params[name] - lr * grad / (np.sqrt(squares[name]) + 1e-6)
        return self

    def predict(self, ids, lengths=None):
        rows = []
        for i in range(len(ids)):
            rows.append(super().predict(ids[i : i + 1], None if lengths is None else lengths[i : i + 1])[0])
        return np.array(rows)
