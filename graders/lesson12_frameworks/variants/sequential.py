"""Right answers to sequential.py, written differently."""

from functools import reduce

from layers import Layer
from nnedu.checking import variant
from sequential import Sequential


@variant("Sequential", "as a Layer, with reduce and a list")
class SequentialReduce(Layer):
    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, X):
        return reduce(lambda A, layer: layer.forward(A), self.layers, X)

    def backward(self, dout):
        return reduce(lambda d, layer: layer.backward(d), self.layers[::-1], dout)

    def _collected(self, what):
        found = {}
        for i, layer in enumerate(self.layers):
            for name, value in getattr(layer, what)().items():
                found[str(i) + "." + name] = value
        return found

    def params(self):
        return self._collected("params")

    def grads(self):
        return self._collected("grads")

    def train(self):
        self.training = True
        for layer in self.layers:
            layer.train()

    def eval(self):
        self.training = False
        for layer in self.layers:
            layer.eval()


@variant("Sequential", "with one method for all that is passed on")
class SequentialOnAll(Sequential):
    def _on_all(self, what):
        return [getattr(layer, what)() for layer in self._layers]

    def train(self):
        self._on_all("train")

    def eval(self):
        self._on_all("eval")

    def zero_grad(self):
        for grad in self.grads().values():
            grad[...] = 0.0


@variant("Sequential", "as a chain of pairs: a first layer, and the rest")
class SequentialChain(Sequential):
    def forward(self, X, at=0):
        return X if at == len(self._layers) else self.forward(self._layers[at].forward(X), at + 1)

    def backward(self, dout, at=-1):
        return dout if -at > len(self._layers) else self.backward(self._layers[at].backward(dout), at - 1)
