"""Cards with something wrong, as students hand them in."""

from card import next_steps_card
from nnedu.checking import mistake


def _but(**other):
    """A right card with other entries."""
    return {**next_steps_card(), **other}


def _result(**other):
    """A right card with another result."""
    found = next_steps_card()
    return {**found, "result": {**found["result"], **other}}


@mistake(
    "next_steps_card",
    "the accuracy is one that no training had",
    hints=(
        "Where is your number from?",
        "accuracy is what measure(task, seed, steps) returns with the three values on your card, a float from 0 to 1.",
        "Run measure once more, and copy what it returns, all digits of it.",
    ),
)
def a_number_of_ones_own():
    return _result(accuracy=0.8765)


@mistake(
    "next_steps_card",
    "the accuracy is a percentage",
    hints=(
        "What is the largest accuracy that there can be?",
        "A share is a number from 0 to 1: 97 % is 0.97.",
        "Copy the number as measure returns it.",
    ),
)
def in_percent():
    return _result(accuracy=100.0)


@mistake(
    "next_steps_card",
    "the accuracy is rounded",
    hints=(
        "How many digits does measure return, and how many are on your card?",
        "The grader trains again and compares to 1e-6: with 3000 symbols, one more or less is 3e-4.",
        "Copy all digits, and the seed and the steps that belong to them.",
    ),
)
def rounded():
    return _result(steps=50, accuracy=0.53)


@mistake(
    "next_steps_card",
    "the result lacks its seed, so that nobody can measure it again",
    hints=(
        "What would somebody else need to get your number?",
        "result has four keys: task, seed, steps and accuracy.",
        "Write the seed down beside the number.",
    ),
)
def without_a_seed():
    found = next_steps_card()
    return {**found, "result": {key: value for key, value in found["result"].items() if key != "seed"}}


@mistake(
    "next_steps_card",
    "the training is longer than 1000 steps",
    hints=(
        "How many steps does a training on these tasks need?",
        "steps is an int from 1 to 1000.",
        "Measure again with fewer steps.",
    ),
)
def too_many_steps():
    return _result(steps=5000)


@mistake(
    "next_steps_card",
    "the task is none of this lesson's",
    hints=(
        "Which tasks does sample know?",
        "task is one of TASKS in tasks.py: reverse, shift, sort and copy.",
        "Write the name as it stands there.",
    ),
)
def another_task():
    return _result(task="add")


@mistake(
    "next_steps_card",
    "a key of the card is missing",
    hints=(
        "How many entries has your card?",
        "The four keys are learnt, result, next and experiment.",
        "The message names the key that is missing: fill it in.",
    ),
)
def without_an_experiment():
    return {key: value for key, value in next_steps_card().items() if key != "experiment"}


@mistake(
    "next_steps_card",
    "the next topic is none of GAN, VAE, RL and LLM",
    hints=(
        "Which four topics are there to choose from?",
        "next is a text, one of four abbreviations in capital letters.",
        "Choose the one that is nearest to what you want, and say more in experiment.",
    ),
)
def another_topic():
    return _but(next="CNN")


@mistake(
    "next_steps_card",
    "one text holds all topics, where a list of three is asked for",
    hints=(
        "What is len(card['learnt'])?",
        "learnt is a list of three texts, one for each topic.",
        "Put each topic between quotation marks of its own.",
    ),
)
def topics_in_one_text():
    return _but(learnt="backpropagation, attention and testing")


@mistake(
    "next_steps_card",
    "a topic stands there twice",
    hints=(
        "Read your three topics aloud.",
        "learnt has three different texts; capital letters make no difference.",
        "Which lesson did you like best? That gives you the third one.",
    ),
)
def topics_that_repeat():
    return _but(learnt=["attention", "Adam", "Attention"])


@mistake(
    "next_steps_card",
    "the experiment is a keyword, from which nobody could begin",
    hints=(
        "Could a friend do your experiment after reading the card?",
        "experiment is a sentence of six words or more: what is done, and what is measured.",
        "Begin with a verb: train, compare, remove.",
    ),
)
def a_keyword():
    return _but(experiment="chatbots")


@mistake(
    "next_steps_card",
    "the experiment breaks off without a full stop",
    hints=(
        "Where does your sentence end?",
        "A whole sentence says what is measured as well, and ends with a full stop.",
        "Finish the sentence.",
    ),
)
def without_an_end():
    return _but(experiment="Train a larger block on whole books and then")
