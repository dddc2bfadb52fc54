"""What is drawn for the questions of lesson 8, for each student, and the answers that follow from it."""


def receptive_field(draw):
    """Kernels, and strides of which at least one is larger than 1; width and step grow from layer to layer."""
    k1, k2, k3 = draw.choice([3, 5, 7]), draw.choice([3, 5]), draw.choice([3, 5])
    s1, p = draw.choice([2, 3]), draw.choice([2, 3, 4])
    r1 = k1
    r2 = r1 + (p - 1) * s1
    step = s1 * p
    r3 = r2 + (k2 - 1) * step
    width = r3 + (k3 - 1) * step
    return {
        "k1": k1,
        "s1": s1,
        "p": p,
        "k2": k2,
        "k3": k3,
        "r1": r1,
        "r2": r2,
        "r3": r3,
        "width": width,
        "step": step,
        "right": [width, step],
        "without_stride": [k1 + p - 1 + k2 - 1 + k3 - 1, step],
        "sizes_only": [k1 + p + k2 + k3, step],
        "step_of_one": [width, 1],
        "own_stride": [1 + (k1 - 1) * s1 + (p - 1) * step + (k2 - 1 + k3 - 1) * step, step],
    }


def three_blocks(draw):
    """An image whose size is odd at least once on the way, so that rounding shows."""
    n = draw.choice([22, 26, 27, 29, 30, 31, 33, 34, 35, 37, 38, 39, 41, 42, 45, 46, 47, 50])
    a, b = n // 2, n // 2 // 2
    first = (n - 2) // 2
    second = (first - 2) // 2
    up = -(-n // 2)
    up2 = -(-up // 2)
    return {
        "n": n,
        "a": a,
        "b": b,
        "right": [a, b, b, 128],
        "unpadded": [first, second, second - 2, 128],
        "rounded_up": [up, up2, up2, 128],
        "unpooled": [a, b, b, 128 * b * b],
    }
