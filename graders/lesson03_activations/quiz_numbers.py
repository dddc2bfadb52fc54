"""What is drawn for the questions of lesson 3, for each student, and the answers that follow from it."""

CLASSES = (
    "which of {k} species the one bird in a photograph belongs to",
    "which of {k} letters a handwritten sign is",
    "in which of {k} languages a page is written; there is just one",
    "which of {k} players wins a tournament",
)
LABELS = (
    "which of {k} findings an X-ray shows: none, one or several",
    "which of {k} instruments play in a recording, any number of them",
    "which of {k} genres a film is in; most are in two or three",
    "which of {k} dishes a guest likes, each yes or no",
)
YES_NO = (
    "whether an e-mail is spam",
    "whether a payment is a fraud",
    "whether it rains tomorrow",
    "whether a patient is ill",
)
NUMBERS = (
    "tomorrow's temperature in degrees Celsius",
    "the profit or loss of a shop in euros",
    "by how many minutes, early or late, a train misses its time",
    "the yearly change of a glacier's length in metres",
)


def _pick(draw, tasks):
    return draw.choice(tasks).replace("{k}", str(draw.integer(3, 40)))


def output_layers(draw):
    """Five tasks in any order: one of each sort, and a second of exclusive classes or of numbers."""
    sorts = {"labels": (LABELS, "a"), "yes_no": (YES_NO, "a"), "classes": (CLASSES, "b"), "numbers": (NUMBERS, "c")}
    order = []
    for name in (*sorts, draw.choice(("classes", "numbers"))):
        order.insert(draw.integer(0, len(order)), name)
    tasks = []
    while len(tasks) < len(order):
        task = _pick(draw, sorts[order[len(tasks)]][0])
        tasks += [task] if task not in tasks else []

    def answer(**wrongly):
        return " ".join(wrongly.get(name, sorts[name][1]) for name in order)

    return {
        "tasks": "\n".join(f"    {i}  {task}" for i, task in enumerate(tasks, 1)),
        "right": answer(),
        "separate": answer(classes="a"),
        "exclusive": answer(labels="b"),
        "all_exclusive": answer(labels="b", yes_no="b"),
        "softmax_of_one": answer(yes_no="b"),
        "never_negative": answer(numbers="d"),
        "squared": answer(labels="e", yes_no="e"),
    }


def output_units(draw):
    """How many units four output layers have; all numbers are different."""
    k, labels, corners = draw.integer(5, 12), draw.integer(13, 30), draw.integer(3, 4)
    return {
        "classes": k,
        "labels": labels,
        "corners": corners,
        "right": [k, labels, 1, 2 * corners],
        "two_sigmoids": [k, labels, 2, 2 * corners],
        "class_number": [1, labels, 1, 2 * corners],
        "one_label": [k, 1, 1, 2 * corners],
        "unit_per_corner": [k, labels, 1, corners],
    }


def _times(A, B):
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*B, strict=True)] for row in A]


def collapse(draw):
    """Two layers of small whole numbers, in which each slip leads to other weights."""
    while True:
        W1 = [[draw.integer(-4, 4) for _ in range(2)] for _ in range(2)]
        W2 = [[draw.integer(-4, 4)] for _ in range(2)]
        b1, b2 = [draw.integer(-5, 5) for _ in range(2)], draw.integer(-5, 5)
        W, passed = [row[0] for row in _times(W1, W2)], _times([b1], W2)[0][0]
        turned = [row[0] for row in _times(zip(*W1, strict=True), W2)]
        answers = {
            "right": [*W, passed + b2],
            "last_bias": [*W, b2],
            "added": [*W, sum(b1) + b2],
            "no_last_bias": [*W, passed],
            "columns": [*turned, passed + b2],
        }
        flat = [*W1[0], *W1[1], *b1, W2[0][0], W2[1][0], b2]
        if 0 not in flat and 0 not in W and len({tuple(one) for one in answers.values()}) == len(answers):
            return {"W1": W1, "b1": b1, "W2": W2, "b2": [b2], **answers}


def count(draw):
    """Sizes of a network and of a batch, no two of them alike."""
    while True:
        sizes, m = [draw.integer(3, 9) for _ in range(3)] + [draw.integer(2, 4)], draw.integer(10, 25)
        if len({*sizes}) == 4:
            n0, n1, n2, n3 = sizes
            return {
                "n0": n0,
                "n1": n1,
                "n2": n2,
                "n3": n3,
                "m": m,
                "right": [m * (n1 + n2), m * n3],
                "one_row": [n1 + n2, n3],
                "inputs_too": [m * (n0 + n1 + n2), m * n3],
                "one_per_row": [m * (n1 + n2), m],
                "last_hidden": [m * n2, m * n3],
                "weights": [n0 * n1 + n1 * n2, n2 * n3],
            }


def _units(draw, x, order):
    """Pairs (w, b) that do at the samples x what the letters say; no z is 0."""
    units = []
    while len(units) < len(order):
        w, b = draw.choice((-3, -2, -1, 1, 2, 3)), draw.integer(-12, 12)
        on = [w * one + b > 0 for one in x]
        kind = "b" if all(on) else "c" if any(on) else "a"
        clear = all(w * one + b for one in x) and b and (w, b) not in units
        units += [(w, b)] if clear and kind == order[len(units)] else []
    return units


def dead(draw):
    """Four units of one input: always silent, always on, and on for some samples; signs alone tell none of it."""
    while True:
        order = []
        for kind in ("a", "b", "c", draw.choice("abc")):
            order.insert(draw.integer(0, len(order)), kind)
        x = [-draw.integer(1, 2), draw.integer(1, 3), draw.integer(4, 6)]
        units = _units(draw, x, order)
        answers = {
            "right": order,
            "any_silent": ["a" if kind == "c" else kind for kind in order],
            "any_on": ["b" if kind == "c" else kind for kind in order],
            "mirrored": [{"a": "b", "b": "a", "c": "c"}[kind] for kind in order],
            "by_weight": ["ba"[w < 0] for w, _ in units],
            "by_bias": ["ba"[b < 0] for _, b in units],
        }
        if len({tuple(one) for one in answers.values()}) == len(answers):
            lines = [f"    {i}  z = {w} x {'+-'[b < 0]} {abs(b)}" for i, (w, b) in enumerate(units, 1)]
            return {"x": x, "units": "\n".join(lines)} | {name: " ".join(one) for name, one in answers.items()}
