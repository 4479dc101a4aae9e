"""``torch.func``: functions of functions. Each name is loaded when it is first asked for."""

import importlib as _importlib
import typing as _typing

_LAZY = {
    "fixed_point": "autograd.func.fixed_points",
    "functional_call": "autograd.func.modules",
    "grad": "autograd.func.transforms",
    "grad_and_value": "autograd.func.transforms",
    "hessian": "autograd.func.jacobians",
    "jacfwd": "autograd.func.jacobians",
    "jacrev": "autograd.func.jacobians",
    "jvp": "autograd.func.forward",
    "linearize": "autograd.func.forward",
    "odeint": "autograd.func.integration",
    "ravel": "autograd.func.vectors",
    "stack_module_state": "autograd.func.modules",
    "value_and_grad": "autograd.func.optimisers",
    "value_and_jac": "autograd.func.optimisers",
    "vjp": "autograd.func.transforms",
    "vmap": "autograd.func.mapping",
}

if _typing.TYPE_CHECKING:
    from autograd.func.fixed_points import fixed_point as fixed_point
    from autograd.func.forward import jvp as jvp, linearize as linearize
    from autograd.func.integration import odeint as odeint
    from autograd.func.jacobians import hessian as hessian, jacfwd as jacfwd, jacrev as jacrev
    from autograd.func.mapping import vmap as vmap
    from autograd.func.modules import (
        functional_call as functional_call,
        stack_module_state as stack_module_state,
    )
    from autograd.func.optimisers import (
        value_and_grad as value_and_grad,
        value_and_jac as value_and_jac,
    )
    from autograd.func.transforms import grad as grad, grad_and_value as grad_and_value, vjp as vjp
    from autograd.func.vectors import ravel as ravel
else:
    __all__ = list(_LAZY)

    def __getattr__(name):
        """The names of ``_LAZY``, when first asked for."""
        if name in _LAZY:
            found = globals()[name] = getattr(_importlib.import_module(_LAZY[name]), name)
            return found
        from autograd.script.absent import absent

        return absent(__name__, name)

    def __dir__():
        return sorted({*globals(), *_LAZY})
