"""An optimizer: an update rule together with everything that it remembers, for all parameters of a network.

The four rules are those of updates.py. Import them, or write them here once more.
"""

import numpy as np


class Optimizer:
    """Moves all parameters of a network, one call of `step` at a time.

    `kind` is "sgd", "momentum", "rmsprop" or "adam", `lr` the learning rate. The other hyperparameters are given by
    name, with the defaults of updates.py: `beta` (momentum, rmsprop), `beta1` and `beta2` (adam), `eps` (rmsprop and
    adam).

    `step(params, grads)` takes two dicts with the same keys, an array and its gradient under each, and returns a dict
    of the new arrays. It changes neither dict, nor an array in them. The optimizer remembers, from step to step,

    - for each key the arrays of its rule (velocity; s; m and v), float64, of the parameter's shape, zero at first;
    - how many steps there have been: t is 1 in the first call of `step`, for every key, then 2, and so on.

    Examples:
        >>> optimizer = Optimizer("momentum", lr=0.25, beta=0.5)
        >>> params = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
        >>> grads = {"W": np.array([[2.0, 0.0]]), "b": np.array([-4.0])}
        >>> params = optimizer.step(params, grads)
        >>> params = optimizer.step(params, grads)
        >>> params["W"].tolist(), params["b"].tolist()
        ([[-0.25, 2.0]], [5.5])

    Raises ValueError if the kind is unknown.

    Source: D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, and the sources of updates.py.
    """

    def __init__(self, kind: str, lr: float, **hyper: float) -> None:
        raise NotImplementedError

    def step(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the parameters after one more step."""
        raise NotImplementedError
