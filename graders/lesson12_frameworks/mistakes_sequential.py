"""Wrong implementations of sequential.py, as students write them."""

from nnedu.checking import mistake
from sequential import Sequential


@mistake(
    "Sequential",
    "eval() and train() do not reach the layers, so that there is noise in evaluation",
    hints=(
        "Call eval(), then forward twice on a network with dropout. The same?",
        "A mode belongs to each layer. eval() of a Sequential calls eval() of its children, and so on down.",
        "Loop over the layers.",
    ),
)
class ModeNotPropagated(Sequential):
    def train(self):
        self.training = True

    def eval(self):
        self.training = False


@mistake(
    "Sequential",
    "eval() and train() set an attribute of the layers themselves, but do not reach nested ones",
    hints=(
        "Put a Sequential into a Sequential. Who tells the inner layers about the mode?",
        "Setting an attribute of a layer reaches that layer alone. Its method eval() passes on what it has to.",
        "Call the method of every child instead of setting its attribute.",
    ),
)
class ModeOneLevelDeep(Sequential):
    def train(self):
        for layer in self._layers:
            layer.training = True

    def eval(self):
        for layer in self._layers:
            layer.training = False


@mistake(
    "Sequential",
    "backward goes through the layers in the order of forward",
    hints=(
        "Which layer is the first to know anything about the loss?",
        "dout, (m, n_out), belongs to the output of the last layer.",
        "Go through the layers the other way round.",
    ),
)
class BackwardForwards(Sequential):
    def backward(self, dout):
        for layer in self._layers:
            dout = layer.backward(dout)
        return dout


@mistake(
    "Sequential",
    "backward gives every layer the gradient of the output",
    hints=(
        "What should the first layer get: dout, or what the second one returned?",
        "Each backward returns the gradient, (m, ·), of its own input, which is the output of the layer before.",
        "Hand on what came back.",
    ),
)
class SameGradientForAll(Sequential):
    def backward(self, dout):
        for layer in reversed(self._layers):
            try:
                dX = layer.backward(dout)
            except ValueError:
                dX = dout
        return dX


@mistake(
    "Sequential",
    "zero_grad is forgotten in nested networks",
    hints=(
        "After zero_grad, which gradients are not zero?",
        "zero_grad of a Sequential calls zero_grad of every child; a child may be a Sequential.",
        "Do not ask what kind of layer a child is: call its method.",
    ),
)
class ZeroOneLevelDeep(Sequential):
    def zero_grad(self):
        for layer in self._layers:
            if not isinstance(layer, Sequential):
                layer.zero_grad()


@mistake(
    "Sequential",
    "zero_grad does nothing",
    hints=(
        "Print the gradients after zero_grad.",
        "It passes through to every layer, which sets its own dW and db to zero.",
        "Loop over the layers.",
    ),
)
class NeverZero(Sequential):
    def zero_grad(self):
        pass


@mistake(
    "Sequential",
    "params() and grads() give out copies, so that no step moves the network",
    hints=(
        "Change an array of params() in place. Does forward notice?",
        "The dict is new, but its arrays, W (n_in, n_out) and b (n_out,), are the layers' own.",
        "Do not copy.",
    ),
)
class Copies(Sequential):
    def params(self):
        return {name: value.copy() for name, value in super().params().items()}


@mistake(
    "Sequential",
    "places count only the layers that have parameters",
    hints=(
        "At which place is the second linear layer of Linear, ReLU, Linear?",
        "Every layer counts, as in PyTorch: 0.W, 0.b, 2.W, 2.b, since the ReLU is at place 1.",
        "enumerate all layers.",
    ),
)
class CountsLinearOnly(Sequential):
    def _named(self, what):
        dicts = [getattr(layer, what)() for layer in self._layers]
        return {f"{i}.{name}": v for i, one in enumerate(filter(None, dicts)) for name, v in one.items()}

    def params(self):
        return self._named("params")

    def grads(self):
        return self._named("grads")


@mistake(
    "Sequential",
    "names are not told apart: each layer's W replaces the one before",
    hints=(
        "How many entries has params() of a network with three linear layers?",
        "The name is the layer's place, a dot, and the name in the layer: 0.W, 2.W.",
        "Put the place in front.",
    ),
)
class OneNameForAll(Sequential):
    def params(self):
        return {name: value for layer in self._layers for name, value in layer.params().items()}
