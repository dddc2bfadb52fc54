"""Wrong implementations of tuning.py, as students choose."""

from nnedu.checking import mistake

_GOOD = {
    "dims": [64, 96, 10],
    "init": "he",
    "optimizer": "adam",
    "lr": 0.005,
    "schedule": "cosine",
    "batch_size": 32,
    "epochs": 34,
}


@mistake(
    "config",
    "the network is larger than is allowed",
    hints=(
        "How many weights are there between layers of 512 and 512 units?",
        "A layer from n_in to n_out has (n_in + 1) · n_out numbers, and all together may have 20,000.",
        "One hidden layer of 64 to 200 units is enough for 64 pixels.",
    ),
)
def too_large():
    return {**_GOOD, "dims": [64, 512, 512, 10]}


@mistake(
    "config",
    "the rate of gradient descent is kept for Adam",
    hints=(
        "How far does Adam move each weight in a step, with lr = 0.5?",
        "Adam's step is about lr in each weight, whatever the gradient. Weights start at sqrt(2 / 64), about 0.2.",
        "Look for Adam's lr between 0.001 and 0.01, by factors of 2.",
    ),
)
def rate_of_sgd():
    return {**_GOOD, "lr": 0.5, "schedule": "constant"}


@mistake(
    "config",
    "the rate of Adam is kept for gradient descent",
    hints=(
        "How far does a step of gradient descent move a weight, whose gradient is 0.01?",
        "Gradient descent moves by lr times the gradient, and 34 epochs are soon over. lr is 100 times Adam's.",
        "Look for its lr between 0.1 and 1, by factors of 2.",
    ),
)
def rate_of_adam():
    return {**_GOOD, "optimizer": "sgd", "lr": 0.001, "schedule": "constant"}


@mistake(
    "config",
    "the budget is counted in batches, and not in images",
    hints=(
        "How many gradients of single images does one epoch take?",
        "An epoch goes through all 1,198 images, in whatever batches, so 41,000 last for 34 epochs.",
        "Divide 41,000 by 1,198 and round down.",
    ),
)
def counts_batches():
    return {**_GOOD, "epochs": 1000}


@mistake(
    "config",
    "all images are in one batch, so that there are only as many steps as epochs",
    hints=(
        "How many steps does your training take in all?",
        "The budget counts images. With 1,198 of them in a step there are 34 steps, with 32 there are 1,292.",
        "Make batches smaller: 16 to 64 images.",
    ),
)
def one_batch():
    return {**_GOOD, "batch_size": 1198}


@mistake(
    "config",
    "the network has no hidden layer",
    hints=(
        "What can a single layer tell apart?",
        "Without a hidden layer the classes are parted by planes in 64 dimensions: 95 or 96 %, not more.",
        "Put one hidden layer between 64 and 10.",
    ),
)
def no_hidden_layer():
    return {**_GOOD, "dims": [64, 10]}


@mistake(
    "config",
    "the sizes are those of MNIST, with 784 pixels",
    hints=(
        "How many pixels has an image of 8 x 8?",
        "dims leads from 64 inputs to 10 classes.",
        "Begin with 64.",
    ),
)
def of_mnist():
    return {**_GOOD, "dims": [784, 128, 10]}


@mistake(
    "config",
    "most of the budget is left unused",
    hints=(
        "How many gradients of single images does your training take, and how many are allowed?",
        "2 epochs are 2,396 of 41,000. After so few, most rates are far from the end.",
        "Raise the number of epochs to what the budget allows.",
    ),
)
def stops_early():
    return {**_GOOD, "epochs": 2, "lr": 0.001}


@mistake(
    "config",
    "epochs is a float, as it comes from a division",
    hints=(
        "What is the type of 41_000 / 1198?",
        "There are no parts of epochs: an integer is asked for, as is for batch_size and for each of dims.",
        "Divide so that nothing is left over.",
    ),
)
def divided_epochs():
    return {**_GOOD, "epochs": 41_000 / 1198}
