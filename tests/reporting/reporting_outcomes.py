"""Outcomes made by hand: what the engine finds in the cases that a student meets."""

from __future__ import annotations

from nnedu.outcome import CheckOutcome, Diagnosis, ExerciseOutcome, LessonOutcome, State

LESSON = "lesson05_backpropagation"
TITLE = "Backpropagation"


def check(name, sentence, state=State.PASSED, *, worth=2, message="", summary="", hidden=False):
    """Return what came of one check."""
    earned, worth = (worth if state is State.PASSED else 0), (0 if state is State.FAULT else worth)
    return CheckOutcome(name, sentence, state, earned, worth, message, summary, hidden)


def exercise(
    name, state=State.PASSED, summary="", *checks, module="backprop", line=0, mistake="", notes=(), broken_at=""
):
    """Return what came of an exercise; without checks it has three that ended as it did."""
    checks = checks or tuple(check(f"check_{i}", f"holds in case {i}", state) for i in range(3))
    return ExerciseOutcome(
        name,
        module,
        f"the title of {name}",
        state,
        sum(one.points for one in checks),
        sum(one.max_points for one in checks),
        summary or f"{len(checks)} checks",
        Diagnosis("a_mistake", mistake) if mistake else None,
        checks,
        notes,
        line,
        broken_at=broken_at,
    )


def lesson(*exercises, seconds=0.25):
    """Return what came of a lesson."""
    return LessonOutcome(LESSON, exercises, seconds)


def one_wrong(summary, message, *, state=State.FAILED, **about):
    """Return a lesson in which the middle one of three exercises is wrong."""
    first = check("agrees", "agrees with the numerical derivative of the loss", state, message=message)
    wrong = exercise("backprop", state, summary, check("form", "returns a dict"), first, line=41, **about)
    waiting = exercise("train", State.WAITING, "waits for backprop")
    return lesson(exercise("linear_backward", module="gradients"), wrong, waiting)


TABLE = """Shapes and dtypes are right. Compared with the numerical derivative of the loss:

               shape       yours / numerical   left over
"""

ONE_ENTRY = "For one entry:  dW1[1, 3]   yours -4.260716   numerical -0.133147"


def broken(name, module, *, state=State.RAISED, summary="gradients.py:12 is not valid Python"):
    """Return an exercise of a module that cannot be loaded, because of gradients.py."""
    message = "gradients.py:12: invalid syntax\n    def relu_backward(:"
    why = check("values", "agrees with the reference", State.RAISED, message=message, summary=summary)
    return exercise(name, state, summary, why, module=module, line=12, broken_at="gradients.py:12")


SCREENS = {
    "broken_file": lesson(
        broken("linear_backward", "gradients"),
        broken("relu_backward", "gradients"),
        exercise("numerical_gradient", module="numeric"),
        broken("backprop", "backprop", state=State.WAITING, summary="waits for linear_backward, relu_backward"),
        broken("train", "backprop", state=State.WAITING, summary="waits for backprop"),
    ),
    "raised_by_a_mistake": one_wrong(
        "dZ is used where A_prev belongs",
        "backprop raised ValueError: shapes (4,32) and (16,4) not aligned: 32 (dim 1) != 16 (dim 0)",
        state=State.RAISED,
        mistake="dZ is used where A_prev belongs",
    ),
    "prints": lesson(
        exercise("linear_backward", module="gradients", notes=("printed: 7\n7\n7\n8", "printed: 8\n7")),
        exercise("backprop", State.FAILED, "wrong", line=41, notes=("printed: here", "numpy warned: overflow")),
        exercise("train", State.WAITING, "waits for backprop", notes=("printed: loss 0.3", "numpy warned: overflow")),
        exercise("show", State.NOT_STARTED, "not started", notes=("printed: begun",)),
    ),
    "factor_m": one_wrong(
        "the gradients are 32 times too large",
        f"""{TABLE}    dW2      (16,4)              32.000000   7e-11     = 32
    db2      (4,)                32.000000   3e-11     = 32
    dW1      (8,16)              32.000000   2e-10     = 32
    db1      (16,)               32.000000   1e-10     = 32

{ONE_ENTRY}
Every entry is off by the same factor, 32: the batch holds m = 32 examples.""",
    ),
    "factor_in_one_layer": one_wrong(
        "dW1 is 1/32 of what it should be",
        f"""{TABLE}    dW2      (16,4)               1.000000   7e-11
    db2      (4,)                 1.000000   3e-11
    dW1      (8,16)               0.031250   2e-10     = 1/32
    db1      (16,)                0.031250   1e-10     = 1/32

W2 is right; from there back to W1 one factor 1/32 too many comes in.""",
        mistake="dZ1 is divided by the batch size a second time",
    ),
    "named_mistake": one_wrong(
        "dZ1 is not multiplied by relu'(Z1)",
        f"""{TABLE}    dW2      (16,4)               1.000000   7e-11
    dW1      (8,16)        no single factor   5e-01

{ONE_ENTRY}""",
        mistake="dZ1 is not multiplied by relu'(Z1), so that the gradient also flows through units that were switched "
        "off on the way forward",
    ),
    "in_place": one_wrong(
        "changes its input Z",
        """softmax changed its input Z. The caller still needs it; build a new array instead.
    activations.py:12 in softmax
        Z -= Z.max(axis=1, keepdims=True)
        Z (4, 4)""",
    ),
    "shape": one_wrong(
        "db1 has shape (1, 16)",
        "db1 has shape (1, 16); expected (16,). Broadcasting would hide this; it is the axis of length 1 that is too "
        "many or missing.",
    ),
    "stopped": one_wrong(
        "stopped after 10 s at backprop.py:52, in the loop `while loss > 0.01`",
        "backprop was stopped after 10 s (limit 10 s) at backprop.py:52, in the loop `while loss > 0.01`.",
        state=State.STOPPED,
    ),
    "raised": one_wrong(
        "raised ValueError at backprop.py:57",
        """backprop raised ValueError: shapes (4,32) and (16,4) not aligned: 32 (dim 1) != 16 (dim 0)
    backprop.py:45 in backprop
        dA1 = _back(dZ2, W2)
    backprop.py:57 in _back
        return dZ2 @ W2
        dZ2 (4, 32)  W2 (16, 4)""",
        state=State.RAISED,
        notes=(
            "printed: dZ2 (4, 32)\nW2 (16, 4)",
            "numpy warned: backprop.py:50: overflow encountered in exp",
            "printed: " + "x" * 2000 + " ... and 99997000 characters more",
            "printed: " + "\n".join(f"epoch {i}" for i in range(30)),
        ),
    ),
    "course_fault": lesson(
        exercise("linear_backward", module="gradients"),
        exercise(
            "backprop",
            State.FAULT,
            "a mistake in the course, not in your code",
            check(
                "agrees",
                "agrees with the numerical derivative of the loss",
                State.FAULT,
                message="backprop/agrees (test_backprop.py:41): KeyError: 'W3'",
            ),
            line=41,
        ),
    ),
    "waiting_for_what_is_not_started": lesson(
        exercise("linear_backward", module="gradients"),
        exercise("backprop", State.NOT_STARTED, "not started"),
        exercise("train", State.WAITING, "waits for backprop"),
    ),
    "nothing_started": lesson(
        exercise("linear_backward", State.NOT_STARTED, "not started", module="gradients"),
        exercise("backprop", State.NOT_STARTED, "not started"),
    ),
    "success": lesson(exercise("linear_backward", module="gradients"), exercise("backprop"), seconds=1.3),
    "success_with_a_warning": lesson(
        exercise("backprop", notes=("numpy warned: backprop.py:50: overflow encountered in exp",))
    ),
    "every_state": lesson(
        *(exercise(f"is_{state.value}", state, f"in the state {state.value}", line=7) for state in State),
    ),
    "a_long_summary": one_wrong("returned " + "a list of lists of " * 20, "It is too deep."),
    "unusual_letters": one_wrong("σ is 3·10² × too large", "∂L/∂W — the “gradient” — is √2 times too large."),
}
