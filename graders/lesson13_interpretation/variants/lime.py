"""Right implementations of lime.py, written differently."""

import numpy as np
from nnedu.checking import variant


@variant("lime_explain", "by the normal equations, with a small ridge on coef")
def normal_equations(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = rng.normal(x, sigma, size=(n_samples, len(x)))
    w = np.exp(-((Z - x) ** 2).sum(axis=1) / kernel_width**2)
    A = np.hstack([Z, np.ones((n_samples, 1))])
    ridge = 1e-3 * np.diag(np.append(np.ones(len(x)), 0.0))
    line = np.linalg.solve(A.T @ (w[:, None] * A) + ridge, A.T @ (w * f(Z)))
    return line[:-1].copy(), line[-1]


@variant("lime_explain", "with weighted means taken off, and x itself among the samples")
def centred(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = np.vstack([x, x + sigma * rng.standard_normal((n_samples, x.size))])
    w = np.exp(-(np.linalg.norm(Z - x, axis=1) ** 2) / kernel_width**2)
    w = w / w.sum()
    y = f(Z)
    D, e = Z - w @ Z, y - w @ y
    coef = np.linalg.pinv((D * w[:, None]).T @ D) @ ((D * w[:, None]).T @ e)
    return coef, float(w @ y - w @ Z @ coef)


@variant("lime_explain", "one sample after the other, by QR")
def by_qr(f, x, rng, n_samples=2000, sigma=0.5, kernel_width=0.75):
    Z = np.array([x + sigma * rng.normal(size=len(x)) for _ in range(n_samples)])
    root = np.array([np.exp(-0.5 * (z - x) @ (z - x) / kernel_width**2) for z in Z])
    Q, R = np.linalg.qr(np.column_stack([root, root[:, None] * (Z - x)]))
    line = np.linalg.solve(R, Q.T @ (root * f(Z)))
    return line[1:], line[0] - line[1:] @ x
