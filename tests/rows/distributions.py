"""Distributions: their parameters, and what is outside of them. Data only."""

from typing import Any, NamedTuple

# fmt: off


class Row(NamedTuple):
    name: str
    parameters: dict[str, Any]  # lists become tensors that take part in gradients
    bad: dict[str, Any] = {}  # refused, one by one
    outside: Any = None  # a value that is refused
    gradient: bool = True  # of the draws
    shown: str | None = None  # how it prints


PROBS = [[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]
LOGITS = [[0.5, -1.0, 0.3], [0.0, 0.1, -2.0]]
MATRIX = [[2.0, 0.5], [0.5, 1.0]]
FACTOR = [[1.5, 0.0], [-0.5, 0.7]]

ROWS = [
    Row("Normal", {"loc": [0.5, -1.0, 2.0], "scale": [1.0, 0.3, 2.0]}, {"scale": -1.0},
        shown="Normal(loc: {size}([3]), scale: {size}([3]))"),
    Row("Uniform", {"low": [0.0, -1.0], "high": [1.0, 3.0]}, {"low": 4.0}, 5.0),
    Row("Exponential", {"rate": [0.5, 3.0]}, {"rate": 0.0}, -1.0),
    Row("Laplace", {"loc": [0.5, -1.0], "scale": [1.0, 0.3]}, {"scale": 0.0}),
    Row("LogNormal", {"loc": [0.5, -1.0], "scale": [0.5, 0.3]}, {"scale": 0.0}, -1.0,
        shown="LogNormal()"),
    Row("Gamma", {"concentration": [0.3, 1.0, 4.0], "rate": [1.0, 2.0, 0.5]},
        {"concentration": 0.0, "rate": -1.0}, -1.0),
    Row("Chi2", {"df": [1.5, 4.0]}, {"df": -1.0}, -1.0),
    Row("Beta", {"concentration1": [0.5, 2.0], "concentration0": [1.5, 3.0]},
        {"concentration1": 0.0}, 2.0, shown="Beta()"),
    Row("Dirichlet", {"concentration": [[0.5, 1.0, 3.0], [2.0, 0.7, 1.2]]},
        {"concentration": [1.0, -1.0]}, [0.5, 0.5, 0.5]),
    Row("StudentT", {"df": [3.0, 6.5], "loc": [0.5, 0.0], "scale": [1.0, 2.0]}, {"df": 0.0}),
    Row("HalfNormal", {"scale": [0.5, 2.0]}, {"scale": -1.0}, -1.0),
    Row("Cauchy", {"loc": [0.5, 0.0], "scale": [1.0, 2.0]}, {"scale": -1.0}),
    Row("HalfCauchy", {"scale": [0.5, 2.0]}, {"scale": -1.0}, -1.0),
    Row("Gumbel", {"loc": [0.5, 0.0], "scale": [1.0, 2.0]}, {"scale": -1.0}),
    Row("Weibull", {"scale": [0.5, 2.0], "concentration": [1.5, 2.5]}, {"scale": -1.0}, -1.0),
    Row("Pareto", {"scale": [0.5, 2.0], "alpha": [3.5, 2.5]}, {"alpha": -1.0}, 0.1),
    Row("MultivariateNormal", {"loc": [0.5, -1.0], "covariance_matrix": MATRIX},
        {"covariance_matrix": [[1.0, 2.0], [2.0, 1.0]]}),
    Row("MultivariateNormal", {"loc": [[0.5, -1.0], [0.0, 0.0]], "scale_tril": FACTOR},
        {"scale_tril": MATRIX}),
    Row("MultivariateNormal", {"loc": [0.5, -1.0], "precision_matrix": [MATRIX, MATRIX]},
        {"precision_matrix": FACTOR}),
    Row("Bernoulli", {"probs": [0.2, 0.7, 1.0, 0.0]}, {"probs": 1.5}, 0.5, False),
    Row("Bernoulli", {"logits": [0.2, -3.0]}, {}, 2.0, False),
    Row("Binomial", {"total_count": 4, "probs": [0.2, 0.7]}, {"probs": -0.5}, 5.0, False),
    Row("Binomial", {"total_count": 30, "logits": [0.2, -0.1]}, {}, -1.0, False),
    Row("Geometric", {"probs": [0.2, 0.7, 1.0]}, {"probs": 0.0}, -1.0, False),
    Row("Geometric", {"logits": [0.2, -1.5]}, {}, 0.5, False),
    Row("Poisson", {"rate": [0.5, 4.0, 30.0]}, {"rate": -1.0}, -1.0, False),
    Row("Categorical", {"probs": PROBS}, {"probs": [-0.5, 1.5]}, 3, False,
        "Categorical(probs: {size}([2, 3]))"),
    Row("Categorical", {"logits": LOGITS}, {}, -1, False),
    Row("OneHotCategorical", {"probs": PROBS}, {"probs": [-0.5, 1.5]}, [1.0, 1.0, 0.0], False),
    Row("OneHotCategoricalStraightThrough", {"logits": LOGITS}, {}, [1.0, 1.0, 0.0]),
    Row("Multinomial", {"total_count": 5, "probs": PROBS}, {"probs": [-0.5, 1.5]},
        [-1.0, 3.0, 3.0], False),
    Row("Multinomial", {"total_count": 3, "logits": LOGITS}, {}, [-1.0, 3.0, 3.0], False),
    Row("RelaxedBernoulli", {"temperature": 0.7, "probs": [0.2, 0.7]}, {"probs": 1.5}, 2.0),
    Row("RelaxedBernoulli", {"temperature": 0.7, "logits": [0.2, -0.7]}, {"probs": 1.5}),
    Row("RelaxedOneHotCategorical", {"temperature": 0.7, "probs": PROBS}, {},
        [0.5, 1.0, 0.5]),
    Row("RelaxedOneHotCategorical", {"temperature": 0.7, "logits": LOGITS}),
]
