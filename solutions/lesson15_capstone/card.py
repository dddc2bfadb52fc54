"""A card for your way on: what you take along, what you have measured, and what you want to try next."""

import numpy as np
from tasks import LENGTH, VOCAB, sample
from transformer import MiniTransformer


def measure(task: str, seed: int, steps: int) -> float:
    """Train your MiniTransformer and return the share of symbols that it gets right. Given: this is the measurement.

    The model has d_model = 32 and 4 heads, and is trained with default_rng(seed). Then it is asked for 500 sequences
    that default_rng(seed + 1) draws, and its answers are compared with the targets, symbol by symbol.
    """
    model = MiniTransformer(VOCAB, 32, 4, LENGTH)
    model.fit(task, np.random.default_rng(seed), steps)
    ids, targets = sample(task, np.random.default_rng(seed + 1), 500)
    return float(np.mean(model.predict(ids) == targets))


def next_steps_card() -> dict[str, object]:
    """Return your card, a dict with four keys.

    - `learnt`: a list of three topics of this course that you could now explain to somebody, three different texts;
    - `result`: one result of your own MiniTransformer, a dict with `task` (of TASKS), `seed` (an int from 0), `steps`
      (an int from 1 to 1000) and `accuracy`, the float that measure(task, seed, steps) returned, with all its digits.
      Whether it is high does not matter here; that it is true does;
    - `next`: what you want to learn next, one of "GAN", "VAE", "RL" (reinforcement learning) and "LLM";
    - `experiment`: the first experiment that you would make there, in a sentence: what you do, and what you measure.

    Write the number down. Do not train in here.

    Examples:
        >>> sorted(next_steps_card())
        ['experiment', 'learnt', 'next', 'result']
    """
    return {
        "learnt": ["backpropagation", "attention", "how to test a gradient"],
        "result": {"task": "reverse", "seed": 15, "steps": 300, "accuracy": 1.0},
        "next": "LLM",
        "experiment": "Train the block with a causal mask on the names of rivers, and measure the loss on new ones.",
    }
