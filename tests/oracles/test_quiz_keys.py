"""The keys of drawn quiz questions, worked out anew from what a student reads, also under other keys of the course."""

import itertools
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from lesson11_curves import bank
from oracle_registry import COURSE, solutions
from scipy.optimize import brentq, linprog

from nnedu.course.quiz import load_quizzes

LESSONS = ("2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "13", "15")
KEYS = (COURSE.key, "another", "and one more")
ANSWERS = {}
CUBE = np.array(list(itertools.product((0, 1), repeat=3)))
ON_THE_CUBE = {
    "two or three are 1": CUBE.sum(axis=1) >= 2,
    "the second is 1": CUBE[:, 1] == 1,
    "one or three are 1": CUBE.sum(axis=1) % 2 == 1,
    "all are equal": CUBE.sum(axis=1) % 3 == 0,
}
SORTS = {  # words that tell the sort of a task
    "a": ("whether", "which of .* findings", "instruments", "genres", "dishes"),
    "b": ("the one bird", "letters", "just one", "wins"),
    "c": ("degrees", "euros", "minutes", "metres"),
}


def answer(function):
    """Enter what answers the question of that name from its text, or from the numbers in it."""
    ANSWERS[function.__name__] = function
    return function


def numbers(text):
    return [float(one) for one in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", text)]


def lines(text):
    return re.findall(r"^    \d  (.*)$", text, re.MULTILINE)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@answer
def before_and_after(text):
    _, *w, b, x1, x2, y1, y2 = numbers(text)
    X = np.array([[x1, x2], [y1, y2]])
    fires = solutions("2").perceptron.perceptron_predict(X, np.array(w), b)
    return np.column_stack([X @ w + b, fires]).ravel()


@answer
def one_epoch(text):
    *rows, w1, w2, b, lr = numbers(text)
    w = np.array([w1, w2])
    for x1, x2, y in np.reshape(rows, (4, 3)):
        w, b = solutions("2").perceptron.perceptron_step(w, b, np.array([x1, x2]), int(y), lr)
    return [*w, b]


@answer
def bound(text):
    _, _, _, R, gamma, _ = numbers(text)
    return [(R / gamma) ** 2]


def points(text):
    """The points of a set, a row each, and whether each is on."""
    if " on where " in text:
        return CUBE, ON_THE_CUBE[text.partition(" on where ")[2]]
    at, is_on = [], []
    for part in re.split(r", (?=on at|off at)", text.rpartition(": ")[2]):
        found = re.findall(r"\(([^)]*)\)", part) or re.findall(r"-?\d+", part)
        at += [[float(one) for one in point.split(",")] for point in found]
        is_on += [part.startswith("on")] * len(found)
    return np.array(at), np.array(is_on)


@answer
def separable(text):
    found = ""
    for one in lines(text):
        at, is_on = points(one)
        assert 0 < is_on.sum() < len(at)
        side = np.where(is_on, -1.0, 1.0)[:, None] * np.column_stack([at, np.ones(len(at))])
        possible = linprog(np.zeros(side.shape[1]), A_ub=side, b_ub=-np.ones(len(at)), bounds=(None, None))
        found += {0: "a", 2: "b"}[possible.status]
    return found


@answer
def output_layers(text):
    sorts = [[sort for sort, words in SORTS.items() if re.search("|".join(words), one)] for one in lines(text)]
    assert [len(one) for one in sorts] == [1] * 5
    return "".join(one[0] for one in sorts)


@answer
def output_units(text):
    return [number * (1 + ("as x and y" in one)) for one in lines(text) for number in numbers(one) or [1.0]]


@answer
def collapse(text):
    W1, b1, W2, b2 = np.split(numbers(text), [4, 6, 8])
    W1, W2 = W1.reshape(2, 2), W2.reshape(2, 1)
    at_0 = (b1 @ W2 + b2).item()
    return [*((np.eye(2) @ W1 + b1) @ W2 + b2 - at_0).ravel(), at_0]


@answer
def count(text):
    n0, n1, n2, n3, m = map(int, numbers(text))
    Z1 = np.ones((m, n0)) @ np.ones((n0, n1))
    Z2 = Z1 @ np.ones((n1, n2))
    return [Z1.size + Z2.size, (Z2 @ np.ones((n2, n3))).size]


@answer
def dead(text):
    x = np.array(numbers(text.partition("x = ")[2].partition("]")[0].lstrip("[")))
    units = [re.fullmatch(r"z = (-?\d+) x ([+-]) (\d+)", one).groups() for one in lines(text)]
    on = [solutions("3").activations.relu_derivative(int(w) * x + int(sign + b)).mean() for w, sign, b in units]
    return "".join("a" if one == 0 else "b" if one == 1 else "c" for one in on)


@answer
def hidden_layer(text):
    x, W, b = np.split(numbers(text)[:11], [2, 8])
    Z = x @ W.reshape(2, 3) + b
    return [*Z, *solutions("3").activations.relu(Z)]


@answer
def output_layer(text):
    a, w, b, y = np.split(numbers(text), [3, 6, 7])
    z = (a @ w + b).item()
    loss = solutions("4").losses.binary_cross_entropy(y[:, None], np.array([[sigmoid(z)]]))
    return [z, sigmoid(z), loss]


@answer
def parameters(text):
    sizes = [int(one) for one in numbers(text)]
    return [sum(one.size for one in solutions("4").forward.init_params(sizes, np.random.default_rng(0)).values())]


@answer
def shapes(text):
    m, n0, n1 = (int(one) for one in numbers(text)[:3])
    params = solutions("4").forward.init_params([n0, n1], np.random.default_rng(0))
    turned = {"W1": params["W1"].T, "b1": params["b1"][:, None]}
    Z, _ = solutions("4").forward.mlp_forward(np.ones((m, n0)), params, output="linear")
    Z_c, _ = solutions("4").columns.mlp_forward_columns(np.ones((n0, m)), turned)
    assert Z_c.shape == Z.T.shape
    return [*params["W1"].shape, *Z.shape, *turned["W1"].shape, *turned["b1"].shape, *Z_c.shape]


@answer
def first_loss(text):
    _, K = (int(one) for one in numbers(text)[:2])
    one_of = solutions("4").losses.cross_entropy_from_logits(np.zeros((1, K)), np.zeros(1, dtype=int))
    each = solutions("4").losses.binary_cross_entropy(np.eye(1, K), np.full((1, K), 0.5))
    return [one_of, K * each]


@answer
def output_delta(text):
    a2, y = float(re.search(r"a2 = ([\d.]+) for", text)[1]), int(re.search(r"label y = ([01])", text)[1])
    h = 1e-7
    z = np.log(a2 / (1 - a2)) + np.array([h, -h])
    loss = -(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z)))
    return [(loss[0] - loss[1]) / (2 * h)]


@answer
def hidden_gradient(text):
    found = [[float(one) for one in part.split(",")] for part in re.findall(r"= \[([^]]*)\]", text)]
    x, z1, w2 = map(np.array, found)
    dz2 = float(re.search(r"dz2 = (-?[\d.]+) has", text)[1])
    dZ1 = solutions("5").gradients.relu_backward(dz2 * w2[None], z1[None])
    return np.outer(x, dZ1[0]).ravel()


@answer
def updated_weight(text):
    w, a1, dz2, lr = (float(one) for one in re.findall(r"(?:is|=|rate) (-?\d+\.\d+)", text))
    _, dW, _ = solutions("5").gradients.linear_backward(np.array([[dz2]]), np.array([[a1]]), np.array([[w]]))
    return [solutions("6").updates.sgd_update(np.array([[w]]), dW, lr)[0, 0]]


@answer
def two_momentums(text):
    beta, eta = (float(one) for one in re.findall(r"[βη] = (\d\.\d+)", text))
    lr = eta / (1 - beta)
    w, v, w_course, v_course = 1.0, 0.0, np.array([1.0]), np.zeros(1)
    for g in (0.3, -0.2, 0.7):
        v = beta * v + (1 - beta) * g
        w -= lr * v
        w_course, v_course = solutions("6").updates.momentum_update(w_course, np.array([g]), v_course, eta, beta)
    assert abs(w - w_course[0]) < 1e-12
    return [lr]


@answer
def updates_per_epoch(text):
    m, size = map(int, re.findall(r"\d+", text))
    X = np.zeros((m, 1))
    return [len(list(solutions("6").batches.minibatches(X, X, size, np.random.default_rng(0))))]


@answer
def first_adam_step(text):
    g, lr = float(re.search(r"gradient (-?[\d.]+)", text)[1]), float(re.search(r"lr = ([\d.]+)", text)[1])
    after = solutions("6").updates.adam_update(np.zeros(1), np.array([g]), np.zeros(1), np.zeros(1), 1, lr)[0]
    return [round(abs(after[0]), 8)]


@answer
def inverted_dropout(text):
    a, keep = (float(re.search(rf"{name} (\d+\.\d+)", text)[1]) for name in ("activation", "keep_prob ="))
    out, _ = solutions("7").dropout.dropout_forward(np.full((1000, 200), a), keep, np.random.default_rng(0))
    assert abs(float(out.mean()) - a) < 0.02 * a
    return [out.max(), a]


@answer
def running_variance(text):
    m, biased = int(re.search(r"m = (\d+)", text)[1]), float(re.search(r"variance ([\d.]+),", text)[1])
    values = np.linspace(-1, 1, m)
    values *= np.sqrt(biased / values.var())
    return [values.var(ddof=1)]


@answer
def receptive_field(text):
    kernels = [int(one) for one in re.findall(r"(\d) x \d", text)]
    s1, p = int(re.search(r"with\s+stride\s+(\d)", text)[1]), int(re.search(r"k = (\d)", text)[1])
    layers = [(kernels[0], s1), (p, p), (kernels[1], 1), (kernels[2], 1)]

    def seen(place):
        """The pixels that a number of the fourth layer depends on, by the gradient of sums of windows."""
        sides = [150]
        for k, stride in layers:
            sides.append(solutions("8").convolution.conv_output_shape(sides[-1], 1, k, 1, stride)[0])
        d = np.zeros((1, 1, sides[-1], 1))
        d[0, 0, place] = 1.0
        for (k, stride), side in zip(layers[::-1], sides[-2::-1], strict=True):
            column = np.zeros((1, 1, side, 1))
            d, _, _ = solutions("8").convolution.conv2d_backward(d, column, np.ones((1, 1, k, 1)), stride)
        return np.flatnonzero(d[0, 0, :, 0])

    first, second = seen(0), seen(1)
    return [len(first), second[0] - first[0]]


@answer
def three_blocks(text):
    X, widths = np.zeros((1, 1, *[int(re.search(r"(\d+) x \d+ pixels", text)[1])] * 2)), []
    convolution, pooling = solutions("8").convolution, solutions("8").pooling
    for channels in map(int, re.findall(r"to (\d+) channels", text)):
        X = convolution.conv2d_forward(X, np.zeros((channels, X.shape[1], 3, 3)), np.zeros(channels), padding=1)
        widths.append(X.shape[3])
        if len(widths) < 3:
            X = pooling.maxpool2d_forward(X)
            widths[-1] = X.shape[3]
    return [*widths, X.mean(axis=(2, 3)).size]


@answer
def radius(text):
    T, a = int(re.search(r"T  = (\d+)", text)[1]), float(re.search(r"X  = ([\d.]+)", text)[1])
    X, Wx = a * np.cos(np.arange(T)).reshape(1, T, 1), np.array([[1.0, 0.5]])

    def first(r, activation):
        Wh = r * np.array([[0.8, -0.6], [0.6, 0.8]])
        return solutions("9").flow.bptt_norms(Wh, X, np.zeros((1, 2)), Wx, np.zeros(2), activation)[0]

    return [brentq(lambda r, name=name: np.log10(first(r, name)) + 3, 0.5, 2.0) for name in ("linear", "tanh")]


@answer
def recurrent_parameters(text):
    n, d = (int(one) for one in re.findall(r"\d+", text)[:2])
    x, h, c = np.ones((1, n)), np.ones((1, d)), np.ones((1, d))
    shapes = [[(n, blocks * d), (d, blocks * d), (blocks * d,)] for blocks in (1, 4)]
    plain, gated = ([np.ones(shape) for shape in one] for one in shapes)
    assert solutions("9").rnn.rnn_step_forward(x, h, *plain).shape == (1, d)
    assert solutions("9").gates.lstm_step_forward(x, h, c, *gated)[1].shape == (1, d)
    return [sum(one.size for one in params) for params in (plain, gated)]


@answer
def shrinking(text):
    steps, below, above = numbers(text)
    X, Wx = np.zeros((1, int(steps) + 1, 1)), np.zeros((1, 1))
    start = np.ones((1, 1)), Wx, np.zeros(1)
    return [solutions("9").flow.bptt_norms(np.array([[w]]), X, *start, "linear")[0] for w in (below, above)]


@answer
def read_the_table(text):
    share = float(re.search(r"places (\d+) %", text)[1])
    rows = [numbers(row) for row in re.findall(r"^ +\d+ .*%$", text, re.MULTILINE)]
    pixel, *_, left = max(rows, key=lambda row: row[3])
    assert left == min(row[4] for row in rows)
    return [pixel, share - left]


@answer
def framework_parameters(text):
    n, d = (int(one) for one in re.findall(r"nn\.Linear\((\d+), (\d+)\)", text)[0])
    layers = [solutions("12").layers.Linear(*sizes, np.random.default_rng(0)) for sizes in ((n, d), (d, d), (d, 10))]
    params = sum(p.size for layer in layers for p in layer.params().values())
    return [params, params + 4 * d + 1]


@answer
def framework_running_variance(text):
    m, var = int(re.search(r"batch of (\d+)", text)[1]), float(re.search(r"by m, is ([\d.]+\d)", text)[1])
    return [0.9 + 0.1 * var, 0.9 + 0.1 * var * m / (m - 1)]


@answer
def claims_pieces(text):
    c, L = int(re.search(r"= (\d+)·x²", text)[1]), int(re.search(r"from 0 to (\d+);", text)[1])
    eps, far = float(re.search(r"at most (\d\.\d+) everywhere", text)[1]), int(re.search(r"at\s+x = (\d+),", text)[1])
    x = np.linspace(0, L, 20_001)
    n = 1
    while np.max(np.interp(x, np.linspace(0, L, n + 1), c * np.linspace(0, L, n + 1) ** 2) - c * x**2) > eps:
        n += 1
    a, b = L - L / n, L
    return [n, abs(c * far**2 - (c * b**2 + (far - b) * (c * b**2 - c * a**2) / (b - a)))]


LETTERS = dict(
    zip(
        (
            "lr_high",
            "lr_low",
            "overfit",
            "vanish",
            "dead_relu",
            "not_shuffled",
            "eval_mode",
            "label_bug",
            "plateau_ln2",
            "ok",
        ),
        "abcdefghij",
        strict=True,
    )
)


@cache
def faults_by_losses():
    """The letter of each case of lesson 11 by its rows of losses: the trainings are run anew."""
    cases = {one: fault for fault, lines in bank().items() for one in lines}
    return {tuple(" ".join(case.split("|")[:2]).split()): LETTERS[fault] for case, fault in cases.items()}


def letters_of_curves(text):
    rows = re.findall(r"^    (?:training|validation) loss +((?:\d+\.\d+ *){8})$", text, re.MULTILINE)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return " ".join(faults_by_losses()[tuple(f"{one} {other}".split())] for one, other in pairs)


for _name in ("rate", "slow", "gap", "flat", "data", "any", "two_flat", "two_more"):
    ANSWERS[f"curves_{_name}"] = letters_of_curves


@answer
def sure_and_wrong(text):
    p = float(re.search(r"σ\(z\) = ([\d.]+)\.", text)[1])
    return [2 * (p - 1), 2 * (p - 1) * p * (1 - p), p - 1]


def drawn(key):
    """Every question of the lessons that is drawn, by its id."""
    lessons = [COURSE.lesson(name) for name in LESSONS]
    quizzes = [quiz for lesson in lessons for quiz in load_quizzes(replace(COURSE, key=key), lesson)]
    return {one.id: one for quiz in quizzes for one in quiz.questions if len(one.variants) > 1}


@pytest.fixture(scope="module")
def questions():
    return [drawn(key) for key in KEYS]


@pytest.mark.parametrize("name", ANSWERS)
def test_the_key_is_what_follows_from_the_text(name, questions):
    """Letters exactly, and numbers to what is asked for: `places`."""
    items = [item for one in questions for item in one[name].variants]
    assert len(items) >= 12 * len(KEYS)
    for item in items:
        expected = ANSWERS[name](item.text)
        typed = "".join(expected) if isinstance(expected, str) else " ".join(f"{one:.12f}" for one in expected)
        assert item.judge(item.asked.read(typed)).right, f"{item.text}\n{item.right}, and not {typed}"


def test_each_slip_is_told_from_the_others(questions):
    for one in questions:
        for question in one.values():
            for item in question.variants:
                found = [item.key, *(known for known, _ in item.distractors)]
                assert len(set(found)) == len(found), f"{question.id}: two answers are the same in\n{item.text}"


def test_every_drawn_question_is_worked_out(questions):
    assert [set(one) for one in questions] == [set(ANSWERS)] * len(KEYS)
