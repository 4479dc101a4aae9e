"""What gradcheck, gradgradcheck and gradcheck_module do, from arguments to verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arrays import dtypes
from autograd.diagnosis.gradcheck import culprits
from autograd.diagnosis.gradcheck.calls import listed
from autograd.diagnosis.gradcheck.check import Check, Settings
from autograd.diagnosis.gradcheck.doubles import in_float64, state_of
from autograd.diagnosis.gradcheck.mistakes import GradcheckError
from autograd.diagnosis.gradcheck.second import of_gradients
from autograd.engine.grad_mode import enable_grad
from autograd.engine.graph import TensorBase
from autograd.random.generator import get_rng_state, set_rng_state


def settings(
    call: str,
    func: Any,
    eps: float | None,
    atol: float | None,
    rtol: float | None,
    nondet_tol: float,
    undefined: bool,
    fast: bool,
    directions: int | None,
    points: int,
) -> Settings:
    """How to check, its numbers looked at."""
    if not callable(func):
        raise TypeError(
            f"{call}: func must be a function of the inputs; got {type(func).__name__}. Pass it "
            "uncalled: f, not f(x)."
        )
    chosen = [value for value in (eps, atol, rtol, nondet_tol) if value is not None]
    if not all(isinstance(value, (int, float)) for value in chosen):
        raise TypeError(
            f"{call}: eps, atol, rtol and nondet_tol are numbers; got {eps!r}, "
            f"{', '.join(map(repr, (atol, rtol, nondet_tol)))}."
        )
    if (eps is not None and not eps > 0) or not min((*chosen[eps is not None :], 0)) >= 0:
        raise ValueError(
            f"{call}: eps must be positive, and atol, rtol and nondet_tol not negative; got "
            f"{eps}, {', '.join(map(str, (atol, rtol, nondet_tol)))}."
        )
    for name, value in (("directions", directions), ("points", points)):
        if value is not None and (type(value) is not int or value < 1):
            raise ValueError(f"{call}: {name} must be a whole number, at least 1; got {value!r}.")
    many = directions or (1 if fast else 0)
    return Settings(eps, atol, rtol, nondet_tol, undefined, many, points)


def refuse(call: str, **asked: Any) -> None:
    """Raise NotImplementedError for a check of what is not there."""
    for name, value in asked.items():
        if not value:
            continue
        raise NotImplementedError(
            f"{call}: {name}=True is not available; gradients are checked on dense tensors. Leave "
            "it out."
        )


class Run:
    """One call: the function, its inputs, how to check them, and what to tell."""

    def __init__(
        self,
        call: str,
        func: Callable[..., Any],
        inputs: Any,
        how: Settings,
        report: Callable[[str], Any] | None,
        localise: bool,
    ) -> None:
        self.call, self.func, self.how = call, func, how
        self.inputs = listed(inputs)
        self.report, self.localise = report, localise

    def verdict(self, checked: Callable[[], str], raise_exception: bool) -> bool:
        """True, and what ``checked`` says is reported; else it raises, or False."""
        try:
            with in_float64(self.func, self.inputs) as narrow:
                said = checked()
        except GradcheckError:
            if raise_exception:
                raise
            return False
        if self.report is not None:
            self.report(f"{self.call}: {said}{' Checked in float64.' if narrow else ''}")
        return True

    # -- what is checked --------------------------------------------------------------------------

    def first(self, ways: tuple[str, ...] = ()) -> str:
        """First derivatives, and other ways to them."""
        check = Check(self.call, self.func, self.inputs, self.how)
        self._run(check, (1,))
        self._other(ways, self.func, self.inputs)
        return _achieved(check)

    def _other(self, ways: tuple[str, ...], func: Callable[..., Any], inputs: list[Any]) -> None:
        """The checks of ways.py that were asked for."""
        if ways:
            from autograd.diagnosis.gradcheck.ways import Ways  # with vmap and forward mode

            others = Ways(self.call, func, inputs)
            for way in ways:
                getattr(others, way)()

    def second(self, grad_outputs: Any, strided: bool, ways: tuple[str, ...] = ()) -> str:
        """Second derivatives, and other ways to them."""
        first = Check(self.call, self.func, self.inputs, self.how)
        check = of_gradients(first, grad_outputs, strided)
        if check is None:
            return "no input has a first derivative, so none has a second one."
        self._run(check, (2,))
        self._other(ways, check.called.func, check.inputs)
        return _achieved(check)

    def model(self, orders: tuple[int, ...]) -> str:
        """All of a model."""
        names = culprits.tensors_named(self.func)
        leaves = [x for x in state_of(self.func) if x._edge is not None]
        state = get_rng_state()

        def outputs(*_: Any) -> Any:
            set_rng_state(state)
            return _flat(self.func(*self.inputs))

        own = [(x, x._data) for x in state_of(self.func) if x._edge is None]
        try:
            how = self.how._replace(search=True)
            check = Check(self.call, outputs, [*self.inputs, *leaves], how)
            check.called.inputs = self.inputs  # parameters are many, and are not written to
            named = {len(self.inputs) + i: names[id(x)] for i, x in enumerate(leaves)}
            check.input_names.update(named)
            findings = self._alone(outputs, orders)
            if findings.culprits:
                raise GradcheckError(
                    f"{self.call}: every operation must have the gradient of its forward; "
                    f"{len(findings.culprits)} of "
                    f"{findings.right + len(findings.culprits)} have not."
                    f"{culprits.text_of(findings)}"
                )
            try:
                check.run()
            except GradcheckError as error:
                raise _with(error, culprits.text_of(findings)) from error.__cause__
        finally:
            for x, array in own:
                x._data = array
            set_rng_state(state)
        kinks = sorted({culprits.described(call) for call in findings.kinks})
        said = f"{findings.right} operations are right alone; {_achieved(check)}"
        if findings.unchecked:
            left = sorted({culprits.described(call) for call in findings.unchecked})
            said += f" Not checked alone: {', '.join(left)}."
        return f"{said} At a kink: {', '.join(kinks)}." if kinks else said

    # -- who it was -------------------------------------------------------------------------------

    def _run(self, check: Check, orders: tuple[int, ...]) -> None:
        try:
            check.run()
        except GradcheckError as error:
            if error.found is None and not error.coarse:
                raise
            more = self._explained(check, orders)
            if more.startswith("\nfloat32") and error.found is not None:
                error.args = (
                    str(error).replace(f" {error.found.hint}", ""),
                )  # it was about a step
            raise _with(error, more) from error.__cause__
        if self.localise:
            findings = self._found(check, orders)
            if findings.culprits:
                raise GradcheckError(
                    f"{self.call}: every operation must have the gradient of its forward; "
                    f"{len(findings.culprits)} have not, though the whole is right here."
                    f"{culprits.text_of(findings)}"
                )

    def _explained(self, check: Check, orders: tuple[int, ...]) -> str:
        """Which operation is wrong, or what else is behind a failure."""
        try:
            findings = self._found(check, orders)
            narrowed = culprits.narrowed(self._calls(check.called))
            return culprits.text_of(findings) if findings.culprits or not narrowed else narrowed
        except Exception as error:  # the failure itself must come through
            return f"\nThe operations could not be checked alone: {type(error).__name__}: {error}"

    def _found(self, check: Check, orders: tuple[int, ...]) -> culprits.Findings:
        """Each operation of a check alone; where it is one of gradients, those of formulas first:

        an operation inside a formula that is wrong makes the second derivative of the outer wrong.
        """
        if orders == (2,):
            findings = self._alone(check.called, (1,))
            if findings.culprits:
                return findings
        return self._alone(lambda: self.func(*self.inputs), orders)

    def _alone(self, func: Callable[[], Any], orders: tuple[int, ...]) -> culprits.Findings:
        how = Settings(directions=0, kinks=self.how.kinks)
        return culprits.checked_alone(self._calls(func).calls, orders, how)

    def _calls(self, func: Callable[[], Any]) -> culprits.Calls:
        with enable_grad():
            return culprits.recorded(func, culprits.tensors_named(self.func))


def _with(error: GradcheckError, more: str) -> GradcheckError:
    told = GradcheckError(f"{error}{more}")
    told.found, told.coarse = error.found, error.coarse
    return told


def _achieved(check: Check) -> str:
    what = "directions" if check.how.directions else "entries"
    return (
        f"{check.entries} {what} agree; analytical and numerical gradients differ by "
        f"{check.achieved:.1e} of the largest at most."
    )


def _flat(result: Any) -> tuple[Any, ...]:
    """The floating tensors of what a model returns, whatever they are packed in."""
    if isinstance(result, TensorBase):
        return (result,) if dtypes.differentiable(result._data.dtype) else ()
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (list, tuple)):
        return tuple([one for part in result for one in _flat(part)])
    return ()
