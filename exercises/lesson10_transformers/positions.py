"""Where a token stands, written as waves: the positional encoding of the transformer."""

import numpy as np


def positional_encoding(T: int, D: int) -> np.ndarray:
    """Return one row of D numbers for each of T positions, which is added to the token that stands there.

    The columns are pairs, 0 and 1, 2 and 3, and so on, and each pair shares one frequency. For pair i = 0, 1, ...

        PE[p, 2i]     = sin(p / 10000^(2i / D))
        PE[p, 2i + 1] = cos(p / 10000^(2i / D))

    Args:
        T: number of positions; they are counted from 0.
        D: number of columns. Where it is odd, the last pair has a sine only.

    Returns:
        PE, shape (T, D).

    Examples:
        >>> PE = positional_encoding(2, 4)  # the frequencies are 1 and 1/100
        >>> PE.round(3).tolist()
        [[0.0, 1.0, 0.0, 1.0], [0.841, 0.54, 0.01, 1.0]]

    Source: A. Vaswani et al., "Attention is all you need", 2017, section 3.5.
    """
    raise NotImplementedError
