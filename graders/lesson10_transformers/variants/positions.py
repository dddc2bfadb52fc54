"""Right answers to positions.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("positional_encoding", "entry by entry")
def positions_loops(T, D):
    PE = np.empty((T, D))
    for p in range(T):
        for j in range(D):
            angle = p / 10000 ** (2 * (j // 2) / D)
            PE[p, j] = math.cos(angle) if j % 2 else math.sin(angle)
    return PE


@variant("positional_encoding", "with slices, and frequencies by exp and log")
def positions_slices(T, D):
    PE = np.zeros((T, D))
    frequency = np.exp(np.arange(0, D, 2) * (-np.log(10000.0) / D))
    angle = np.arange(T)[:, None] * frequency
    PE[:, 0::2] = np.sin(angle)
    PE[:, 1::2] = np.cos(angle[:, : D // 2])
    return PE


@variant("positional_encoding", "as real and imaginary parts of turning pointers, cut to D columns")
def positions_complex(T, D):
    i = np.arange((D + 1) // 2)
    turned = np.exp(1j * np.outer(np.arange(T), np.power(10000.0, -2 * i / D)))
    return np.stack([turned.imag, turned.real], axis=-1).reshape(T, -1)[:, :D]
