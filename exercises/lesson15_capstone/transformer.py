"""The second capstone: a transformer with one block, from symbols to symbols, and all of its gradients.

What it needs of earlier lessons (attention, layer normalisation, Adam and their backward passes) you write here once
more. `sample`, in tasks.py, draws what it learns from.
"""

import numpy as np


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
        raise NotImplementedError

    def load(self, params: dict[str, np.ndarray]) -> "MiniTransformer":
        """Take over parameters, whatever their F is, without changing them, and return self."""
        raise NotImplementedError

    def fit(self, task: str, rng: np.random.Generator, steps: int) -> "MiniTransformer":
        """Train on batches of sample(task, rng, ...), a fresh one in every step, and return self.

        The model is one with vocab = VOCAB and T = LENGTH. All randomness is from rng, so that the same rng gives the
        same parameters. A second fit starts anew. 500 steps should take a second or two. Print the loss now and then,
        say every 100 steps: `nnedu check` shows the last line while you wait.
        """
        raise NotImplementedError

    def loss(self, ids: np.ndarray, targets: np.ndarray, lengths: np.ndarray | None = None) -> float:
        """Return the mean cross-entropy over all real places of ids and targets (m, T), finite for scores of any size.

        Neither the arguments nor the parameters are changed.
        """
        raise NotImplementedError

    def gradients(
        self, ids: np.ndarray, targets: np.ndarray, lengths: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Return the gradient of loss(ids, targets, lengths) for each parameter: names and shapes are those of params.

        Neither the arguments nor the parameters are changed.
        """
        raise NotImplementedError

    def predict(self, ids: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the most probable symbol of each place of ids (m, T), ints of shape (m, T)."""
        raise NotImplementedError

    def attention(self, ids: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the weights of attention, shape (m, n_heads, T, T): who, in rows, attends to whom, in columns."""
        raise NotImplementedError
