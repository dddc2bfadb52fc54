"""Right implementations of gradients.py, written differently."""

import numpy as np

from nnedu.checking import variant


@variant("linear_backward", "with einsum")
def linear_einsum(dZ, A_prev, W):
    return np.einsum("mk,nk->mn", dZ, W), np.einsum("mn,mk->nk", A_prev, dZ), np.einsum("mk->k", dZ)


@variant("linear_backward", "with loops over the samples")
def linear_loops(dZ, A_prev, W):
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for i in range(len(dZ)):
        dA_prev[i] = W @ dZ[i]
        dW += np.outer(A_prev[i], dZ[i])
        db += dZ[i]
    return dA_prev, dW, db


@variant("linear_backward", "with transposed, Fortran-ordered results")
def linear_transposed(dZ, A_prev, W):
    return (W @ dZ.T).T, (dZ.T @ A_prev).T, np.ones(len(dZ)) @ dZ


@variant("sigmoid_bce_backward", "as a product of the two factors of the chain")
def sigmoid_chain(A, Y):
    dA = (A - Y) / (A * (1 - A)) / (Y.shape[0] * Y.shape[1])
    return dA * A * (1 - A)


@variant("sigmoid_bce_backward", "entry by entry")
def sigmoid_loops(A, Y):
    dZ = np.empty(A.shape)
    for index in np.ndindex(*A.shape):
        dZ[index] = (A[index] - Y[index]) / A.size
    return dZ


@variant("sigmoid_bce_backward", "by the two cases, in Fortran order")
def sigmoid_cases(A, Y):
    return np.asfortranarray((Y * (A - 1) + (1 - Y) * A) / np.prod(A.shape))


@variant("softmax_ce_backward", "row by row with the Jacobian of softmax")
def softmax_jacobian(P, Y):
    m = P.shape[0]
    return np.array([(np.diag(p) - np.outer(p, p)) @ (-y / p) / m for p, y in zip(P, Y, strict=True)])


@variant("softmax_ce_backward", "edits a copy")
def softmax_copy(P, Y):
    dZ = P.copy()
    dZ -= Y
    dZ /= P.shape[0]
    return dZ


@variant("softmax_ce_backward", "with a transposed, non-contiguous result")
def softmax_transposed(P, Y):
    return ((P.T - Y.T) * (1.0 / len(Y))).T


@variant("mse_backward", "from the means of the two arrays")
def mse_terms(y_pred, y_true):
    n = y_pred.size
    return 2 / n * y_pred - 2 / n * y_true


@variant("mse_backward", "entry by entry")
def mse_loops(y_pred, y_true):
    m, k = y_pred.shape
    return np.array([[2 * (y_pred[i, j] - y_true[i, j]) / (m * k) for j in range(k)] for i in range(m)])


@variant("mse_backward", "as a sum of two equal terms, in Fortran order")
def mse_twice(y_pred, y_true):
    error = np.asfortranarray(y_pred - y_true) / np.prod(y_pred.shape)
    return error + error


@variant("relu_backward", "as a product with the mask")
def relu_product(dA, Z):
    return dA * (Z > 0)


@variant("relu_backward", "edits a copy")
def relu_copy(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


@variant("relu_backward", "entry by entry, with a slope of one half at zero")
def relu_loops(dA, Z):
    dZ = np.zeros(Z.shape, order="F")
    for index in np.ndindex(*Z.shape):
        dZ[index] = dA[index] * (np.sign(Z[index]) + 1) / 2
    return dZ
