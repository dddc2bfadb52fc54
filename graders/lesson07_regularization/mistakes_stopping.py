"""Wrong implementations of stopping.py, as students write them."""

import math

from nnedu.checking import mistake


class _Right:
    """What the mistakes below share: everything but the slip."""

    def __init__(self, patience=7, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.best_epoch = math.inf, None
        self.epoch, self.counter, self.stopped = -1, 0, False

    def improves(self, val_loss):
        return val_loss < self.best - self.min_delta

    def improved(self, val_loss):
        self.best, self.best_epoch, self.counter = val_loss, self.epoch, 0

    def waits_too_long(self):
        return self.counter >= self.patience

    def __call__(self, val_loss):
        self.epoch += 1
        if self.improves(val_loss):
            self.improved(val_loss)
        else:
            self.counter += 1
        self.stopped = self.stopped or self.waits_too_long()
        return self.stopped


@mistake(
    "EarlyStopping",
    "an equal loss counts as an improvement",
    hints=(
        "If the loss stays at 1.0 for fifty epochs, is there progress?",
        "An improvement is val_loss < best - min_delta, strictly. With min_delta = 0 an equal loss is none.",
        "Look at your comparison: what does it say when both sides are the same?",
    ),
)
class EqualImproves(_Right):
    def improves(self, val_loss):
        return val_loss <= self.best - self.min_delta


@mistake(
    "EarlyStopping",
    "only a larger loss counts as bad, so that equal losses and nan count as improvements",
    hints=(
        "Call it with 1.0 fifty times, and then with nan fifty times. Does it ever stop?",
        (
            "Asking for the bad case, val_loss > best - min_delta, leaves all else to the good one: equality, and nan, "
            "with which every comparison is False."
        ),
        "Ask for the improvement itself, with a strict comparison, and let everything else be the other branch.",
    ),
)
class TutorialForm(_Right):
    def improves(self, val_loss):
        return self.best_epoch is None or not val_loss > self.best - self.min_delta


@mistake(
    "EarlyStopping",
    "the count of bad epochs does not start again after an improvement",
    hints=(
        "Two bad epochs, a new best loss, one bad epoch: how long has it been without progress?",
        "`patience` losses in a row must be no better. An improvement interrupts the row.",
        "Where you store a new best loss, there is one more thing to set back.",
    ),
)
class NeverResets(_Right):
    def improved(self, val_loss):
        self.best, self.best_epoch = val_loss, self.epoch


@mistake(
    "EarlyStopping",
    "each loss is compared with the last one instead of the best one",
    hints=(
        "Give it 1.0, 0.5, 0.75, 0.625, 0.875, 0.75. Which of these is progress?",
        "The comparison is with best, the loss of the last improvement; a loss that is no improvement leaves it alone.",
        "Store a loss only when it has beaten the stored one.",
    ),
)
class ComparesWithLast(_Right):
    def __init__(self, patience=7, min_delta=0.0):
        super().__init__(patience, min_delta)
        self.last = math.inf

    def improves(self, val_loss):
        last, self.last = self.last, val_loss
        return val_loss < last - self.min_delta


@mistake(
    "EarlyStopping",
    "it waits for one epoch more than patience",
    hints=(
        "With patience = 1, how many losses without improvement should it take?",
        (
            "When `patience` calls in a row have brought no improvement, the last of them returns True: the "
            "count has reached it."
        ),
        "Is your comparison of the count with patience strict?",
    ),
)
class OneLate(_Right):
    def waits_too_long(self):
        return self.counter > self.patience


@mistake(
    "EarlyStopping",
    "min_delta has the wrong sign: a loss that is a little worse counts as an improvement",
    hints=(
        "Does a larger min_delta make it harder or easier for a loss to count as an improvement?",
        "val_loss < best - min_delta: a loss has to be better than the best one by more than min_delta.",
        "Move the bar down by min_delta, not up.",
    ),
)
class DeltaWrongSign(_Right):
    def improves(self, val_loss):
        return val_loss < self.best + self.min_delta


@mistake(
    "EarlyStopping",
    "min_delta is not used",
    hints=(
        "Try min_delta = 0.125 and losses that fall by 0.01 each time. Should it go on?",
        "An improvement is val_loss < best - min_delta.",
        "Subtract min_delta from the best loss before you compare.",
    ),
)
class DeltaIgnored(_Right):
    def improves(self, val_loss):
        return val_loss < self.best


@mistake(
    "EarlyStopping",
    "nan is skipped as if there had been no epoch without improvement",
    hints=(
        "Training has diverged and every loss is nan. When does it stop?",
        "nan is no improvement, so it counts like any other bad loss.",
        "Treat nan like any loss: a comparison with it is False, and the branch for bad losses is the right one.",
    ),
)
class SkipsNan(_Right):
    def __call__(self, val_loss):
        if math.isnan(val_loss):
            self.epoch += 1
            return self.stopped
        return super().__call__(val_loss)


@mistake(
    "EarlyStopping",
    "nan is taken for an improvement, and then nothing can be worse",
    hints=(
        "What do nan < 1.0, nan >= 1.0 and 1.0 >= nan give?",
        (
            "Every comparison with nan is False. If False means an improvement, nan becomes best, and so does "
            "all that follows."
        ),
        "Ask whether the loss is better, not whether it is as bad; then nan falls on the right side by itself.",
    ),
)
class NanImproves(_Right):
    def improves(self, val_loss):
        return not val_loss >= self.best - self.min_delta


@mistake(
    "EarlyStopping",
    "epochs are counted from 1",
    hints=(
        "Which number has the first call?",
        (
            "best_epoch is the number of the call that brought the best loss, counted from 0, like an index "
            "of a list of losses."
        ),
        "Raise the counter of the epochs after it has been used, or start one lower.",
    ),
)
class CountsFromOne(_Right):
    def __init__(self, patience=7, min_delta=0.0):
        super().__init__(patience, min_delta)
        self.epoch = 0


@mistake(
    "EarlyStopping",
    "best_epoch is the last epoch instead of the best one",
    hints=(
        "After losses of 2.0, 1.0 and 1.5, which parameters would you go back to?",
        "best_epoch changes together with best, in the case of an improvement and in no other.",
        "Let both attributes be stored in the same branch.",
    ),
)
class LastEpoch(_Right):
    def __call__(self, val_loss):
        stop = super().__call__(val_loss)
        if self.best_epoch is not None:
            self.best_epoch = self.epoch
        return stop


@mistake(
    "EarlyStopping",
    "best is the smallest loss, also where it was no improvement",
    hints=(
        "With min_delta = 0.125, losses 1.0, 0.95, 0.9, 0.85: what is best after each of them?",
        (
            "best is the loss of the last improvement, val_loss < best - min_delta. A bar that follows every small "
            "step can never be beaten by a slow creep."
        ),
        "Move the bar only where the loss has beaten it by more than min_delta.",
    ),
)
class BarCreeps(_Right):
    def __call__(self, val_loss):
        stop = super().__call__(val_loss)
        self.best = min(self.best, val_loss)
        return stop


@mistake(
    "EarlyStopping",
    "it goes on again when an improvement comes after it has stopped",
    hints=(
        "After it has said True once, may a later call say False?",
        "Once `patience` losses in a row have brought nothing, every call returns True, whatever its loss.",
        "Remember that it has stopped, and let that decide before the count does.",
    ),
)
class StartsAgain(_Right):
    def __call__(self, val_loss):
        super().__call__(val_loss)
        return self.waits_too_long()
