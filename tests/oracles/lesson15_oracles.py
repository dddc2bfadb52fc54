"""Oracles of lesson 15: the transformer token by token, with a complex step for its gradients, and PyTorch."""

import numpy as np
from lesson10_oracles import SQUARE, attention_of_torch
from oracle_registry import oracle, slopes
from torch_oracles import fixed

HIDDEN = 5


def drawn(rng, vocab, D, T, m):
    """Parameters, symbols, targets, and lengths of sequences."""
    shapes = dict.fromkeys(SQUARE, (D, D)) | {"E": (vocab, D), "W1": (D, HIDDEN), "W2": (HIDDEN, D)}
    shapes |= dict.fromkeys(("g1", "be1", "b2", "g2", "be2"), D) | {"b1": HIDDEN, "U": (D, vocab), "c": vocab}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    ids, targets = rng.integers(0, vocab, size=(2, m, T))
    return params, ids, targets, rng.integers(1, T + 1, size=m)


def softmax(scores):
    """Of a list of numbers, complex ones too."""
    E = np.exp(np.array(scores) - max(score.real for score in scores))
    return E / np.sum(E)


def normed(token, gamma, beta):
    """Layer normalisation of one token, complex numbers too."""
    centred = token - np.sum(token) / len(token)
    return gamma * centred / np.sqrt(np.sum(centred**2) / len(token) + 1e-5) + beta


def read(p, n_heads, symbols, length):
    """The scores of each place of one sequence, and the weights of attention, by loops over real places."""
    D, T = p["E"].shape[1], len(symbols)
    d = D // n_heads
    waves = [np.exp(1j * np.arange(T) / 10000.0 ** (2 * pair / D)) for pair in range((D + 1) // 2)]
    PE = np.array([[waves[j // 2][t].real if j % 2 else waves[j // 2][t].imag for j in range(D)] for t in range(T)])
    X = [p["E"][symbol] + place for symbol, place in zip(symbols, PE, strict=True)]
    Q, K, V = ([x @ p[name] for x in X] for name in SQUARE[:3])
    weights, scores = np.zeros((n_heads, T, T), dtype=np.result_type(*p.values())), []
    for t in range(T):
        found = []
        for head in range(n_heads):
            at = slice(head * d, (head + 1) * d)
            fit = [sum(Q[t][at] * K[key][at]) / d**0.5 for key in range(length)]
            weights[head, t, :length] = softmax(fit)
            found.extend(sum(weights[head, t, key] * V[key][at] for key in range(length)))
        A = normed(X[t] + np.array(found) @ p["Wo"], p["g1"], p["be1"])
        hidden = np.array([z if z.real > 0 else 0.0 for z in A @ p["W1"] + p["b1"]])
        scores.append(normed(A + hidden @ p["W2"] + p["b2"], p["g2"], p["be2"]) @ p["U"] + p["c"])
    return scores, weights


def total(p, n_heads, ids, targets, lengths):
    """The mean cross-entropy, place by place."""
    each = []
    for symbols, wanted, length in zip(ids, targets, lengths, strict=True):
        scores, _ = read(p, n_heads, symbols, length)
        each += [-np.log(softmax(scores[t])[wanted[t]]) for t in range(length)]
    return sum(each) / len(each)


def model_with(lesson, p, n_heads, T):
    """Our model, with these parameters."""
    return lesson.transformer.MiniTransformer(*p["E"].shape, n_heads, T).load(p)


@oracle(15, "MiniTransformer", "complex step")
def _(lesson, rng):
    for n_heads, D, T, m in ((2, 4, 3, 2), (1, 3, 4, 1)):
        p, ids, targets, lengths = drawn(rng, 4, D, T, m)
        for short in (np.full(m, T), lengths):
            model, given = model_with(lesson, p, n_heads, T), None if short.min() == T else short
            yield model.loss(ids, targets, given), total(p, n_heads, ids, targets, short)
            at_all = (n_heads, ids, targets, short)
            yield model.gradients(ids, targets, given), slopes(lambda at, args=at_all: total(at, *args), p)
            both = [read(p, n_heads, *one) for one in zip(ids, short, strict=True)]
            yield model.attention(ids, given), np.array([weights for _, weights in both])
            yield model.predict(ids, given), np.array([np.argmax(scores, axis=1) for scores, _ in both])


@oracle(15, "MiniTransformer", "torch")
def _(lesson, rng):
    import torch
    from torch.nn.functional import cross_entropy

    T, D, m = 5, 6, 3
    for n_heads in (1, 2, 3):
        p, ids, targets, lengths = drawn(rng, 7, D, T, m)
        layer = torch.nn.TransformerEncoderLayer(D, n_heads, HIDDEN, dropout=0.0, batch_first=True, dtype=torch.float64)
        attention_of_torch(layer.self_attn, p, D)
        given = {"linear1": ("W1", "b1"), "linear2": ("W2", "b2"), "norm1": ("g1", "be1"), "norm2": ("g2", "be2")}
        with torch.no_grad():
            for name, (weight, bias) in given.items():
                getattr(layer, name).weight.copy_(fixed(p[weight].T))
                getattr(layer, name).bias.copy_(fixed(p[bias]))
        E, U, c = (fixed(p[name]).requires_grad_() for name in ("E", "U", "c"))
        waves = fixed(np.arange(T))[:, None] / 10000.0 ** (fixed(np.arange(D) // 2 * 2) / D)
        PE = torch.where(torch.arange(D) % 2 == 0, waves.sin(), waves.cos())
        X, padding = E[torch.tensor(ids)] + PE, torch.tensor(np.arange(T) >= lengths[:, None])
        scores = layer(X, src_key_padding_mask=padding) @ U + c
        loss = cross_entropy(scores[~padding], torch.tensor(targets)[~padding])
        loss.backward()
        stacked = layer.self_attn.in_proj_weight.grad.numpy().reshape(3, D, D)
        wanted = {name: stacked[i].T for i, name in enumerate(SQUARE[:3])}
        wanted |= {"Wo": layer.self_attn.out_proj.weight.grad.numpy().T}
        wanted |= {"E": E.grad.numpy(), "U": U.grad.numpy(), "c": c.grad.numpy()}
        for name, (weight, bias) in given.items():
            wanted[weight] = getattr(layer, name).weight.grad.numpy().T
            wanted[bias] = getattr(layer, name).bias.grad.numpy()
        model = model_with(lesson, p, n_heads, T)
        yield model.loss(ids, targets, lengths), float(loss.detach())
        yield model.gradients(ids, targets, lengths), wanted
        _, weights = layer.self_attn(X, X, X, key_padding_mask=padding, average_attn_weights=False)
        yield model.attention(ids, lengths), weights.detach().numpy()
