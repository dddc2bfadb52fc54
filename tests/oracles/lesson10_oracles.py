"""Oracles of lesson 10: attention token by token with scipy's softmax, a complex step, and PyTorch where installed."""

import math
import statistics

import numpy as np
from oracle_registry import oracle, slopes
from scipy.special import softmax
from sklearn.preprocessing import scale
from sklearn_oracles import fitted
from torch_oracles import fixed, leaf

SQUARE = ("Wq", "Wk", "Wv", "Wo")


def tokens(rng, *front, Tq=4, Tk=6, d=5, dv=3):
    """Queries, keys and values."""
    return rng.normal(size=(*front, Tq, d)), rng.normal(size=(*front, Tk, d)), rng.normal(size=(*front, Tk, dv))


def by_tokens(Q, K, V, mask):
    """Attention of one sequence, query by query, over the keys that are left."""
    out, weights = np.zeros((len(Q), V.shape[1])), np.zeros((len(Q), len(K)))
    for i, query in enumerate(Q):
        (keys,) = np.nonzero(mask[i])
        if keys.size:
            weights[i, keys] = softmax([math.fsum(query * K[j]) / math.sqrt(len(query)) for j in keys])
            out[i] = sum(weights[i, j] * V[j] for j in keys)
    return out, weights


def by_heads(x, matrices, n_heads, mask):
    """Multi-head attention of one sequence, head by head: each adds its share of Wo."""
    Wq, Wk, Wv, Wo = matrices
    heads = np.array_split(np.arange(len(Wq)), n_heads)
    return sum(by_tokens(x @ Wq[:, at], x @ Wk[:, at], x @ Wv[:, at], mask)[0] @ Wo[at] for at in heads)


def normed(token, gamma, beta, eps=1e-5):
    """Layer normalisation of one token, by the mean and the variance of the statistics module."""
    mean, spread = statistics.fmean(token), math.sqrt(statistics.pvariance(token.tolist()) + eps)
    return np.array([g * (x - mean) / spread + b for x, g, b in zip(token, gamma, beta, strict=True)])


def some(rng, *shape):
    """A mask with a row that hides everything."""
    mask = rng.random(shape) < 0.6
    mask[..., 1, :] = False
    return mask


def masks(rng, m, T):
    """No mask, and one of each shape: (T, T), (m, 1, T), (m, T, T). Nobody is left without a key."""
    causal, padding = np.tri(T, dtype=bool), np.arange(T) < rng.integers(1, T + 1, size=m)[:, None, None]
    return None, causal, padding, causal & padding


def block(rng, D, F):
    """The parameters of a block of the encoder."""
    p = {name: rng.normal(size=(D, D)) / np.sqrt(D) for name in SQUARE}
    p |= {"W1": rng.normal(size=(D, F)) / np.sqrt(D), "b1": rng.normal(size=F)}
    p |= {"W2": rng.normal(size=(F, D)) / np.sqrt(F), "b2": rng.normal(size=D)}
    return p | {name: rng.normal(size=D) for name in ("g1", "be1", "g2", "be2")}


@oracle(10, "attention", "scipy.special.softmax")
def _(lesson, rng):
    (Q, K, V), mask = tokens(rng, 3), some(rng, 3, 4, 6)
    for may in (mask, mask[0], np.full((4, 6), fill_value=True)):
        wanted = [by_tokens(*one) for one in zip(Q, K, V, np.broadcast_to(may, mask.shape), strict=True)]
        yield lesson.attention.attention(Q, K, V, may), tuple(map(np.array, zip(*wanted, strict=True)))


@oracle(10, "scaled_dot_product_attention", "scipy.special.softmax")
def _(lesson, rng):
    (Q, K, V), mask = tokens(rng, 3), some(rng, 3, 4, 6)
    wanted = [by_tokens(*one) for one in zip(Q, K, V, mask, strict=True)]
    found = lesson.dot_product.scaled_dot_product_attention(Q, K, V, mask)
    yield found, tuple(map(np.array, zip(*wanted, strict=True)))


@oracle(10, "attention_backward", "complex step")
def _(lesson, rng):
    at, dout = dict(zip("QKV", tokens(rng, 2), strict=True)), rng.normal(size=(2, 4, 3))
    for mask in (np.full((4, 6), fill_value=True), np.tri(4, 6, dtype=bool)):

        def total(at, mask=mask):
            E = np.exp(np.einsum("mid,mjd->mij", at["Q"], at["K"]) / np.sqrt(5)) * mask
            return np.sum(dout * np.einsum("mij,mjd->mid", E / E.sum(axis=2, keepdims=True), at["V"]))

        _, weights = lesson.attention.attention(*at.values(), mask)
        yield lesson.attention.attention_backward(dout, *at.values(), weights), tuple(slopes(total, at).values())


@oracle(10, "causal_mask", "numpy.greater_equal.outer")
def _(lesson, rng):
    T = int(rng.integers(1, 9))
    yield lesson.masks.causal_mask(T), np.greater_equal.outer(np.arange(T), np.arange(T))


@oracle(10, "padding_mask", "numpy.repeat")
def _(lesson, rng):
    lengths = rng.integers(0, 8, size=6)
    rows = [np.repeat([[1, 0]], [length, 7 - length], axis=1) for length in lengths]
    yield lesson.masks.padding_mask(lengths, 7), np.stack(rows)


@oracle(10, "multi_head_attention", "scipy.special.softmax")
def _(lesson, rng):
    X, matrices = rng.normal(size=(3, 5, 6)), rng.normal(size=(4, 6, 6)) / np.sqrt(6)
    for n_heads in (1, 2, 3):
        for mask in (*masks(rng, 3, 5), some(rng, 3, 5, 5)):
            may = np.broadcast_to(True if mask is None else mask, (3, 5, 5))
            wanted = [by_heads(x, matrices, n_heads, own) for x, own in zip(X, may, strict=True)]
            yield lesson.heads.multi_head_attention(X, *matrices, n_heads, mask), np.array(wanted)


@oracle(10, "positional_encoding", "numpy.logspace")
def _(lesson, rng):
    for D in (6, 7):
        T = int(rng.integers(2, 30))
        turns = np.exp(1j * np.arange(T)[:, None] * np.logspace(0, -8 * ((D - 1) // 2) / D, (D + 1) // 2))
        wanted = np.column_stack([part for turn in turns.T for part in (turn.imag, turn.real)])
        yield lesson.positions.positional_encoding(T, D), wanted[:, :D]


@oracle(10, "layernorm_forward", "sklearn.preprocessing.scale")
def _(lesson, rng):
    X, gamma, beta = 3 * rng.normal(size=(7, 5)) + 2, rng.normal(size=5), rng.normal(size=5)
    yield lesson.layers.layernorm_forward(X, gamma, beta, eps=0.0)[0], gamma * scale(X, axis=1) + beta
    for eps in (1e-5, 0.3):
        wanted = np.array([normed(token, gamma, beta, eps) for token in X])
        yield lesson.layers.layernorm_forward(X, gamma, beta, eps)[0], wanted


@oracle(10, "layernorm_backward", "complex step")
def _(lesson, rng):
    at = {"X": rng.normal(size=(3, 4, 5)), "gamma": rng.normal(size=5), "beta": rng.normal(size=5)}
    dout = rng.normal(size=(3, 4, 5))

    def total(at):
        centred = at["X"] - at["X"].sum(axis=2, keepdims=True) / 5
        spread = np.sqrt((centred**2).sum(axis=2, keepdims=True) / 5 + 1e-5)
        return np.sum(dout * (at["gamma"] * centred / spread + at["beta"]))

    cache = lesson.layers.layernorm_forward(*at.values())[1]
    yield lesson.layers.layernorm_backward(dout, cache), tuple(slopes(total, at).values())


@oracle(10, "ffn", "sklearn.MLPRegressor")
def _(lesson, rng):
    params = {name: rng.normal(size=shape) for name, shape in {"W1": (5, 8), "b1": 8, "W2": (8, 5), "b2": 5}.items()}
    X = rng.normal(size=(7, 5))
    model, _ = fitted(params, rng.normal(size=(7, 5)), "linear")
    yield lesson.layers.ffn(X, *params.values()), model.predict(X)


@oracle(10, "encoder_block", "scipy.special.softmax")
def _(lesson, rng):
    X, p = rng.normal(size=(3, 5, 6)), block(rng, 6, 7)
    feed, _ = fitted({name: p[name] for name in ("W1", "b1", "W2", "b2")}, rng.normal(size=(5, 6)), "linear")
    for mask in masks(rng, 3, 5):
        may, wanted = np.broadcast_to(True if mask is None else mask, (3, 5, 5)), []
        for x, own in zip(X, may, strict=True):
            summed = x + by_heads(x, [p[name] for name in SQUARE], 2, own)
            A = np.array([normed(token, p["g1"], p["be1"]) for token in summed])
            wanted.append([normed(token, p["g2"], p["be2"]) for token in A + feed.predict(A)])
        yield lesson.encoder.encoder_block(X, p, 2, mask), np.array(wanted)


@oracle(10, "attention", "torch")
def _(lesson, rng):
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    for front in ((3,), (2, 3)):
        args, mask = tokens(rng, *front), some(rng, *front, 4, 6)
        for may in (mask, None):
            wanted = scaled_dot_product_attention(*map(fixed, args), None if may is None else torch.tensor(may))
            yield lesson.attention.attention(*args, may)[0], wanted.numpy()
            yield lesson.dot_product.scaled_dot_product_attention(*args, may)[0], wanted.numpy()


@oracle(10, "attention_backward", "torch")
def _(lesson, rng):
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    for front, mask in (((3,), np.tri(4, 6, dtype=bool)), ((2, 3), None)):
        args, dout = tokens(rng, *front), rng.normal(size=(*front, 4, 3))
        at = [leaf(one) for one in args]
        out = scaled_dot_product_attention(*at, None if mask is None else torch.tensor(mask))
        (out * fixed(dout)).sum().backward()
        _, weights = lesson.attention.attention(*args, mask)
        yield lesson.attention.attention_backward(dout, *args, weights), tuple(one.grad.numpy() for one in at)


def attention_of_torch(layer, p, D):
    """Put our matrices into a layer of torch, which stacks them, transposed, and has biases."""
    import torch

    with torch.no_grad():
        layer.in_proj_weight.copy_(fixed(np.concatenate([p[name].T for name in SQUARE[:3]])))
        layer.in_proj_bias.copy_(fixed(np.zeros(3 * D)))
        layer.out_proj.weight.copy_(fixed(p["Wo"].T))
        layer.out_proj.bias.copy_(fixed(np.zeros(D)))


def mask_of_torch(mask, m, T, n_heads):
    """Our mask, one for each head of each sequence; in torch's layers True means: is hidden."""
    import torch

    hidden = ~np.broadcast_to(True if mask is None else mask, (m, T, T))
    return torch.tensor(np.repeat(hidden, n_heads, axis=0))


@oracle(10, "multi_head_attention", "torch")
def _(lesson, rng):
    import torch

    X, p = rng.normal(size=(3, 5, 6)), block(rng, 6, 7)
    for n_heads in (1, 2, 3):
        layer = torch.nn.MultiheadAttention(6, n_heads, batch_first=True, dtype=torch.float64)
        attention_of_torch(layer, p, 6)
        for mask in masks(rng, 3, 5):
            at = fixed(X)
            wanted, _ = layer(at, at, at, attn_mask=mask_of_torch(mask, 3, 5, n_heads))
            found = lesson.heads.multi_head_attention(X, *(p[name] for name in SQUARE), n_heads, mask)
            yield found, wanted.detach().numpy()


@oracle(10, "layernorm_backward", "torch")
def _(lesson, rng):
    from torch.nn.functional import layer_norm

    args, dout = (rng.normal(size=(3, 4, 5)), rng.normal(size=5), rng.normal(size=5)), rng.normal(size=(3, 4, 5))
    at = [leaf(one) for one in args]
    wanted = layer_norm(at[0], (5,), at[1], at[2])
    (wanted * fixed(dout)).sum().backward()
    out, cache = lesson.layers.layernorm_forward(*args)
    yield out, wanted.detach().numpy()
    yield lesson.layers.layernorm_backward(dout, cache), tuple(one.grad.numpy() for one in at)


@oracle(10, "encoder_block", "torch")
def _(lesson, rng):
    import torch

    X, p = rng.normal(size=(3, 5, 6)), block(rng, 6, 7)
    layer = torch.nn.TransformerEncoderLayer(6, 2, 7, dropout=0.0, batch_first=True, dtype=torch.float64)
    attention_of_torch(layer.self_attn, p, 6)
    given = {"linear1": ("W1", "b1"), "linear2": ("W2", "b2"), "norm1": ("g1", "be1"), "norm2": ("g2", "be2")}
    with torch.no_grad():
        for name, (weight, bias) in given.items():
            getattr(layer, name).weight.copy_(fixed(p[weight].T))
            getattr(layer, name).bias.copy_(fixed(p[bias]))
    for mask in masks(rng, 3, 5):
        wanted = layer(fixed(X), src_mask=mask_of_torch(mask, 3, 5, 2))
        yield lesson.encoder.encoder_block(X, p, 2, mask), wanted.detach().numpy()
