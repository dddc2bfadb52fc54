"""A plain recurrent network: one step, all steps, and backpropagation through time.

X (m, T, n) holds m sequences of T steps with n numbers each; a state h (m, d) is handed on from step to step.
"""

import numpy as np


def rnn_step_forward(x: np.ndarray, h_prev: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the next state of a plain recurrent network.

        h = tanh(x @ Wx + h_prev @ Wh + b)

    Args:
        x: the input of this step, one sequence in each row, shape (m, n).
        h_prev: the state before it, shape (m, d).
        Wx: weights of the input, shape (n, d).
        Wh: weights of the state, shape (d, d).
        b: the bias, shape (d,). There is one, not one for each product.

    Returns:
        The new state, shape (m, d). No argument is changed.

    Examples:
        >>> x, h_prev = np.array([[1.0, 2.0, 0.0]]), np.array([[0.5, -1.0]])
        >>> Wx = np.array([[0.5, 1.0], [0.0, -0.5], [3.0, 3.0]])
        >>> Wh = np.array([[1.0, 0.0], [2.0, 0.5]])
        >>> h = rnn_step_forward(x, h_prev, Wx, Wh, np.array([1.0, 1.0]))  # tanh of [0, 0.5]
        >>> h.round(4).tolist()
        [[0.0, 0.4621]]

    Source: J. L. Elman, "Finding structure in time", 1990.
    """
    return np.tanh(x @ Wx + h_prev @ Wh + b)


def rnn_forward(X: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the states of a plain recurrent network after each of T steps.

        h_t = tanh(x_t @ Wx + h_{t-1} @ Wh + b),    t = 1, ..., T

    Every step uses the same Wx, Wh and b, and the state that the step before has left. In the array x_t is X[:, t - 1],
    and h_t is H[:, t - 1].

    Args:
        X: inputs, shape (m, T, n): sequences first, then time.
        h0: the state before the first step, shape (m, d).
        Wx: shape (n, d).
        Wh: shape (d, d).
        b: shape (d,).

    Returns:
        H, the states h_1, ..., h_T, shape (m, T, d); h0 is not among them. No argument is changed.

    Examples:
        >>> X = np.array([[[1.0], [0.0], [0.0]]])
        >>> H = rnn_forward(X, np.zeros((1, 1)), np.ones((1, 1)), np.full((1, 1), 0.5), np.zeros(1))
        >>> H[0, :, 0].round(4).tolist()
        [0.7616, 0.3634, 0.1797]
    """
    h, states = h0, []
    for t in range(X.shape[1]):
        h = rnn_step_forward(X[:, t], h, Wx, Wh, b)
        states.append(h)
    return np.stack(states, axis=1)


def rnn_backward(
    dH: np.ndarray, X: np.ndarray, h0: np.ndarray, H: np.ndarray, Wx: np.ndarray, Wh: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of all steps of a plain recurrent network: backpropagation through time.

    A loss may look at every state: dH[:, t - 1] is what reaches h_t without passing through later states. The rest
    comes from h_{t+1}. With dz_t the gradient at the argument of tanh, for t = T, ..., 1,

        dh_t = dH_t + dz_{t+1} @ Wh.T,    at t = T without the second term
        dz_t = dh_t · (1 - h_t²)
        dx_t = dz_t @ Wx.T,    and dh0 = dz_1 @ Wh.T

    The weights serve in all steps, so that their gradients are sums over t:

        dWx = Σ x_t.T @ dz_t,    dWh = Σ h_{t-1}.T @ dz_t,    db = Σ of the column sums of dz_t

    Args:
        dH: shape (m, T, d).
        X: the inputs, shape (m, T, n).
        h0: the state before the first step, shape (m, d).
        H: what rnn_forward returned for them, shape (m, T, d).
        Wx: shape (n, d).
        Wh: shape (d, d).

    Returns:
        dX (m, T, n), dh0 (m, d), dWx (n, d), dWh (d, d) and db (d,). Nothing is divided by m or T: the loss has done
        what there is to do. No argument is changed.

    Examples:
        >>> dH, X, h0 = np.array([[[0.0], [4.0]]]), np.array([[[3.0], [1.0]]]), np.array([[1.0]])
        >>> H = np.array([[[0.0], [0.5]]])  # with other numbers than a tanh would give, to see the rule
        >>> dX, dh0, dWx, dWh, db = rnn_backward(dH, X, h0, H, np.array([[1.0]]), np.array([[2.0]]))
        >>> dX.tolist(), dh0.tolist(), dWx.tolist(), dWh.tolist(), db.tolist()
        ([[[6.0], [3.0]]], [[12.0]], [[21.0]], [[6.0]], [9.0])

    Source: P. J. Werbos, "Backpropagation through time: what it does and how to do it", 1990.
    """
    dZ, dh_next = np.empty(H.shape), np.zeros(h0.shape)
    for t in reversed(range(H.shape[1])):
        dZ[:, t] = (dH[:, t] + dh_next) * (1.0 - H[:, t] ** 2)
        dh_next = dZ[:, t] @ Wh.T
    H_prev = np.concatenate([h0[:, None], H[:, :-1]], axis=1)
    dWx, dWh = (np.einsum("mtp,mtq->pq", entered, dZ) for entered in (X, H_prev))
    return dZ @ Wx.T, dh_next, dWx, dWh, dZ.sum(axis=(0, 1))
