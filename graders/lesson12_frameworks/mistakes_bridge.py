"""Wrong implementations of bridge.py, as students write them."""

import numpy as np
from bridge import from_torch, parity_report, to_torch
from nnedu.checking import mistake

_KEYS = ("max_forward_diff", "max_grad_diff")


@mistake(
    "to_torch",
    "the weights are not turned round",
    hints=(
        "What shape has the weight of nn.Linear(2, 3)?",
        "PyTorch computes x @ weight.T + bias: its weight is (n_out, n_in). Where n_in = n_out no shape complains.",
        "Transpose each W.",
    ),
)
def not_transposed(params):
    return {name: (value.T if "weight" in name else value).copy() for name, value in to_torch(params).items()}


@mistake(
    "to_torch",
    "the weights are reshaped to (n_out, n_in) instead of turned round",
    hints=(
        "Which number stands in row 0, column 1 of the weight, and where was it in W?",
        "reshape leaves the numbers in their order and cuts new rows; weight[j, i] should be W[i, j].",
        "Use the transpose.",
    ),
)
def reshapes(params):
    state = to_torch(params)
    for layer in range(1, len(params) // 2 + 1):
        W = params[f"W{layer}"]
        state[f"{2 * layer - 2}.weight"] = W.reshape(W.shape[::-1]).copy()
    return state


@mistake(
    "to_torch",
    "the modules are counted without the ReLUs",
    hints=(
        "In nn.Sequential(Linear, ReLU, Linear), which place has the second Linear?",
        "Each ReLU is a module too. Layer l, whose W_l is (n_in, n_out), stands at 2·l - 2.",
        "Count in steps of two.",
    ),
)
def counts_without_relu(params):
    return {f"{int(name.split('.')[0]) // 2}.{name.split('.')[1]}": v for name, v in to_torch(params).items()}


@mistake(
    "to_torch",
    "the numbers become float32",
    hints=(
        "How many digits of your parameters arrive on the other side?",
        "float32 has about 7 digits. Parity to 1e-10 needs float64 on both sides, in weights (n_out, n_in) and biases.",
        "Leave the dtype as it is.",
    ),
)
def sends_float32(params):
    return {name: value.astype(np.float32) for name, value in to_torch(params).items()}


@mistake(
    "to_torch",
    "the state shares its memory with the parameters",
    hints=(
        "Change an entry of the state. Do the parameters change?",
        "W.T is a view of W, (n_in, n_out): the same numbers in memory, read in another order.",
        "Copy.",
    ),
)
def gives_views(params):
    state = {}
    for layer in range(1, len(params) // 2 + 1):
        state[f"{2 * layer - 2}.weight"] = params[f"W{layer}"].T
        state[f"{2 * layer - 2}.bias"] = params[f"b{layer}"]
    return state


@mistake(
    "from_torch",
    "the weights are not turned back",
    hints=(
        "What shape has W1 in this course?",
        "weight is (n_out, n_in), W is (n_in, n_out). Where both are equal no shape complains.",
        "Transpose each weight.",
    ),
)
def not_transposed_back(state):
    return {name: (value.T if name[0] == "W" else value).copy() for name, value in from_torch(state).items()}


@mistake(
    "from_torch",
    "float32 stays float32",
    hints=(
        "What dtype have your parameters when the state is in float32, PyTorch's default?",
        "This course computes in float64; W (n_in, n_out) and b (n_out,) should be of that dtype.",
        "Say the dtype where you make the arrays.",
    ),
)
def keeps_float32(state):
    dtype = next(iter(state.values())).dtype
    return {name: value.astype(dtype) for name, value in from_torch(state).items()}


@mistake(
    "from_torch",
    "layers are taken in the order in which they stand in the dict",
    hints=(
        "What if 2.weight stands before 0.weight in the state?",
        "The number in the name says which layer it is: module 2·l - 2 holds W_l, (n_in, n_out).",
        "Look each name up.",
    ),
)
def order_of_the_dict(state):
    weights, biases = [v for n, v in state.items() if "weight" in n], [v for n, v in state.items() if "bias" in n]
    params = {}
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True), start=1):
        params[f"W{i}"], params[f"b{i}"] = weight.T.astype(float), bias.astype(float)
    return params


@mistake(
    "from_torch",
    "layers are taken in alphabetical order, in which 10 comes before 2",
    hints=(
        "Try it with twelve layers.",
        "As texts, 10.weight comes before 2.weight; as numbers it does not. Module 2·l - 2 is W_l (n_in, n_out).",
        "Sort by the number, or look each name up.",
    ),
)
def alphabetical(state):
    return order_of_the_dict({name: state[name] for name in sorted(state)})


@mistake(
    "from_torch",
    "the modules' places are kept as the numbers of the layers",
    hints=(
        "Which keys do you return for three layers?",
        "Modules 0, 2, 4 are the layers 1, 2, 3: W_l, (n_in, n_out), comes from module 2·l - 2.",
        "Count the layers from 1.",
    ),
)
def keeps_places(state):
    return {f"{name[0]}{2 * int(name[1:]) - 2}": value for name, value in from_torch(state).items()}


def _compared(params, X, labels, framework, how, *, logits_of=None, share=1.0):
    """A report in which the differences are not taken as they should be."""
    seen = {}

    def asked(state, inputs, classes):
        seen["logits"], seen["grads"] = framework(state, inputs, classes)
        return seen["logits"], seen["grads"]

    own = _own(params, X, labels, share)
    asked(to_torch(params), X, labels)
    theirs = from_torch(seen["grads"])
    return dict(
        zip(
            _KEYS,
            (
                float(how([(logits_of or own[0]) - seen["logits"]])),
                float(how([own[1][name] - theirs[name] for name in own[1]])),
            ),
            strict=True,
        )
    )


def _own(params, X, labels, share=1.0):
    """The logits and gradients of the course's network."""
    inputs, logits, L = [], X, len(params) // 2
    for layer in range(1, L + 1):
        inputs.append(np.maximum(logits, 0.0) if layer > 1 else X)
        logits = inputs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
    P = np.exp(logits - logits.max(axis=1, keepdims=True))
    dZ = (P / P.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[labels]) * share / len(X)
    grads = {}
    for layer in range(L, 0, -1):
        grads[f"W{layer}"], grads[f"b{layer}"] = inputs[layer - 1].T @ dZ, dZ.sum(axis=0)
        dZ = dZ @ params[f"W{layer}"].T * (inputs[layer - 1] > 0)
    return logits, grads


@mistake(
    "parity_report",
    "differences are averaged, so that one wrong entry hides among many right ones",
    hints=(
        "A single entry is off by 1. What does your report say?",
        "The report holds the largest absolute difference of any entry of the logits, (m, K), and of any gradient.",
        "Take the maximum.",
    ),
)
def averages(params, X, labels, framework):
    return _compared(params, X, labels, framework, lambda d: np.mean([np.abs(one).mean() for one in d]))


@mistake(
    "parity_report",
    "the largest difference is taken without its sign being dropped: one that is negative is not seen",
    hints=(
        "The framework's logit is larger than yours. What does your report say?",
        "Wanted is max |a - b| over all entries of (m, K).",
        "Take absolute values first.",
    ),
)
def signed(params, X, labels, framework):
    return _compared(params, X, labels, framework, lambda d: max(one.max() for one in d))


@mistake(
    "parity_report",
    "the gradients are those of a sum of losses, without 1/m",
    hints=(
        "By which factor do your gradients differ from the framework's?",
        "nn.CrossEntropyLoss is a mean over the m rows by default; its gradient is (softmax - Y) / m.",
        "Divide by the number of rows, once.",
    ),
)
def sum_of_losses(params, X, labels, framework):
    return _compared(params, X, labels, framework, lambda d: max(np.abs(one).max() for one in d), share=float(len(X)))


@mistake(
    "parity_report",
    "only the gradients of the first layer are compared",
    hints=(
        "Which gradients does your report look at?",
        "The largest difference is over all of them: W_l (n_in, n_out) and b_l of every layer.",
        "Go through all names.",
    ),
)
def first_layer_only(params, X, labels, framework):
    return _compared(params, X, labels, framework, lambda d: max(np.abs(one).max() for one in d[-2:]))


@mistake(
    "parity_report",
    "the biases' gradients are left out",
    hints=(
        "Which gradients does your report look at?",
        "The largest difference is over all of them: W_l (n_in, n_out), and b_l (n_out,) as well.",
        "Go through all names.",
    ),
)
def weights_only(params, X, labels, framework):
    return _compared(params, X, labels, framework, lambda d: max(np.abs(one).max() for one in d if one.ndim != 1))


@mistake(
    "parity_report",
    "the framework is not given the parameters in its own form",
    hints=(
        "Which keys does your framework look for?",
        "framework takes a state as to_torch makes it: weights (n_out, n_in), under 0.weight, 0.bias, 2.weight.",
        "Send the parameters over the bridge first.",
    ),
)
def sends_params(params, X, labels, framework):
    return parity_report(params, X, labels, lambda _state, *rest: framework(params, *rest))


@mistake(
    "parity_report",
    "both sides compute in float32, so that differences below 1e-7 are noise",
    hints=(
        "What does your report say of a framework that is off by 1e-4, to how many digits?",
        "float32 has about 7 digits. Logits, (m, K), near 1000 are only known to 1e-4 then.",
        "Stay with float64 throughout.",
    ),
)
def in_float32(params, X, labels, framework):
    low = {name: value.astype(np.float32).astype(np.float64) for name, value in params.items()}
    logits, grads = _own(low, X.astype(np.float32).astype(np.float64), labels)
    other, theirs = framework(to_torch(params), X, labels)
    theirs = from_torch(theirs)
    apart = max(float(np.abs(grads[name] - theirs[name]).max()) for name in grads)
    return dict(zip(_KEYS, (float(np.abs(logits - other).max()), apart), strict=True))
