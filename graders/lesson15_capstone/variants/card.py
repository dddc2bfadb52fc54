"""Right cards, written differently."""

import numpy as np
from card import next_steps_card
from nnedu.checking import variant


@variant("next_steps_card", "a tuple of topics, NumPy scalars, and a question at the end")
def with_scalars():
    return {
        "experiment": "Does a generator of digits learn faster\nwith batch normalisation in both of its networks?",
        "next": "GAN",
        "result": {"accuracy": np.float64(1.0), "steps": np.int64(300), "seed": np.int32(15), "task": "reverse"},
        "learnt": ("Convolution", "dropout", "Why a test set is looked at once"),
    }


@variant("next_steps_card", "an int where the share is 1")
def with_an_int():
    found = next_steps_card()
    return {**found, "next": "VAE", "result": {**found["result"], "accuracy": 1}}


@variant("next_steps_card", "another topic")
def of_games():
    return {**next_steps_card(), "next": "RL", "experiment": "Let a net learn to balance a pole, and count the steps!"}
