"""One check: gradients by the backward pass (*analytical*) against differences (*numerical*).

Complex numbers are pairs of real ones throughout: a Jacobian has a row for the real and one for the
imaginary part of each element, and columns likewise. For L = Re(v̄ · out) PyTorch's convention for
the gradient of z = a + ib, ∂L/∂a + i ∂L/∂b, then is the pair of these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.gradcheck import comparison
from autograd.diagnosis.gradcheck.calls import Called, differentiable, listed
from autograd.diagnosis.gradcheck.differences import FIRST, slopes
from autograd.diagnosis.gradcheck.mistakes import GradcheckError
from autograd.diagnosis.gradcheck.numbers import normal, now_of, numbers, place, zeros_like
from autograd.engine.backward import grad
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import TensorBase, wrap


class Settings(NamedTuple):
    """How to check; None stands for what the estimated error of the differences says."""

    eps: float | None = None
    atol: float | None = None
    rtol: float | None = None
    nondet_tol: float = 0.0
    undefined: bool = True  # check the backward pass of each output alone, too
    directions: int = 0  # random directions in place of all entries; 0: all entries
    points: int = 1
    search: bool = False  # where a direction is off, look for one entry instead of all
    kinks: bool = True  # a kink is a failure, also where the gradient lies between its slopes


class Check:
    """One run of gradcheck: the function, its inputs, how to check."""

    def __init__(self, call: str, func: Callable[..., Any], inputs: Any, how: Settings) -> None:
        self.call, self.how = call, how
        self.inputs = listed(inputs)
        self.chosen = chosen_of(call, self.inputs)
        self.input_names = {i: f"input {i}" for i in range(len(self.inputs))}
        self.output_names: list[str] = []
        self.called = Called(call, func, self.inputs, self.input_names, how.nondet_tol)
        self.entries = 0  # how many were compared
        self.achieved = 0.0  # the largest relative difference among them
        self.last_along: Any = (
            None  # output, input and both slopes of the last direction that is off
        )
        self.kinks: list[str] = []  # those that were passed by

    def run(self) -> None:
        """Raises GradcheckError where something is wrong."""
        with enable_grad():
            self._at_this_point()
            stream = np.random.default_rng(1)
            for _ in range(self.how.points - 1):
                with self._elsewhere(stream):
                    self._at_this_point()

    @contextmanager
    def _elsewhere(self, stream: Any) -> Iterator[None]:
        """At a random point near the one that was given."""
        own = [(self.inputs[k], self.inputs[k]._data) for k in self.chosen]
        try:
            for x, array in own:
                u = 0.1 * stream.uniform(-1, 1, size=np.shape(array))
                x._data = array + np.where(array == 0, u, array * u)
            yield
        finally:
            for x, array in own:
                x._data = array

    def _at_this_point(self) -> None:
        outputs = self.outputs()
        if not outputs:
            self._compare_with_zero()
        self.called.same_twice("the function", "output", outputs, self.outputs())
        for i, out in enumerate(outputs):
            found = out._data.dtype
            if found not in (dtypes.float64, dtypes.complex128):
                raise ValueError(
                    f"{self.call}: outputs must be float64, as differences of 1e-6 are "
                    f"lost otherwise; {self.output_name(i)} is {found}. Keep float64 inside func."
                )
        if self.how.undefined and len(outputs) > 1:
            self._each_output_alone(outputs)
        everything = not self.how.directions
        for n in range(self.how.directions):
            everything |= self._compare_along(outputs, *self._drawn(outputs, n))
        if everything:
            self._compare_entries(outputs)
            if self.how.directions:
                comparison.only_along(self)

    # -- the two kinds of gradients ---------------------------------------------------------------

    def outputs(self) -> list[Any]:
        """The outputs that require grad; raises where the call changed an input."""
        return differentiable(self.called())

    def grads(self, outputs: Any, seeds: Any) -> list[Any]:
        """The gradients of the chosen inputs, checked; None where none arrives."""
        wanted = [self.inputs[k] for k in self.chosen]
        before = [np.array(x._data) for x in wanted]
        try:
            found = grad(outputs, wanted, seeds, retain_graph=True, allow_unused=True)
        except GradcheckError:
            raise
        except Exception as error:
            raise GradcheckError(
                f"{self.call}: the backward pass must run; it raised {type(error).__name__}: "
                f"{error}"
            ) from error
        for k, x, values, g in zip(self.chosen, wanted, before, found, strict=True):
            if not np.array_equal(np.asarray(x._data), values, equal_nan=True):
                raise GradcheckError(
                    f"{self.call}: the backward pass must leave the inputs as they are; "
                    f"{self.input_names[k]} was changed in place. Work on a copy."
                )
            if g is not None and (g.shape != x.shape or g.dtype != x.dtype):
                raise GradcheckError(
                    f"{self.call}: a gradient must have its input's shape and dtype; "
                    f"{self.input_names[k]} is {x.dtype} of shape {tuple(x.shape)}, its gradient "
                    f"{g.dtype} of shape {tuple(g.shape)}."
                )
        return list(found)

    def carried_back(self, outputs: list[Any], seeds: list[Any], once: bool = True) -> list[Any]:
        """:meth:`grads` of arrays; not ``once``, but twice, which must give the same."""
        given = [wrap(seed.copy() if seed.ndim else seed[()], None) for seed in seeds]
        found = self.grads(outputs, given)
        if not once:
            again = self.grads(outputs, given)
            self.called.same_twice("the backward pass", "gradient", found, again)
        return found

    def _analytical(self, outputs: list[Any], i: int) -> dict[int, Any]:
        """For each chosen input the Jacobian of output i, (numbers of x, of out), or None."""
        seeds = zeros_like(outputs)
        one = numbers(seeds[i])
        rows: dict[int, Any] = {k: None for k in self.chosen}
        for j in range(one.size):
            one[j] = 1.0
            found = self.carried_back(outputs, seeds, once=j > 0)
            one[j] = 0.0
            for k, g in zip(self.chosen, found, strict=True):
                if g is not None:
                    if rows[k] is None:
                        rows[k] = np.zeros((numbers(g._data).size, one.size))
                    rows[k][:, j] = numbers(g._data)
        return rows

    def curve(self, k: int, direction: Any, outputs: list[Any]) -> Callable[[float], Any]:
        """t -> all numbers of the outputs at x + t u, with x the input k.

        The tensor itself is moved, as ``func`` may reach it in other ways (a module's parameters).
        """
        x = self.inputs[k]
        original = x._data
        shapes = [tuple(out.shape) for out in outputs]

        def at(t: float) -> Any:
            x._data = original + t * direction
            try:
                found = [np.array(one._data) for one in differentiable(self.called())]
            finally:
                x._data = original
            if [one.shape for one in found] != shapes:
                pairs = zip(found, shapes, strict=False)
                i = next((i for i, (one, shape) in enumerate(pairs) if one.shape != shape), 0)
                raise GradcheckError(
                    f"{self.call}: outputs must keep their number and shapes when an input moves "
                    f"by eps={abs(t):g}; {self.output_name(i)} of shape {shapes[i]} did not."
                )
            return np.concatenate([numbers(one) for one in found])

        return at

    def row(self, k: int, r: int, outputs: list[Any], expected: Any) -> Any:
        """The slopes of all outputs by the number r of input k."""
        direction = _zeros(self.inputs[k]._data)
        numbers(direction)[r] = 1.0
        distance = abs(float(numbers(self.inputs[k]._data)[r]))
        sizes = [max(1.0, distance)]
        if 0 < distance < 1:
            sizes.append(distance)
        here, magnitude = now_of(outputs)
        f = self.curve(k, direction, outputs)
        return slopes(f, here, expected, magnitude, sizes, self.how.eps)

    # -- comparisons ------------------------------------------------------------------------------

    def _compare_entries(self, outputs: list[Any]) -> None:
        jacobians = [self._analytical(outputs, i) for i in range(len(outputs))]
        ends = np.cumsum([numbers(out._data).size for out in outputs])
        spans = [slice(end - numbers(o._data).size, end) for o, end in zip(outputs, ends)]
        for k in self.chosen:
            size = numbers(self.inputs[k]._data).size
            rows = []
            for r in range(size):
                whole = [
                    np.zeros(span.stop - span.start) if one[k] is None else one[k][r]
                    for span, one in zip(spans, jacobians, strict=True)
                ]
                rows.append(self.row(k, r, outputs, np.concatenate(whole)))
            if rows:
                table = [np.stack(parts) for parts in zip(*rows, strict=True)]
                for i, span in enumerate(spans):
                    known = [one[:, span] for one in table]
                    part = comparison.Part._make([*known, jacobians[i][k]])
                    comparison.entries(self, outputs, i, k, part)

    def _drawn(self, outputs: list[Any], n: int) -> tuple[dict[int, Any], list[Any]]:
        """Random directions for inputs and outputs, the same in every run: the n-th ones."""
        stream = np.random.default_rng(n)
        directions = {k: normal(stream, self.inputs[k]._data) for k in self.chosen}
        return directions, [normal(stream, out._data) for out in outputs]

    def _compare_along(self, outputs: list[Any], directions: Any, cotangents: Any) -> bool:
        """Whether vᵀ J u is off for one of the random u and v, so that all entries are wanted."""
        off = False
        for i in range(len(outputs)):
            seeds = zeros_like(outputs)
            seeds[i] = cotangents[i]
            found = self.carried_back(outputs, seeds, once=False)
            for k, g in zip(self.chosen, found, strict=True):
                row = None if g is None else numbers(g._data)
                slope = self.along(outputs, i, k, directions[k], cotangents[i], row)
                if not comparison.agrees_along(self, i, k, slope, directions[k], cotangents[i]):
                    if self.how.search:
                        comparison.searched(self, outputs, i, k, directions[k], cotangents[i])
                    off = True
        return off

    def along(self, outputs: list[Any], i: int, k: int, u: Any, v: Any, g: Any) -> Any:
        """The slope of v · output i along u, and that by the gradient g, its numbers in a row."""
        analytical = 0.0 if g is None else float(np.sum(g * numbers(u)))
        start = sum(numbers(out._data).size for out in outputs[:i])
        weights = numbers(v)
        f = self.curve(k, u, outputs)

        def end(t: float) -> Any:
            return np.array([np.sum(weights * f(t)[start : start + weights.size])])

        here, magnitude = now_of(outputs)
        within = slice(start, start + weights.size)
        known = np.array([np.sum(weights * here[within])])
        spread = np.array([np.sum(np.abs(weights) * magnitude[within])])
        longest = max(1.0, float(np.max(np.abs(self.inputs[k]._data), initial=0.0)))
        sizes = [1.0] if longest < 1e3 else [longest, 1.0]
        expected = np.array([analytical])
        return slopes(end, known, expected, spread, sizes, self.how.eps), analytical

    def _each_output_alone(self, outputs: list[Any]) -> None:
        """An output that nothing was asked of must count as one with a gradient of zero."""
        _, cotangents = self._drawn(outputs, 0)
        for i, out in enumerate(outputs):
            zeros = zeros_like(outputs)
            zeros[i] = cotangents[i]
            among = self.carried_back(outputs, zeros)
            try:
                alone = self.carried_back([out], [cotangents[i]])
            except GradcheckError as error:
                raise GradcheckError(
                    f"{error} This was with a gradient for {self.output_name(i)} alone: backward "
                    "must take None for the others."
                ) from error.__cause__
            for k, one, two in zip(self.chosen, alone, among, strict=True):
                a, b = (0.0 if g is None else np.asarray(g._data) for g in (one, two))
                slack = 1e-12 + self.how.nondet_tol
                if np.allclose(a, b, rtol=1e-9, atol=slack, equal_nan=True):
                    continue
                worst = np.unravel_index(np.argmax(np.abs(a - b)), np.shape(a - b))
                values = [np.broadcast_to(v, np.shape(a - b))[worst] for v in (a, b)]
                raise GradcheckError(
                    f"{self.call}: a missing gradient must count as zero; with one for "
                    f"{self.output_name(i)} alone, that of {self.input_names[k]} at "
                    f"{place(tuple(int(n) for n in worst))} is {values[0]:.8g}, with zeros for "
                    f"the others {values[1]:.8g}. Treat None in backward as zero."
                )

    def _compare_with_zero(self) -> None:
        """No output requires grad: then the function depends on its inputs, or nothing is checked.

        Raises either way.
        """
        h = self.how.eps or FIRST
        before = _doubles(self.called())
        for k in self.chosen:
            x = self.inputs[k]
            original = x._data
            for row in range(numbers(original).size):
                step = _zeros(original)
                numbers(step)[row] = h
                try:
                    x._data = original + step
                    after = _doubles(self.called())
                finally:
                    x._data = original
                for i, (one, two) in enumerate(zip(before, after, strict=False)):
                    slope = np.ravel(two - one) / h
                    if slope.size and np.max(np.abs(slope)) > (self.how.atol or 1e-5):
                        worst = int(np.argmax(np.abs(slope)))
                        at = np.unravel_index(worst, one.shape)
                        raise GradcheckError(
                            f"{self.call}: an output that depends on an input must require grad; "
                            f"output {i} at {place(tuple(map(int, at)))} by {self.input_names[k]} "
                            f"is numerical {slope[worst]:.8g}, analytical 0 (no graph). Nothing "
                            "was checked. Look for detach(), .data, .numpy() or no_grad() in func."
                        )
        raise GradcheckError(
            f"{self.call}: an output must require grad; none does, and nothing was checked. Check "
            "that func uses its inputs, and returns floating-point tensors."
        )

    def output_name(self, i: int) -> str:
        return self.output_names[i] if i < len(self.output_names) else f"output {i}"


def chosen_of(call: str, inputs: list[Any]) -> list[int]:
    """The places of the inputs to check: those that require grad."""
    chosen = [i for i, x in enumerate(inputs) if isinstance(x, TensorBase) and x._edge is not None]
    if not chosen:
        raise ValueError(
            f"{call}: an input must require grad; none of {len(inputs)} does. Make one with "
            "requires_grad=True."
        )
    return chosen


def _doubles(result: Any) -> list[Any]:
    """The float64 results as arrays of their own."""
    return [
        np.array(t._data)
        for t in listed(result)
        if isinstance(t, TensorBase) and t._data.dtype == np.float64
    ]


def _zeros(like: Any) -> Any:
    """Zeros in memory of one piece, whatever the order of the original."""
    return np.zeros(np.shape(like), like.dtype)
