"""The trainings whose curves diagnose_curves shows: each has the fault that it is named for, and no other."""

import numpy as np

EPOCHS = (0, 1, 2, 5, 10, 20, 40, 60)
RUNS = 6
BATCHES_OF = 2
FAULTS = {
    "lr_high": {"kind": "tanh", "lr": 20.0},
    "lr_low": {"lr": 0.0004},
    "overfit": {"m": 24, "dims": (2, 128, 1), "lr": 0.15, "wrong": 0.2, "batch": 6, "times": 10},
    "vanish": {"kind": "sigmoid", "dims": (2, *8 * (16,), 1)},
    "dead_relu": {"bias": -9.0},
    "not_shuffled": {"sort": True, "lr": 3.0, "kind": "tanh"},
    "eval_mode": {"keep": 0.5},
    "label_bug": {"other_labels": True},
    "plateau_ln2": {"kind": "tanh", "dims": (2, 10, 8, 6, 1), "spread": 0.01, "lr": 0.05},
    "ok": {},
}
USUAL = {
    "m": 200,
    "dims": (2, 16, 1),
    "kind": "relu",
    "lr": 0.2,
    "batch": 20,
    "bias": 0.0,
    "keep": 1.0,
    "spread": None,
    "sort": False,
    "wrong": 0.0,
    "other_labels": False,
    "times": 1,
}


def moons(rng, count):
    """Two half moons in a random order, standardised."""
    angle, y = rng.uniform(0.0, np.pi, count), rng.permutation(np.arange(count) % 2)
    low = (y == 1)[:, None]
    plane = np.where(low, np.c_[1 - np.cos(angle), 0.5 - np.sin(angle)], np.c_[np.cos(angle), np.sin(angle)])
    return (plane + rng.normal(0.0, 0.2, size=(count, 2)) - [0.5, 0.25]) / [0.87, 0.5], y[:, None].astype(float)


class Run:
    """One training with a fault."""

    def __init__(self, fault, seed):
        self.how, self.rng = USUAL | FAULTS[fault], np.random.default_rng(seed)
        how, rng = self.how, self.rng
        self.X, self.y = moons(rng, how["m"])
        self.X_val, self.y_val = moons(rng, 200)
        flip = rng.permutation(how["m"])[: int(how["wrong"] * how["m"])]
        self.y[flip] = 1.0 - self.y[flip]
        if how["other_labels"]:
            self.y_val = 1.0 - self.y_val if seed % 2 else np.sort(self.y_val, axis=0)
        if how["sort"]:
            order = np.argsort(self.y[:, 0], kind="stable")
            self.X, self.y = self.X[order], self.y[order]
        self.params = []
        for n_in, n_out in zip(how["dims"][:-1], how["dims"][1:], strict=True):
            spread = how["spread"] or np.sqrt((2.0 if how["kind"] == "relu" else 1.0) / n_in)
            self.params.append([rng.normal(0.0, spread, (n_in, n_out)), np.zeros(n_out)])
        for layer in self.params[:-1]:
            layer[1] = layer[1] + how["bias"]

    def forward(self, X):
        """All activations, with dropout where it is on, whoever asks."""
        found = [X]
        for at, (W, b) in enumerate(self.params):
            Z = found[-1] @ W + b
            if at == len(self.params) - 1:
                return [*found, 1.0 / (1.0 + np.exp(-np.clip(Z, -30.0, 30.0)))]
            A = {"relu": np.maximum(Z, 0.0), "tanh": np.tanh(Z), "sigmoid": 1.0 / (1.0 + np.exp(-Z))}[self.how["kind"]]
            keep = self.how["keep"]
            found.append(A * (self.rng.random(A.shape) < keep) / keep if keep < 1.0 else A)
        return found

    def loss(self, X, y):
        """The mean cross-entropy."""
        P = self.forward(X)[-1]
        return float(-np.mean(np.log(np.where(y > 0.5, P, 1.0 - P))))

    def gradients(self, X, y):
        """The gradients of W and b of each layer."""
        found, grads = self.forward(X), []
        delta = (found[-1] - y) / len(y)
        for at in range(len(self.params) - 1, -1, -1):
            A = found[at]
            grads.append((A.T @ delta, delta.sum(axis=0)))
            slope = {"relu": (A > 0) / self.how["keep"], "tanh": 1 - A**2, "sigmoid": A * (1 - A)}[self.how["kind"]]
            delta = delta @ self.params[at][0].T * slope
        return grads[::-1]

    def epoch(self):
        """Go through all samples, and return the losses of the batches before each step."""
        order = np.arange(len(self.y)) if self.how["sort"] else self.rng.permutation(len(self.y))
        losses = []
        for at in range(0, len(order), self.how["batch"]):
            batch = order[at : at + self.how["batch"]]
            losses.append(self.loss(self.X[batch], self.y[batch]))
            for layer, grads in zip(self.params, self.gradients(self.X[batch], self.y[batch]), strict=True):
                layer[:] = [value - self.how["lr"] * grad for value, grad in zip(layer, grads, strict=True)]
        return losses

    def record(self):
        """Train, and return what is shown: rows for some epochs, measures at the end, batches of one epoch."""
        rows, batches = [], []
        for epoch in range(EPOCHS[-1] + 1):
            if epoch in EPOCHS:
                right = np.mean((self.forward(self.X_val)[-1] > 0.5) == (self.y_val > 0.5))
                rows.append((self.loss(self.X, self.y), self.loss(self.X_val, self.y_val), float(right)))
            for _ in range(self.how["times"]):
                losses = self.epoch()
            batches = losses if epoch == BATCHES_OF else batches
        grads = self.gradients(self.X, self.y)
        norms = [float(np.linalg.norm(grads[at][0])) for at in (0, -1)]
        silent = int(np.sum(np.all(self.forward(self.X)[1] == 0.0, axis=0)))
        twice = [self.loss(self.X_val, self.y_val) for _ in range(2)]
        return rows, norms, (silent, self.how["dims"][1]), twice, batches


def line(fault, seed):
    """One case, as it stands in quiz_numbers.py."""
    rows, norms, silent, twice, batches = Run(fault, seed).record()
    shown = zip(zip(*rows, strict=True), (4, 4, 2), strict=True)
    columns = [" ".join(f"{value:.{places}f}" for value in column) for column, places in shown]
    ends = [" ".join(f"{one:.1e}" if one else "0" for one in norms), f"{silent[0]} {silent[1]}"]
    measured = [" ".join(f"{one:.4f}" for one in twice), " ".join(f"{one:.2f}" for one in batches)]
    return "|".join([*columns, *ends, *measured])


def bank():
    """All cases."""
    return {fault: [line(fault, 100 * at + seed) for seed in range(1, RUNS + 1)] for at, fault in enumerate(FAULTS)}


if __name__ == "__main__":
    for name, cases in bank().items():
        print(f'    "{name}": (')  # noqa: T201
        for one in cases:
            print(f'        "{one}",')  # noqa: T201
        print("    ),")  # noqa: T201
