"""How near a result must come to an oracle's: counted in units of its own dtype, never absolutely.

An absolute tolerance that fits float32 hides a float16 gradient that is wrong by a hundredth.
"""

import numpy as np


def agree(found, expected, of_element=4.0, of_largest=3.0, noise=0.0, what=""):
    """Equal but for some units in the last place: of each element, and of the array's largest.

    The largest is about what the terms were that an element is the sum of; where they cancel, the
    element cannot know more. ``noise`` is in units of 1: for what is 0 by cancelling.
    """
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"{what}: shape {found.shape}, not {expected.shape}"
    if expected.dtype.kind not in "fc" or not expected.size:
        np.testing.assert_array_equal(found, expected, what)
        return
    unit = np.finfo(expected.dtype).eps
    wide = complex if expected.dtype.kind == "c" else float
    largest = np.max(np.abs(expected), where=np.isfinite(expected), initial=0).astype(float)
    np.testing.assert_allclose(
        found.astype(wide),
        expected.astype(wide),
        rtol=of_element * unit,
        atol=unit * (of_largest * largest + noise),
        err_msg=what,
    )
