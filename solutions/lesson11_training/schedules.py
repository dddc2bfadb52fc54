"""Learning rates that change in the course of training. t counts from 0, in epochs or in steps."""

import math


def step_decay(t: int, lr0: float, step_size: int, gamma: float) -> float:
    """Return the rate at time t where it is multiplied by gamma every step_size: a staircase.

        lr(t) = lr0 · gamma^k,     k = how many whole times step_size fits into t

    Args:
        t: the time, an integer from 0.
        lr0: the rate at t = 0.
        step_size: how long each step of the staircase is, an integer from 1.
        gamma: the factor, mostly below 1.

    Returns:
        A number.

    Examples:
        >>> [step_decay(t, 0.5, 2, 0.5) for t in range(5)]
        [0.5, 0.5, 0.25, 0.25, 0.125]
    """
    return lr0 * gamma ** (t // step_size)


def cosine(t: int, T: int, lr0: float, lr_min: float = 0.0) -> float:
    """Return the rate at time t on half a wave of a cosine, from lr0 at t = 0 to lr_min at t = T.

        lr(t) = lr_min + ½ (lr0 - lr_min) (1 + cos(π t / T))       for t ≤ T; afterwards lr_min

    Args:
        t: the time, an integer from 0.
        T: the time at which lr_min is reached, an integer from 1.
        lr0: the first rate.
        lr_min: the last one.

    Returns:
        A number.

    Examples:
        >>> [round(cosine(t, 4, 0.8), 4) for t in range(6)]
        [0.8, 0.6828, 0.4, 0.1172, 0.0, 0.0]

    Source: I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
    """
    if t >= T:
        return lr_min
    return lr_min + 0.5 * (lr0 - lr_min) * (1.0 + math.cos(math.pi * t / T))


def warmup(t: int, n_warm: int, lr0: float) -> float:
    """Return the rate at time t where the first n_warm steps lead up to it in equal parts.

        lr(t) = lr0 · min(1, (t + 1) / n_warm)

    The first step already has the rate lr0 / n_warm (a rate of 0 would be a step wasted), and the last of the n_warm
    steps, t = n_warm - 1, has lr0, which then stays.

    Args:
        t: the time, an integer from 0.
        n_warm: for how many steps the rate grows, an integer from 1.
        lr0: the rate that is reached.

    Returns:
        A number.

    Examples:
        >>> [warmup(t, 4, 0.5) for t in range(6)]
        [0.125, 0.25, 0.375, 0.5, 0.5, 0.5]
    """
    return lr0 * min(1.0, (t + 1) / n_warm)


def one_cycle(t: int, T: int, lr_max: float, pct: float = 0.3, div: float = 25.0, final_div: float = 1e4) -> float:
    """Return the rate at time t of a cycle of T steps: up to lr_max, and down to nearly nothing.

    It starts at initial = lr_max / div, has its peak lr_max at the time peak = pct · T - 1, which need not be an
    integer, and reaches initial / final_div at T - 1, the last step. In between, half a wave of a cosine each time:

        from a to b, a share s of the way:     b + ½ (a - b) (1 + cos(π s))

        t ≤ peak:  from initial to lr_max,               s = t / peak
        t > peak:  from lr_max to initial / final_div,   s = (t - peak) / (T - 1 - peak)

    From T on the rate stays what it was at T - 1.

    Args:
        t: the time, an integer from 0.
        T: how many steps there are in all.
        lr_max: the rate at the peak.
        pct: the share of the steps that go up, below 1.
        div: the peak by the first rate.
        final_div: the first rate by the last one.

    Returns:
        A number.

    Examples:
        >>> [round(one_cycle(t, 8, 1.0, pct=0.5, div=4.0), 4) for t in (0, 3, 5, 7)]
        [0.25, 1.0, 0.5, 0.0]

    Raises:
        ValueError: if pct · T ≤ 1, since there is no time to go up.

    Source: L. N. Smith and N. Topin, "Super-convergence", 2019; the times as in PyTorch's OneCycleLR.
    """
    peak, initial = pct * T - 1.0, lr_max / div
    if peak <= 0.0:
        raise ValueError(f"pct · T is {pct * T}; it has to be above 1")
    if t <= peak:
        return _half_wave(initial, lr_max, t / peak)
    return _half_wave(lr_max, initial / final_div, min(1.0, (t - peak) / (T - 1.0 - peak)))


def _half_wave(start: float, end: float, share: float) -> float:
    return end + 0.5 * (start - end) * (1.0 + math.cos(math.pi * share))
