"""Right answers to tuning.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("config", "Adam")
def with_adam():
    return {
        "dims": (64, 150, 10),
        "init": "he",
        "optimizer": "adam",
        "lr": 0.005,
        "schedule": "cosine",
        "batch_size": 32,
        "epochs": 34,
    }


@variant("config", "gradient descent with a high rate that falls")
def with_sgd():
    return {
        "dims": [64, 128, 10],
        "init": "xavier",
        "optimizer": "sgd",
        "lr": 0.7,
        "schedule": "cosine",
        "batch_size": 32,
        "epochs": 41_000 // 1198,
    }


@variant("config", "small batches, and numbers of numpy's types")
def with_small_batches():
    return {
        "dims": [np.int64(64), 128, 10],
        "init": "he",
        "optimizer": "momentum",
        "lr": np.float64(0.05),
        "schedule": "cosine",
        "batch_size": np.int64(16),
        "epochs": 34,
    }
