"""Targets of losses of classes that do not fit: what would."""

from __future__ import annotations

import math
from typing import Any

from autograd.arrays.dialect import ends
from autograd.arrays.remedies import becomes, first_outside

Shape = tuple[int, ...]


def of_classes(scores: Shape, target: Shape) -> str:
    """How classes of shape ``target`` come to fit scores of shape ``scores``.

    >>> of_classes((8, 3), (8, 1)), of_classes((8, 20, 3), (8, 20))
    ('Write target.squeeze(1). ', 'Classes come second: input.transpose(1, 2). ')
    """
    wanted = (*scores[:1], *scores[2:])
    if len(scores) < 2:
        return (
            "The scores lack an axis of classes, as Linear(..., classes) gives it; one score for "
            "two classes goes into binary_cross_entropy_with_logits. "
        )
    if scores == target:
        return "One-hot classes become classes by target.argmax(1), probabilities by .float(). "
    if target == scores[:-1]:
        how = "transpose(1, 2)" if len(scores) == 3 else "movedim(-1, 1)"
        return f"Classes come second: input.{how}. "
    if len(target) != len(wanted) and (way := becomes("target", target, wanted)):
        return f"Write {way}. "
    if target and scores[0] != target[0]:
        return (
            f"There are scores of {scores[0]} samples, and classes of {target[0]}: x.flatten(1) "
            "keeps the samples where x.view(-1, n) may not. "
        )
    return ""


def of_probabilities(scores: Shape, target: Shape) -> str:
    """How a floating target that is not shaped like the scores comes to fit.

    >>> of_probabilities((8, 3), (8,)), of_probabilities((8, 3), (8, 1))
    ('Classes are int64: target.long().', 'Classes are int64: target.squeeze(1).long().')
    """
    wanted = (*scores[:1], *scores[2:]) if len(scores) > 1 else ()
    return f"Classes are int64: {becomes('target', target, wanted) or 'target'}.long()."


def out_of_range(index: Any, shape: Shape, classes: int) -> str:
    """Which of the targets, of ``shape``, is no class, and what to do.

    >>> import numpy as np
    >>> out_of_range(np.array([1, 3]), (2,), 3)
    'where target[1] is 3. Classes count from 0: target - 1, or give the scores 4 classes.'
    """
    fact, value = first_outside("target", index, shape, classes)
    least, most = ends(index)
    more = f"ive the scores {most + 1} classes"
    if value < 0:
        return f"where {fact}. Leave such targets out by ignore_index={value}."
    if least > 0 and math.prod(shape) > 1:
        return f"where {fact}. Classes count from 0: target - {least}, or g{more}."
    return f"where {fact}. G{more}, the out_features of the last layer."
