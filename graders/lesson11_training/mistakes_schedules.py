"""Wrong implementations of schedules.py, as students write them."""

import math

from nnedu.checking import mistake


def _wave(start, end, share):
    return end + 0.5 * (start - end) * (1.0 + math.cos(math.pi * share))


def _cycle(t, T, lr_max, peak, first, last, end):
    """One cycle with its peak and its end at these times."""
    if t <= peak:
        return _wave(first, lr_max, t / peak)
    return _wave(lr_max, last, min(1.0, (t - peak) / (end - peak)))


def _long_enough(pct, T):
    if pct * T <= 1.0:
        raise ValueError("too short")


@mistake(
    "step_decay",
    "the division is not a whole one, so that the rate sinks smoothly",
    hints=(
        "Does your rate stay the same for step_size times in a row?",
        "k counts whole steps: for step_size = 3 it is 0, 0, 0, 1, 1, 1, 2.",
        "Use the division that leaves no fraction.",
    ),
)
def smooth(t, lr0, step_size, gamma):
    return lr0 * gamma ** (t / step_size)


@mistake(
    "step_decay",
    "the steps are one time too early",
    hints=(
        "How long does your first stair last?",
        "t counts from 0: t = 0, ..., step_size - 1 have the rate lr0.",
        "Do not add 1 to t.",
    ),
)
def one_early(t, lr0, step_size, gamma):
    return lr0 * gamma ** ((t + 1) // step_size)


@mistake(
    "step_decay",
    "the rate is multiplied once, not again and again",
    hints=(
        "What is your rate after ten stairs?",
        "lr = lr0 · gamma^k: the factor comes in once for each stair.",
        "Make gamma a power.",
    ),
)
def only_once(t, lr0, step_size, gamma):
    return lr0 * (gamma if t >= step_size else 1.0)


@mistake(
    "step_decay",
    "gamma is multiplied by the number of the stair, not raised to it",
    hints=(
        "What is your rate at t = 0?",
        "Halved three times is an eighth: gamma^3, not 3 · gamma. And gamma^0 is 1.",
        "Make the number of stairs an exponent.",
    ),
)
def times_the_stair(t, lr0, step_size, gamma):
    return lr0 * gamma * (t // step_size)


@mistake(
    "step_decay",
    "the exponent is negative: the rate grows",
    hints=(
        "Is your rate larger or smaller after a stair?",
        "gamma is mostly below 1, and lr = lr0 · gamma^k.",
        "Take the minus away, or multiply where you divide.",
    ),
)
def grows(t, lr0, step_size, gamma):
    return lr0 / gamma ** (t // step_size)


@mistake(
    "cosine",
    "π is missing in the cosine",
    hints=(
        "What is cos(1), and what is cos(π)?",
        "At t = T the cosine has to be -1, and its argument π · T / T.",
        "Multiply the share t / T by π.",
    ),
)
def no_pi(t, T, lr0, lr_min=0.0):
    return lr_min if t >= T else lr_min + 0.5 * (lr0 - lr_min) * (1.0 + math.cos(t / T))


@mistake(
    "cosine",
    "the argument of the cosine is in degrees",
    hints=(
        "What is your rate at t = T / 2?",
        "math.cos counts in radians: half a turn is π, not 180.",
        "Put π where 180 stands.",
    ),
)
def degrees(t, T, lr0, lr_min=0.0):
    return lr_min if t >= T else lr_min + 0.5 * (lr0 - lr_min) * (1.0 + math.cos(180.0 * t / T))


@mistake(
    "cosine",
    "the last rate is reached one step early",
    hints=(
        "At which t does your rate reach lr_min?",
        "It is T here, not T - 1 as in one_cycle: the share of the way is t / T.",
        "Divide by T.",
    ),
)
def one_early_end(t, T, lr0, lr_min=0.0):
    return lr_min if t >= T - 1 else _wave(lr0, lr_min, t / (T - 1))


@mistake(
    "cosine",
    "after T the rate climbs again",
    hints=(
        "What is your rate at 2 · T?",
        "A cosine goes on for ever. For t ≥ T the rate is lr_min.",
        "Treat late times as T.",
    ),
)
def climbs_again(t, T, lr0, lr_min=0.0):
    return _wave(lr0, lr_min, t / T)


@mistake(
    "cosine",
    "lr_min is added to the whole wave, so that the first rate is above lr0",
    hints=(
        "What is your rate at t = 0, where lr_min is not 0?",
        "The wave goes from lr0 to lr_min, and so is ½ (lr0 - lr_min) high on each side of its middle.",
        "Take lr_min off lr0 in the factor.",
    ),
)
def lifted(t, T, lr0, lr_min=0.0):
    return lr_min + 0.5 * lr0 * (1.0 + math.cos(math.pi * min(t, T) / T))


@mistake(
    "cosine",
    "the way down is a straight line",
    hints=(
        "What is your rate after a quarter of the time?",
        "½ (1 + cos(π s)) is flat at both ends: 0.854 at s = 1/4, not 0.75.",
        "Bring the cosine in.",
    ),
)
def straight(t, T, lr0, lr_min=0.0):
    return lr0 + (lr_min - lr0) * min(t, T) / T


@mistake(
    "cosine",
    "the ½ is missing",
    hints=(
        "What is your rate at t = 0?",
        "1 + cos(0) is 2, so that a half is needed in front.",
        "Halve the height of the wave.",
    ),
)
def not_halved(t, T, lr0, lr_min=0.0):
    return lr_min if t >= T else lr_min + (lr0 - lr_min) * (1.0 + math.cos(math.pi * t / T))


@mistake(
    "cosine",
    "lr_min is left out, and the rate sinks to 0",
    hints=(
        "What is your rate at t = T where lr_min is 0.01?",
        "The wave ends at lr_min, which is 0 only if it is left out.",
        "Begin the sum with lr_min, and let the wave's height be what is left.",
    ),
)
def down_to_zero(t, T, lr0, lr_min=0.0):
    return _wave(lr0, 0.0, min(t, T) / T)


@mistake(
    "warmup",
    "the first rate is 0, as t is not counted from 1",
    hints=(
        "What does a step with the rate 0 do?",
        "The first step, t = 0, has lr0 / n_warm: the share is (t + 1) / n_warm.",
        "Add 1 to t.",
    ),
)
def starts_at_zero(t, n_warm, lr0):
    return lr0 * min(1.0, t / n_warm)


@mistake(
    "warmup",
    "the rate goes on growing after the warm-up",
    hints=(
        "What is your rate at t = 10 · n_warm?",
        "The share is min(1, (t + 1) / n_warm).",
        "Stop at 1.",
    ),
)
def never_stops(t, n_warm, lr0):
    return lr0 * (t + 1) / n_warm


@mistake(
    "warmup",
    "time is counted in epochs where it is counted in steps, so that the full rate is not reached",
    hints=(
        "How many calls does it take until your rate is lr0?",
        "t and n_warm have the same unit, whichever it is: after n_warm calls the rate is lr0.",
        "Do not divide t by anything but n_warm.",
    ),
)
def epochs_for_steps(t, n_warm, lr0):
    return lr0 * min(1.0, (t // n_warm + 1) / n_warm)


@mistake(
    "warmup",
    "the warm-up takes one step too many",
    hints=(
        "Which rate has the last of the n_warm steps, t = n_warm - 1?",
        "lr0 · (t + 1) / n_warm is lr0 there.",
        "Divide by n_warm, not by n_warm + 1.",
    ),
)
def one_too_many(t, n_warm, lr0):
    return lr0 * min(1.0, (t + 1) / (n_warm + 1))


@mistake(
    "warmup",
    "the full rate is used from the first step on",
    hints=(
        "What is your rate at t = 0?",
        "min(1, ...) picks the smaller one: early on that is (t + 1) / n_warm.",
        "Look whether you wrote max for min.",
    ),
)
def no_warmup(t, n_warm, lr0):
    return lr0 * max(1.0, (t + 1) / n_warm) if t < n_warm else lr0


@mistake(
    "one_cycle",
    "the peak is at pct · T, and the end at T: one step late",
    hints=(
        "Of T steps, which is the last one, if the first is 0?",
        "The peak is at pct · T - 1, and the end at T - 1.",
        "Take 1 off both times.",
    ),
)
def one_late(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    return _cycle(t, T, lr_max, pct * T, lr_max / div, lr_max / div / final_div, T)


@mistake(
    "one_cycle",
    "the last rate is lr_max / final_div",
    hints=(
        "By what is your first rate divided to give the last one?",
        "The first rate is the peak's by div, and the last one is the first by final_div: both divisors count.",
        "Divide the first rate, not the peak, by final_div.",
    ),
)
def peak_by_final(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    return _cycle(t, T, lr_max, pct * T - 1, lr_max / div, lr_max / final_div, T - 1)


@mistake(
    "one_cycle",
    "the way down ends at the first rate",
    hints=(
        "What is your last rate, by the first one?",
        "From lr_max it goes down to initial / final_div, far below where it began.",
        "Give the second half its own end.",
    ),
)
def back_to_the_start(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    return _cycle(t, T, lr_max, pct * T - 1, lr_max / div, lr_max / div, T - 1)


@mistake(
    "one_cycle",
    "both ways are straight lines",
    hints=(
        "What is your rate a quarter of the way up?",
        "Each way is half a wave: b + ½ (a - b) (1 + cos(π s)).",
        "Bring the cosine in, for both ways.",
    ),
)
def straight_lines(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    peak, first = pct * T - 1, lr_max / div
    if t <= peak:
        return first + (lr_max - first) * t / peak
    return lr_max + (first / final_div - lr_max) * min(1.0, (t - peak) / (T - 1 - peak))


@mistake(
    "one_cycle",
    "the peak is rounded down to a whole step",
    hints=(
        "T = 7 and pct = 0.5: at which time is the peak?",
        "peak = pct · T - 1 need not be an integer; no step has to have the rate lr_max itself.",
        "Leave the peak as it is.",
    ),
)
def whole_peak(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    peak = int(pct * T + 1e-9) - 1
    if peak == 0:
        return _cycle(t + 1e-9, T, lr_max, 1e-9, lr_max / div, lr_max / div / final_div, T - 1)
    return _cycle(t, T, lr_max, peak, lr_max / div, lr_max / div / final_div, T - 1)


@mistake(
    "one_cycle",
    "after the last step the rate climbs again",
    hints=(
        "What is your rate at 2 · T?",
        "The share of the way down is at most 1: from T on the rate stays what it was at T - 1.",
        "Treat late times as T - 1.",
    ),
)
def climbs_after_the_end(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    peak, first = pct * T - 1, lr_max / div
    if t <= peak:
        return _wave(first, lr_max, t / peak)
    return _wave(lr_max, first / final_div, (t - peak) / (T - 1 - peak))


@mistake(
    "one_cycle",
    "a cycle that is too short for its way up is not refused",
    hints=(
        "What is the peak's time for T = 3 and pct = 0.3?",
        "pct · T - 1 has to be above 0. Where it is not, a ValueError is wanted.",
        "Test it first.",
    ),
)
def takes_any_length(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    peak = max(pct * T - 1, 1e-9)
    return _cycle(t, T, lr_max, peak, lr_max / div, lr_max / div / final_div, T - 1)


@mistake(
    "one_cycle",
    "time is counted in epochs where it is counted in steps, so that the peak is never reached",
    hints=(
        "What is the largest of your rates at t = 0, ..., T - 1?",
        "t and T have the same unit, whichever it is: after T calls the cycle is over.",
        "Do not scale t.",
    ),
)
def slow_clock(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    return _cycle(t / 10, T, lr_max, pct * T - 1, lr_max / div, lr_max / div / final_div, T - 1)


@mistake(
    "one_cycle",
    "the first rate is lr_max, and there is no way up",
    hints=(
        "What is your rate at t = 0?",
        "For t ≤ peak the rate goes up, from a fraction 1 / div of the peak.",
        "Write the way up as a wave of its own, before the way down.",
    ),
)
def only_down(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    _long_enough(pct, T)
    return _wave(lr_max, lr_max / div / final_div, min(1.0, t / (T - 1)))
