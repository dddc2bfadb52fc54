"""Right answers to stopping.py, written differently."""

import math
from dataclasses import dataclass, field

import numpy as np
from nnedu.checking import variant


@variant("EarlyStopping", "with a counter, and with None for the best loss at the start")
class WithCounter:
    def __init__(self, patience=7, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.counter = 0
        self.epoch = 0
        self.best = None
        self.best_epoch = None
        self.early_stop = False

    def __call__(self, val_loss):
        first = self.best is None and not math.isnan(val_loss)
        if first or (self.best is not None and self.best - val_loss > self.min_delta):
            self.best = val_loss
            self.best_epoch = self.epoch
            self.counter = 0
        else:
            self.counter += 1
            if self.counter >= self.patience:
                self.early_stop = True
        self.epoch += 1
        return self.early_stop


@variant("EarlyStopping", "from the list of all losses")
class WithHistory:
    def __init__(self, patience=7, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.losses = []

    @property
    def best_epoch(self):
        return self._look()[0]

    @property
    def best(self):
        return self._look()[1]

    def _look(self):
        epoch, best, stop, waited = None, np.inf, False, 0
        for i, loss in enumerate(self.losses):
            waited += 1
            if best - self.min_delta > loss:
                epoch, best, waited = i, loss, 0
            stop |= waited == self.patience
        return epoch, best, stop

    def __call__(self, val_loss):
        self.losses.append(val_loss)
        return self._look()[2]


@variant("EarlyStopping", "as a dataclass, by the distance of two epochs")
@dataclass
class WithDistance:
    patience: int = 7
    min_delta: float = 0.0
    best: float = field(default=float("inf"), init=False)
    best_epoch: int | None = field(default=None, init=False)
    calls: int = field(default=0, init=False)
    stop: bool = field(default=False, init=False)

    def __call__(self, val_loss):
        if np.less(val_loss, self.best - self.min_delta):
            self.best, self.best_epoch = float(val_loss), self.calls
        self.calls += 1
        waited = self.calls if self.best_epoch is None else self.calls - 1 - self.best_epoch
        self.stop = np.bool_(self.stop or waited >= self.patience)
        return self.stop
