"""Gradients by the backward pass against gradients by differences: what gradcheck does.

Those by the backward pass (*analytical*) are compared, entry by entry of the Jacobian, with central
differences (*numerical*), (f(x + ε) - f(x - ε)) / 2ε, whose error is of order ε².
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.arrays import dtypes
from autograd.diagnosis.mistakes import GradcheckError, told
from autograd.engine.backward import grad
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import TensorBase, wrap


class _Entry(NamedTuple):
    """One entry of a Jacobian that is off: where, and both numbers."""

    at_input: tuple[int, ...]
    at_output: tuple[int, ...]
    numerical: float
    analytical: float
    tolerance: float


class Check:
    """One run of gradcheck: the function, its inputs, and the tolerances."""

    def __init__(
        self,
        call: str,
        func: Callable[..., Any],
        inputs: Any,
        eps: float,
        atol: float,
        rtol: float,
        nondet_tol: float,
    ) -> None:
        self.call, self.func = call, func
        self.eps, self.atol, self.rtol, self.nondet_tol = eps, atol, rtol, nondet_tol
        self.inputs = listed(inputs)
        self.chosen = chosen_of(call, self.inputs)
        self.input_names = {i: f"input {i}" for i in range(len(self.inputs))}
        self.output_names: list[str] = []

    def run(self, fast: bool, undefined: bool, raise_exception: bool) -> bool:
        try:
            with enable_grad():
                self._compare(fast, undefined)
        except GradcheckError:
            if raise_exception:
                raise
            return False
        return True

    def _compare(self, fast: bool, undefined: bool) -> None:
        outputs = self.outputs()
        if not outputs:
            return self._compare_with_zero()
        self._same_twice("the function", "output", outputs, self.outputs())
        for i, out in enumerate(outputs):
            found = out._data.dtype
            if found != np.float64:
                raise ValueError(
                    f"{self.call}: outputs must be float64, as differences of {self.eps:g} are "
                    f"lost otherwise; {self._output(i)} is {found}. Keep float64 inside func."
                )
        if undefined and len(outputs) > 1:
            self._each_output_alone(outputs)
        probes = self._drawn(outputs) if fast else None
        for i in range(len(outputs)):
            jacobians = self._analytical(outputs, i) if not fast else None
            for k in self.chosen:
                if probes is not None and self._agrees_along(outputs, i, k, *probes):
                    continue
                if jacobians is None:
                    jacobians = self._analytical(outputs, i)
                self._compare_entries(i, k, outputs[i], jacobians[k], probes)

    # -- the function -----------------------------------------------------------------------------

    def outputs(self) -> list[Any]:
        """The outputs that require grad; raises where the call changed an input."""
        return differentiable(self._called())

    def _called(self) -> Any:
        tensors = {i: x for i, x in enumerate(self.inputs) if isinstance(x, TensorBase)}
        before = {i: np.array(x._data) for i, x in tensors.items()}
        result = self.func(*self.inputs)
        for i, x in tensors.items():
            after = np.asarray(x._data)
            if after.shape == before[i].shape and np.array_equal(
                after, before[i], equal_nan=dtypes.differentiable(after.dtype)
            ):
                continue
            where = ""
            if after.shape == before[i].shape:
                at = tuple(int(n) for n in np.argwhere(after != before[i])[0])
                where = f" at {_place(at)}: it was {before[i][at]:.8g} and is {after[at]:.8g}"
            else:
                where = f": its shape was {before[i].shape} and is {after.shape}"
            if after.shape == before[i].shape and after.ndim and after.flags.writeable:
                x._data[...] = before[i]
            else:
                x._data = before[i] if before[i].ndim else before[i][()]
            raise GradcheckError(
                f"{self.call}: the function must leave its inputs as they are; "
                f"{self.input_names[i]} was changed in place{where}. Work on a copy: x.clone()."
            )
        return result

    def _values(self) -> list[Any]:
        """The values of the outputs, as arrays of their own."""
        outputs = differentiable(self._called())
        return [np.array(out._data) for out in outputs]

    def _same_twice(self, what: str, names: str, first: Any, second: Any) -> None:
        if len(first) != len(second):
            raise GradcheckError(
                f"{self.call}: {what} must be deterministic; it gave {len(first)} {names}s, then "
                f"{len(second)}."
            )
        for i, (one, two) in enumerate(zip(first, second, strict=True)):
            if one is None and two is None:
                continue
            a, b = (np.zeros(()) if v is None else np.asarray(v._data) for v in (one, two))
            if a.shape == b.shape and np.array_equal(a, b, equal_nan=True):
                continue
            if a.shape == b.shape and np.all(np.abs(a - b) <= self.nondet_tol):
                continue
            fact = f"shapes {a.shape} and {b.shape}"
            if a.shape == b.shape:
                with np.errstate(invalid="ignore"):
                    apart = np.nan_to_num(np.abs(a - b), nan=np.inf)
                at = tuple(int(n) for n in np.unravel_index(np.argmax(apart), a.shape))
                fact = f"{a[at]:.8g}, then {b[at]:.8g} at {_place(at)}"
            raise GradcheckError(
                f"{self.call}: {what} must give the same twice (nondet_tol={self.nondet_tol:g}); "
                f"{names} {i} was {fact}. Seed or switch off what is random (dropout: eval())."
            )

    # -- analytical -------------------------------------------------------------------------------

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

    def _analytical(self, outputs: list[Any], i: int) -> dict[int, Any]:
        """For each chosen input the Jacobian of output i, (elements of x, of out), or None."""
        seeds = [np.zeros(out.shape) for out in outputs]
        size = seeds[i].size
        rows: dict[int, Any] = {k: None for k in self.chosen}
        for j in range(size):
            seeds[i].reshape(-1)[j] = 1.0
            given = [wrap(seed.copy() if seed.ndim else seed[()], None) for seed in seeds]
            found = self.grads(outputs, given)
            if j == 0:
                again = self.grads(outputs, given)
                self._same_twice("the backward pass", "gradient", found, again)
            seeds[i].reshape(-1)[j] = 0.0
            for k, g in zip(self.chosen, found, strict=True):
                if g is not None:
                    if rows[k] is None:
                        rows[k] = np.zeros((np.size(self.inputs[k]._data), size))
                    rows[k][:, j] = np.ravel(g._data)
        return rows

    def _each_output_alone(self, outputs: list[Any]) -> None:
        """An output that nothing was asked of must count as one with a gradient of zero."""
        _, cotangents = self._drawn(outputs)
        for i, out in enumerate(outputs):
            zeros = [np.zeros(o.shape) for o in outputs]
            zeros[i] = cotangents[i]
            among = self.grads(outputs, [wrap(z if z.ndim else z[()], None) for z in zeros])
            v = cotangents[i]
            try:
                alone = self.grads([out], [wrap(v if v.ndim else v[()], None)])
            except GradcheckError as error:
                raise GradcheckError(
                    f"{error} This was with a gradient for {self._output(i)} alone: backward must "
                    "take None for the others."
                ) from error.__cause__
            for k, one, two in zip(self.chosen, alone, among, strict=True):
                a, b = (0.0 if g is None else np.asarray(g._data) for g in (one, two))
                if np.allclose(a, b, rtol=1e-9, atol=1e-12 + self.nondet_tol, equal_nan=True):
                    continue
                worst = np.unravel_index(np.argmax(np.abs(a - b)), np.shape(a - b))
                values = [float(np.broadcast_to(v, np.shape(a - b))[worst]) for v in (a, b)]
                raise GradcheckError(
                    f"{self.call}: a missing gradient must count as zero; with one for "
                    f"{self._output(i)} alone, that of {self.input_names[k]} at "
                    f"{_place(tuple(int(n) for n in worst))} is {values[0]:.8g}, with zeros for "
                    f"the others {values[1]:.8g}. Treat None in backward as zero."
                )

    # -- numerical --------------------------------------------------------------------------------

    def _moved(self, k: int, steps: Sequence[Any]) -> list[list[Any]]:
        """The outputs at x + step for each of ``steps``, with x the input k.

        The tensor itself is moved, as ``func`` may reach it in other ways (a module's parameters).
        """
        x = self.inputs[k]
        original = x._data
        found = []
        try:
            for step in steps:
                x._data = original + step
                found.append(self._values())
        finally:
            x._data = original
        return found

    def _numerical(self, k: int, i: int, shape: tuple[int, ...]) -> Any:
        """The Jacobian of output i for input k by central differences."""
        x = np.asarray(self.inputs[k]._data)
        jacobian = np.zeros((x.size, math.prod(shape)))
        for row in range(x.size):
            step = np.zeros(x.shape)
            step.reshape(-1)[row] = self.eps
            ahead, behind = self._moved(k, (step, -step))
            self._check_shape(i, ahead, behind, shape)
            with np.errstate(invalid="ignore"):
                jacobian[row] = np.ravel(ahead[i] - behind[i]) / (2 * self.eps)
        return jacobian

    def _check_shape(self, i: int, ahead: Any, behind: Any, shape: tuple[int, ...]) -> None:
        for values in (ahead, behind):
            if i >= len(values) or values[i].shape != shape:
                raise GradcheckError(
                    f"{self.call}: outputs must keep their number and shapes when an input moves "
                    f"by eps={self.eps:g}; {self._output(i)} of shape {shape} did not."
                )

    # -- the comparison ---------------------------------------------------------------------------

    def _drawn(self, outputs: list[Any]) -> tuple[dict[int, Any], list[Any]]:
        """A random direction for each chosen input and each output, the same in every run."""
        stream = np.random.default_rng(0)
        directions = {k: stream.normal(size=self.inputs[k].shape) for k in self.chosen}
        return directions, [np.asarray(stream.normal(size=tuple(o.shape))) for o in outputs]

    def _agrees_along(
        self, outputs: list[Any], i: int, k: int, directions: Any, cotangents: Any
    ) -> bool:
        """Whether vᵀ J u agrees, for the random u and v."""
        u, v = np.asarray(directions[k]), cotangents[i]
        step = self.eps * u
        ahead, behind = self._moved(k, (step, -step))
        self._check_shape(i, ahead, behind, v.shape)
        numerical = np.sum(v * (ahead[i] - behind[i])) / (2 * self.eps)
        seeds = [np.zeros(out.shape) for out in outputs]
        seeds[i] = v
        given = [wrap(seed if seed.ndim else seed[()], None) for seed in seeds]
        found = self.grads(outputs, given)
        self._same_twice("the backward pass", "gradient", found, self.grads(outputs, given))
        g = found[self.chosen.index(k)]
        analytical = 0.0 if g is None else np.sum(np.asarray(g._data) * u)
        weight = np.sum(np.abs(u)) * np.sum(np.abs(v))  # of an error of atol in every entry
        self.along = float(numerical), float(analytical)
        return bool(abs(analytical - numerical) <= self.atol * weight + self.rtol * abs(numerical))

    def _compare_entries(self, i: int, k: int, out: Any, jacobian: Any, probes: Any) -> None:
        shape = tuple(out.shape)
        numerical = self._numerical(k, i, shape)
        analytical = np.zeros_like(numerical) if jacobian is None else jacobian
        entry, count = self._worst(self.inputs[k], shape, numerical, analytical)
        if entry is not None:
            hint = told(
                numerical,
                jacobian,
                (entry.numerical, entry.analytical),
                tuple(self.inputs[k].shape),
                shape,
                lambda: self._slopes(i, k, entry),
            )
            raise GradcheckError(self._message(i, k, entry, count, numerical, analytical, hint))
        if probes is not None:
            raise GradcheckError(
                f"{self.call}: analytical and numerical gradients must agree; along a random "
                f"direction, {self._output(i)} by {self.input_names[k]} is numerical "
                f"{self.along[0]:.8g}, analytical {self.along[1]:.8g}, though each entry is within "
                "its tolerance. Run without fast_mode to check by entries alone."
            )

    def _compare_with_zero(self) -> None:
        """No output requires grad: then the function must not depend on its inputs."""
        before = _doubles(self._called())
        for k in self.chosen:
            x = np.asarray(self.inputs[k]._data)
            for row in range(x.size):
                step = np.zeros(x.shape)
                step.reshape(-1)[row] = self.eps
                original = self.inputs[k]._data
                try:
                    self.inputs[k]._data = original + step
                    after = _doubles(self._called())
                finally:
                    self.inputs[k]._data = original
                for i, (one, two) in enumerate(zip(before, after, strict=False)):
                    slope = np.ravel(two - one) / self.eps
                    if slope.size and np.max(np.abs(slope)) > self.atol:
                        worst = int(np.argmax(np.abs(slope)))
                        at = np.unravel_index(worst, one.shape)
                        raise GradcheckError(
                            f"{self.call}: an output that depends on an input must require grad; "
                            f"output {i} at {_place(tuple(map(int, at)))} by {self.input_names[k]} "
                            f"is numerical {slope[worst]:.8g}, analytical 0 (no graph). Look for "
                            "detach(), .data, .numpy() or no_grad() in func."
                        )

    def _worst(
        self, x: Any, shape: tuple[int, ...], numerical: Any, analytical: Any
    ) -> tuple[_Entry | None, int]:
        """The entry that is furthest off, and how many are."""
        with np.errstate(invalid="ignore"):
            allowed = self.atol + self.rtol * np.abs(numerical)
            same = np.equal(numerical, analytical)  # infinities
            excess = np.where(same, -1.0, np.abs(analytical - numerical) - allowed)
        excess = np.where(np.isnan(excess), np.inf, excess)
        wrong = excess > 0
        if not wrong.any():
            return None, 0
        row, column = np.unravel_index(np.argmax(excess), excess.shape)
        entry = _Entry(
            tuple(int(n) for n in np.unravel_index(row, x.shape)),
            tuple(int(n) for n in np.unravel_index(column, shape)),
            float(numerical[row, column]),
            float(analytical[row, column]),
            float(allowed[row, column]),
        )
        return entry, int(wrong.sum())

    def _slopes(self, i: int, k: int, entry: _Entry) -> tuple[float, float]:
        """The slopes to the left and to the right of an entry's element."""
        step = np.zeros(tuple(self.inputs[k].shape))
        step[entry.at_input] = self.eps
        behind, here, ahead = (
            float(values[i][entry.at_output]) for values in self._moved(k, (-step, 0 * step, step))
        )
        return (here - behind) / self.eps, (ahead - here) / self.eps

    def _output(self, i: int) -> str:
        return self.output_names[i] if i < len(self.output_names) else f"output {i}"

    def _message(
        self, i: int, k: int, e: _Entry, count: int, numerical: Any, analytical: Any, hint: str
    ) -> str:
        text = (
            f"{self.call}: analytical and numerical gradients must agree; {self._output(i)} at "
            f"{_place(e.at_output)} by {self.input_names[k]} at {_place(e.at_input)} is numerical "
            f"{e.numerical:.8g}, analytical {e.analytical:.8g}: they differ by "
            f"{abs(e.analytical - e.numerical):.3g}, allowed are {e.tolerance:.3g}. "
            f"{count} of {numerical.size} entries of this Jacobian are off. {hint}"
        )
        if 1 < numerical.size <= 64:
            with np.printoptions(precision=5, suppress=True, linewidth=100):
                text += (
                    f"\nrows: elements of {self.input_names[k]}; columns: elements of "
                    f"{self._output(i)}\nnumerical\n{numerical}\nanalytical\n{analytical}"
                )
        return text


def _place(at: tuple[int, ...]) -> str:
    """An index as it is written in brackets; a 0-d value has none."""
    return f"[{', '.join(map(str, at))}]" if at else "()"


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def differentiable(result: Any) -> list[Any]:
    """The tensors among a function's results that require grad."""
    tensors = [t for t in listed(result) if isinstance(t, TensorBase)]
    if not tensors:
        raise TypeError(
            "gradcheck: func must return a tensor or a tuple of them; got "
            f"{type(result).__name__}. Does it return its result?"
        )
    return [t for t in tensors if t._edge is not None]


def _doubles(result: Any) -> list[Any]:
    """The float64 results as arrays of their own."""
    return [
        np.array(t._data)
        for t in listed(result)
        if isinstance(t, TensorBase) and t._data.dtype == np.float64
    ]


def chosen_of(call: str, inputs: list[Any]) -> list[int]:
    """The places of the inputs to check: those that require grad, which must be float64."""
    chosen = [i for i, x in enumerate(inputs) if isinstance(x, TensorBase) and x._edge is not None]
    if not chosen:
        raise ValueError(
            f"{call}: an input must require grad; none of {len(inputs)} does. Make one with "
            "requires_grad=True."
        )
    for i in chosen:
        if inputs[i]._data.dtype != np.float64:
            raise ValueError(
                f"{call}: inputs that require grad must be float64, as differences of 1e-6 are "
                f"lost otherwise; input {i} is {inputs[i]._data.dtype}. Make it with "
                "dtype=float64, or a module with .double()."
            )
    return chosen
