"""Wrong implementations of masks.py, as students write them."""

import numpy as np
from nnedu.checking import mistake


@mistake(
    "causal_mask",
    "the upper triangle is True: a token sees itself and the future",
    hints=(
        "Which tokens does token 0 see under your mask?",
        "mask[i, j], of (T, T), is True where j ≤ i: query i, the row, sees what came before it.",
        "Take the other triangle.",
    ),
)
def upper_triangle(T):
    return np.triu(np.ones((T, T), dtype=bool))


@mistake(
    "causal_mask",
    "the diagonal is False: no token sees itself, and the first one sees nothing",
    hints=(
        "What does token 0 see under your mask?",
        "mask[i, j], of (T, T), is True where j ≤ i, and so also where j = i.",
        "Let the diagonal belong to the triangle: k = 0.",
    ),
)
def without_the_diagonal(T):
    return np.tril(np.ones((T, T), dtype=bool), -1)


@mistake(
    "causal_mask",
    "True stands where a token may not attend: the mask is inverted",
    hints=(
        "Does True mean “may attend” here, or “is hidden”?",
        "mask[i, j], of (T, T), is True where j ≤ i. In PyTorch's nn.MultiheadAttention True means: is hidden.",
        "Turn every entry round.",
    ),
)
def causal_inverted(T):
    return np.triu(np.ones((T, T), dtype=bool), 1)


@mistake(
    "causal_mask",
    "the mask holds numbers, 0.0 and 1.0, instead of bools",
    hints=(
        "Which dtype has your mask?",
        "A mask of (T, T) bools can be inverted by ~ and joined by &, one of floats cannot.",
        "Give dtype=bool where you make the array.",
    ),
)
def causal_of_floats(T):
    return np.tril(np.ones((T, T)))


@mistake(
    "causal_mask",
    "one token of the future can be seen",
    hints=(
        "Does token 0 see token 1 under your mask?",
        "mask[i, j], of (T, T), is True where j ≤ i, counted from 0 both.",
        "Move the triangle down by one.",
    ),
)
def one_of_the_future(T):
    return np.tril(np.ones((T, T), dtype=bool), 1)


@mistake(
    "padding_mask",
    "the last real token is hidden too",
    hints=(
        "How many True has the row of a sequence of length 3?",
        "j is counted from 0: the places 0, 1 and 2 of T are real where the length is 3.",
        "Compare with the length itself, not with one less.",
    ),
)
def hides_the_last(lengths, T):
    return (np.arange(T) < lengths[:, None] - 1)[:, None, :]


@mistake(
    "padding_mask",
    "one place of the padding can be seen",
    hints=(
        "How many True has the row of a sequence of length 3, and of one of length 0?",
        "j is counted from 0: place lengths[i] of the T is the first one that is not real.",
        "The comparison has to be strict.",
    ),
)
def shows_one_too_many(lengths, T):
    return (np.arange(T) <= lengths[:, None])[:, None, :]


@mistake(
    "padding_mask",
    "True stands for padding: the mask is inverted",
    hints=(
        "Does True mean “may attend” here, or “is padding”?",
        "mask[i, 0, j], of (m, 1, T), is True where j < lengths[i]. PyTorch's key_padding_mask is the other way round.",
        "Turn the comparison round.",
    ),
)
def padding_inverted(lengths, T):
    return (np.arange(T) >= lengths[:, None])[:, None, :]


@mistake(
    "padding_mask",
    "the mask has the shape (m, T), without an axis for the queries",
    hints=(
        "How does numpy put your mask and scores of (m, Tq, Tk) together, where m = Tq?",
        "mask is (m, 1, T): sequences, queries, keys. Without the 1 the sequences would be taken for queries.",
        "Put an axis of length 1 in the middle.",
    ),
)
def no_axis_for_queries(lengths, T):
    return np.arange(T) < lengths[:, None]


@mistake(
    "padding_mask",
    "the axis of length 1 is the last one: queries are hidden instead of keys",
    hints=(
        "Which axis of (m, Tq, Tk) are the keys?",
        "mask is (m, 1, T), and hides keys: those of the padding are hidden from every query.",
        "The axis of length 1 stands between the other two.",
    ),
)
def hides_queries(lengths, T):
    return (np.arange(T) < lengths[:, None])[:, :, None]


@mistake(
    "padding_mask",
    "the padding is taken to stand in front of the sequences",
    hints=(
        "Where is the padding: before the sequence, or after it?",
        "The real places of sequence i are the first lengths[i] of the T.",
        "Count from the start.",
    ),
)
def padding_in_front(lengths, T):
    return (np.arange(T) >= T - lengths[:, None])[:, None, :]


@mistake(
    "padding_mask",
    "the mask holds numbers, 0.0 and 1.0, instead of bools",
    hints=(
        "Which dtype has your mask?",
        "A mask of (m, 1, T) bools can be joined with another one by &, one of floats cannot.",
        "The comparison gives bools already.",
    ),
)
def padding_of_floats(lengths, T):
    return (np.arange(T) < lengths[:, None])[:, None, :].astype(float)
