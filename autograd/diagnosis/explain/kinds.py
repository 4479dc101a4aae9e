"""What the errors of this library are about: one table of kinds, found by their requirement.

A message has the form *Requirement; fact. Remedy.*; a kind is told by words of the first two, so
that it holds for every op that says the same.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of error: how it is recognised, what is required and why, causes and cures."""

    words: str  # a regular expression over the message
    title: str
    why: str
    causes: tuple[tuple[str, str], ...]


_DETACHED = (
    ("the output was computed inside no_grad() or inference_mode()", "move the forward out of it"),
    ("detach(), .data, .item(), .numpy() or tensor(x) stands between", "leave it out"),
    ("no input requires grad: a frozen model, or a tensor made without requires_grad=True",
     "requires_grad_() before the forward"),
    ("argmax, round, > or an integer cast stands between, which have no gradient",
     "compute the loss from the scores themselves"),
)  # fmt: skip

KINDS = (
    Kind(
        r"freed by an earlier|earlier backward pass|second (backward|time)|swept (before|twice)"
        r"|backward[^.]*(again|twice)",
        "a second backward pass through one graph",
        "A backward pass frees what the nodes kept as it goes, so that memory does not grow; the "
        "second pass needs it.",
        (
            ("a hidden state is carried from step to step with its graph", "h = h.detach() before "
             "the next step"),
            ("a tensor that the loss depends on is computed once, before the loop",
             "compute it inside the loop"),
            ("backward() is called for two losses that share a part", "(loss1 + loss2).backward(), "
             "or retain_graph=True in the first"),
            ("one loss is swept twice", "call backward() once"),
        ),
    ),
    Kind(
        r"changed in place afterwards|was changed by|in place through another|kept by \w+ at",
        "a value that a gradient needs was changed in place",
        "A formula reads the values of the forward pass in the backward pass; one of them has been "
        "overwritten since.",
        (
            ("an augmented assignment, x += y", "x = x + y"),
            ("an in-place method or layer: relu_(), add_(), inplace=True", "the form without _"),
            ("an optimiser stepped between the forward and the backward pass",
             "all backward passes first, then step()"),
            ("x[i] = v on a tensor that was used already", "build a list and stack it, or clone()"),
        ),
    ),
    Kind(
        r"leaf.*in place",
        "a parameter is changed in place while operations are recorded",
        "The graph leads to the leaf's value of the forward pass, where its .grad is put.",
        (
            ("an update written by hand: w -= lr * w.grad", "with autograd.no_grad(): around it"),
            ("an initialisation by hand", "nn.init, or no_grad() around it"),
            ("an input with requires_grad=True is normalised in place", "x = x / 255"),
        ),
    ),
    Kind(
        r"must depend on one that requires grad|does not require grad|must require grad",
        "there is no graph behind the tensor",
        "A backward pass starts at a tensor that was recorded: made from one that requires grad, "
        "by operations that have gradients.",
        _DETACHED,
    ),
    Kind(
        r"every input must be used|was not reached|cannot be reached|not reach",
        "an input does not take part in the output",
        "A gradient is asked for a tensor that no way of the graph leads to.",
        (
            ("the tensor was replaced after the forward pass (x = x.to(...), a new Parameter)",
             "make it before"),
            ("a copy took part instead: x.clone().detach(), tensor(x)", "use x itself"),
            ("it is not used, on purpose", "allow_unused=True gives None for it"),
            *_DETACHED[1:2],
        ),
    ),
    Kind(
        r"scalar outputs",
        "backward() of a tensor with several elements",
        "A gradient is that of one number; of many, each needs its weight.",
        (
            ("the loss was not reduced (reduction='none', a per-sample loss)", "loss.mean()"),
            ("the model's output was taken for the loss", "compute the loss of it"),
            ("a Jacobian's product is wanted", "y.backward(gradient=v), v of y's shape"),
        ),
    ),
    Kind(
        r"cannot carry a gradient|not defined for tensors that require grad|only leaf tensors can",
        "a tensor that is in a graph should leave it",
        "What happens to the values outside is not recorded, so gradients would end there unseen.",
        (
            ("values are wanted for a plot, a log or a metric", "x.detach().numpy(), loss.item()"),
            ("NumPy stands in the middle of a model", "write it in functions of autograd"),
            ("a tensor is to be copied or saved", "x.detach(), or the state_dict() of the model"),
        ),
    ),
    Kind(
        r"input features|weight expects \d+ input features",
        "the features of a layer's input do not fit its weight",
        "A Linear(in, out) takes tensors whose last axis has length in.",
        (
            ("feature maps go into the layer as they are", "x.flatten(1) between them"),
            ("the layer before it has another width", "make out of one equal in of the next"),
            ("samples are columns", "x.T: samples come first"),
        ),
    ),
    Kind(
        r"input channels|channels come second",
        "the channels of a convolution's input do not fit its weight",
        "Images are (N, C, H, W): samples, channels, rows, columns.",
        (
            ("images lie with channels last (N, H, W, C)", "x.permute(0, 3, 1, 2)"),
            ("grey images have no axis of channels", "x.unsqueeze(1)"),
            ("the layer before it gives another number", "out_channels of one = in_channels of the "
             "next"),
        ),
    ),
    Kind(
        r"inner sizes must agree|one length; got",
        "a matrix product whose inner sizes differ",
        "(n, d) @ (d, m): the last axis of the left is as long as the last but one of the right.",
        (
            ("a weight lies as (out, in)", "x @ w.T"),
            ("operands are in the wrong order", "swap them"),
            ("elements should be multiplied", "x * y"),
        ),
    ),
    Kind(
        r"must broadcast",
        "shapes that do not go together",
        "Sizes are compared from the last axis: equal, or one of them 1.",
        (
            ("a vector meets the rows of a matrix", "v.unsqueeze(1), or v[:, None]"),
            ("an axis was lost in a reduction", "keepdim=True"),
            ("(N, 1) meets (N,)", "x.squeeze(1), or y.unsqueeze(1)"),
        ),
    ),
    Kind(
        r"must have one dtype|both operands must have one dtype",
        "two dtypes meet",
        "Products are taken in one dtype; NumPy's arrays are float64, layers are float32.",
        (
            ("data from NumPy are float64", "x.float(), or tensor(a, dtype=float32)"),
            ("images are uint8, labels int64", "x.float() / 255"),
            ("the model was converted, the input not", "x.to(next(model.parameters()).dtype)"),
        ),
    ),
    Kind(
        r"targets must be classes|rows of the table|index must be between|out of range",
        "an index beyond the end",
        "Classes and rows count from 0.",
        (
            ("labels count from 1", "y - 1"),
            ("the last layer has fewer outputs than there are classes", "Linear(…, n_classes)"),
            ("tokens were added to the vocabulary", "a larger num_embeddings"),
        ),
    ),
    Kind(
        r"must be integers|probabilities must have the shape",
        "integers are wanted",
        "Classes, indices and sizes are whole numbers of dtype int64.",
        (
            ("labels were read as floats", "y.long()"),
            ("a size was computed by /", "n // 2"),
            ("targets are probabilities", "of the shape of the scores (N, C), not (N,)"),
        ),
    ),
    Kind(
        r"[Pp]redictions? .*shape|must have (one|the same|equal) shape|go with a? ?targets?"
        r"|target.*(shape|size)",
        "predictions and targets of different shapes",
        "A loss compares element by element; broadcasting would compare every pair instead.",
        (
            ("predictions are (N, 1), targets (N,)", "pred.squeeze(1), or y.unsqueeze(1)"),
            ("targets are classes, the loss wants one number an output", "cross_entropy, or "
             "one_hot(y).float()"),
            ("targets are one-hot, the loss wants classes", "y.argmax(1)"),
        ),
    ),
    Kind(
        r"names, shapes and dtypes must match",
        "a checkpoint of another model",
        "load_state_dict wants each parameter under its name, in its shape.",
        (
            ("the model is built with other sizes than the saved one", "build it as it was"),
            ("names have a prefix (module., model.)", "strip it from the keys"),
            ("the last layer is to be another", "leave its keys out, strict=False"),
            ("a whole checkpoint was passed", "checkpoint['model_state_dict']"),
        ),
    ),
    Kind(
        r"exactly one value",
        "one number is wanted, there are several",
        "item(), if and while need a single value.",
        (
            ("a condition over elements", "(x > 0).any(), or .all()"),
            ("a loss that was not reduced", "loss.mean().item()"),
            ("all values are wanted", "x.tolist()"),
        ),
    ),
    Kind(
        r"new shape must hold as many elements|new shape must be possible",
        "a new shape with another number of elements, or over memory in another order",
        "reshape and view keep the elements, view also the memory.",
        (
            ("the batch size stands in the shape, the last batch is smaller", "x.view(len(x), -1)"),
            ("the size before the Linear was miscounted", "x.flatten(1)"),
            ("view after transpose or permute", "reshape, or contiguous().view"),
        ),
    ),
    Kind(
        r"tensors must .*(shape|size)|stack|sequence of tensors",
        "tensors that do not join",
        "cat wants equal sizes but along dim, stack equal shapes.",
        (
            ("samples have different lengths", "pad_sequence, or a collate_fn that pads"),
            ("a single tensor was passed", "cat((x, y))"),
            ("the wrong axis", "dim=1 joins features"),
        ),
    ),
    Kind(
        r"one value has no variance",
        "batch normalisation of a single value",
        "In training each channel is normalised by the values of the batch.",
        (
            ("the last batch has one sample", "DataLoader(..., drop_last=True)"),
            ("the model is evaluated", "model.eval() first"),
        ),
    ),
    Kind(
        r"only floating-point tensors have gradients|floating-point",
        "a gradient for integers",
        "Gradients are of real numbers.",
        (("the tensor was made of integers", "tensor([1.0, 2.0]), or x.float()"),),
    ),
    Kind(
        r"must return one gradient per input|a gradient must have|the gradient of input",
        "a custom op whose backward does not fit its forward",
        "Each input of forward gets one gradient, in its own shape.",
        (
            ("an input that is no tensor was left out", "return None in its place"),
            ("the input was broadcast in forward", "sum over the stretched axes"),
            ("a matrix is transposed", "compare its shape with the input's"),
        ),
    ),
    Kind(
        r"once_differentiable|gradients of gradients|no way to be differentiated",
        "a second derivative that is not there",
        "create_graph=True records the backward pass, which must consist of operations with "
        "gradients.",
        (
            ("a backward computes in NumPy", "write it in tensor operations"),
            ("no second derivative is wanted", "leave create_graph=True out"),
        ),
    ),
    Kind(
        r"a GPU is needed|an accelerator is needed|tensors live on the CPU",
        "a device that is not here",
        "Tensors live on the CPU.",
        (("the device is written into the script", "device = 'cuda' if cuda.is_available() else "
          "'cpu'"),),
    ),
    Kind(
        r"no parameter|empty parameter|at least one parameter|parameters must",
        "an optimiser without parameters",
        "It steps the tensors that it was given.",
        (
            ("layers are kept in a list or dict", "nn.ModuleList, nn.ModuleDict"),
            ("model.parameters was not called", "model.parameters()"),
            ("the generator was used up", "list(model.parameters())"),
        ),
    ),
    Kind(
        r"needs forward\(self|defines none",
        "a module without forward",
        "Calling a module calls its forward.",
        (("its name is misspelt, or its indentation off", "def forward(self, x): in the class"),),
    ),
)  # fmt: skip


def kind_of(message: str) -> Kind | None:
    """The first kind whose words are in ``message``; None: no error of ours, or a rare one.

    >>> kind_of("linear: weight expects 5 input features, got x of shape (2, 3).").title
    "the features of a layer's input do not fit its weight"
    """
    return next((kind for kind in KINDS if re.search(kind.words, message)), None)
