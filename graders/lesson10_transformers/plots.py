"""Plots of lesson 10: a small trained transformer, run by the student's own functions.

It writes words of eight letters backwards. Its weights are in plots.toml, made by docs/figures/plot_weights.py.
"""

import tomllib
from pathlib import Path

import numpy as np
from nnedu.checking import Matrix, assert_array, assert_that

WORDS = ("GRADIENT", "LEARNING", "TRIANGLE", "INTEGRAL")
HEADS = 2


def _weights():
    """The letters that it knows, and its parameters; a vector is stored as a matrix of one row."""
    table = tomllib.loads(Path(__file__).with_name("plots.toml").read_text("utf-8"))
    letters = table.pop("letters_in_order")
    arrays = {
        name: np.array([row.split() for row in text.splitlines()], dtype=float) / 100.0 for name, text in table.items()
    }
    return letters, {name: array[0] if len(array) == 1 else array for name, array in arrays.items()}


def _tokens(student, letters, weights, words):
    """The letters of words as rows of numbers, with their places added, as the student's function writes them."""
    ids = np.array([[letters.index(letter) for letter in word] for word in words])
    T, D = ids.shape[1], weights["letters"].shape[1]
    places = assert_array(student.positions.positional_encoding(T, D), shape=(T, D), name="positional_encoding(8, 16)")
    return weights["letters"][ids] + places


def attention(student, rng):
    """where your attention looks while the word GRADIENT is written backwards"""
    letters, weights = _weights()
    word = WORDS[0]
    X = _tokens(student, letters, weights, [word])
    blocks = [np.stack(np.split((X @ weights[name])[0], HEADS, axis=1)) for name in ("Wq", "Wk", "Wv")]
    found = student.attention.attention(*blocks)
    assert_that(isinstance(found, (tuple, list)) and len(found) == 2, "attention should return two values.")
    looks = assert_array(found[1], shape=(HEADS, len(word), len(word)), name="the weights of attention")
    written = [f"{letter} {place}" for place, letter in enumerate(word[::-1], start=1)]
    return tuple(
        Matrix(
            f"head {head + 1}",
            looks[head],
            written,
            list(word),
            "letter to write, and its place",
            "letter read",
            "weight: share of attention, 0 to 1",
            top=1.0,
        )
        for head in range(HEADS)
    )


def words(student, rng):
    """what your encoder_block writes: the probability of each letter, place by place"""
    letters, weights = _weights()
    X = _tokens(student, letters, weights, WORDS)
    names = ("Wq", "Wk", "Wv", "Wo", "W1", "b1", "W2", "b2", "g1", "be1", "g2", "be2")
    out = student.encoder.encoder_block(X, {name: weights[name] for name in names}, HEADS)
    scores = assert_array(out, shape=X.shape, name="encoder_block(X, p, 2)") @ weights["scores"]
    proba = np.exp(scores - np.logaddexp.reduce(scores, axis=-1)[..., None])
    said = ["".join(letters[i] for i in row) for row in proba.argmax(axis=-1)]
    places = [str(place) for place in range(1, len(WORDS[0]) + 1)]
    return tuple(
        Matrix(
            f"{WORDS[i]} → {said[i]}",
            proba[i],
            places,
            list(letters),
            "place",
            "letter",
            "probability, 0 to 1",
            top=1.0,
        )
        for i in (1, 2)
    )
