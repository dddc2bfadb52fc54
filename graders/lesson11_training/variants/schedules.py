"""Right answers to schedules.py, written differently."""

import math

import numpy as np
from nnedu.checking import variant


@variant("step_decay", "with a loop")
def with_a_loop(t, lr0, step_size, gamma):
    lr = lr0
    for at in range(1, t + 1):
        if at % step_size == 0:
            lr *= gamma
    return lr


@variant("step_decay", "with numpy's floor")
def with_floor(t, lr0, step_size, gamma):
    return lr0 * np.power(gamma, np.floor_divide(t, step_size))


@variant("step_decay", "by recursion")
def by_recursion(t, lr0, step_size, gamma):
    return lr0 if t < step_size else gamma * by_recursion(t - step_size, lr0, step_size, gamma)


@variant("cosine", "with the square of a cosine")
def squared_cosine(t, T, lr0, lr_min=0.0):
    share = min(t / T, 1)
    return lr_min + (lr0 - lr_min) * math.cos(0.5 * math.pi * share) ** 2


@variant("cosine", "as a weighted mean, with numpy")
def weighted_mean(t, T, lr0, lr_min=0.0):
    weight = (1 + np.cos(np.pi * np.clip(t / T, 0, 1))) / 2
    return weight * lr0 + (1 - weight) * lr_min


@variant("cosine", "with degrees turned into radians")
def from_degrees(t, T, lr0, lr_min=0.0):
    t = min(t, T)
    middle, height = (lr0 + lr_min) / 2, (lr0 - lr_min) / 2
    return middle + height * math.cos(math.radians(180 * t / T))


@variant("warmup", "with a branch")
def with_a_branch(t, n_warm, lr0):
    if t + 1 >= n_warm:
        return lr0
    return (t + 1) * lr0 / n_warm


@variant("warmup", "with np.interp")
def interpolated(t, n_warm, lr0):
    return np.interp(t + 1, [0, n_warm], [0.0, lr0])


@variant("warmup", "from a list")
def from_a_list(t, n_warm, lr0):
    rates = [lr0 * step / n_warm for step in range(1, n_warm + 1)]
    return rates[min(t, n_warm - 1)]


@variant("one_cycle", "with the square of a sine")
def squared_sine(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    if pct * T <= 1:
        raise ValueError("no time to go up")
    first, peak = lr_max / div, pct * T - 1
    if t < peak:
        return first + (lr_max - first) * math.sin(math.pi * t / (2 * peak)) ** 2
    share = (min(t, T - 1) - peak) / (T - 1 - peak)
    return lr_max + (first / final_div - lr_max) * math.sin(math.pi * share / 2) ** 2


@variant("one_cycle", "as PyTorch does, over a list of phases")
def by_phases(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    times = [0, float(pct * T) - 1, T - 1]
    if times[1] <= 0:
        raise ValueError("pct * T has to be above 1")
    rates = [lr_max / div, lr_max, lr_max / div / final_div]
    t = min(t, T - 1)
    phase = 0 if t <= times[1] else 1
    share = (t - times[phase]) / (times[phase + 1] - times[phase])
    start, end = rates[phase], rates[phase + 1]
    return end + (start - end) / 2 * (np.cos(np.pi * share) + 1)


@variant("one_cycle", "with np.interp for the angle")
def one_angle(t, T, lr_max, pct=0.3, div=25.0, final_div=1e4):
    peak = pct * T - 1
    if not peak > 0:
        raise ValueError(T)
    angle = np.interp(t, [0, peak, T - 1], [-np.pi, 0.0, np.pi])
    low = lr_max / div if angle < 0 else lr_max / (div * final_div)
    return low + (lr_max - low) * (1 + np.cos(angle)) / 2
