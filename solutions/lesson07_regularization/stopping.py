"""Early stopping: end training when the validation loss has not improved for a while."""

import math


class EarlyStopping:
    """Watches the validation loss, one call an epoch, and says when to stop.

    `stopper(val_loss)` returns True when training should stop, else False. A loss is an improvement if

        val_loss < best - min_delta

    so an equal loss is none, and neither is nan. When `patience` calls in a row have brought no improvement, the last
    of them returns True, and from then on every call does.

    Two attributes can be read at any time:

    - `best`: the loss of the last improvement, infinity before the first one;
    - `best_epoch`: the number of the call that brought it, counted from 0, and None before the first one.

    Examples:
        >>> stopper = EarlyStopping(patience=2)
        >>> [stopper(val_loss) for val_loss in (1.0, 0.5, 0.75, 0.5)]
        [False, False, False, True]
        >>> stopper.best, stopper.best_epoch
        (0.5, 1)

    Source: L. Prechelt, "Early stopping - but when?", 1998.
    """

    def __init__(self, patience: int = 7, min_delta: float = 0.0) -> None:
        self.patience = patience
        self.min_delta = min_delta
        self.best = math.inf
        self.best_epoch: int | None = None
        self._epoch = -1
        self._waited = 0
        self._stopped = False

    def __call__(self, val_loss: float) -> bool:
        """Take the validation loss of one more epoch, and return whether to stop."""
        self._epoch += 1
        self._waited += 1
        if val_loss < self.best - self.min_delta:
            self.best, self.best_epoch, self._waited = val_loss, self._epoch, 0
        self._stopped = self._stopped or self._waited >= self.patience
        return self._stopped
