"""``numpy.random`` under the NumPy face's name: draws are constants."""

from numpy.random import *  # noqa: F403
