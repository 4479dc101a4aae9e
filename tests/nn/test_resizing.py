"""Resizing and sampling of pictures: what the rows do not say."""

import numpy as np
import pytest

import autograd
import nn
from nn import functional as F

PICTURE = autograd.arange(12.0).reshape(1, 1, 3, 4)


@pytest.mark.parametrize(
    "arguments, kind, words",
    [
        ({}, ValueError, "got neither"),
        ({"size": 2, "scale_factor": 2}, ValueError, "got both"),
        ({"size": (2, 3, 4)}, ValueError, "one number per axis"),
        ({"size": 0}, RuntimeError, "1 or more"),
        ({"scale_factor": 0.1}, RuntimeError, "1 or more"),
        ({"scale_factor": -1}, ValueError, "positive"),
        ({"size": 2, "mode": "cubic"}, NotImplementedError, "mode must be one of"),
        ({"size": 2, "mode": "linear"}, NotImplementedError, "of 1 axes"),
        ({"size": 2, "align_corners": True}, ValueError, "align_corners goes with"),
        ({"size": 2, "antialias": True}, ValueError, "antialias goes with"),
        ({"size": 2, "recompute_scale_factor": True}, ValueError, "goes with scale_factor"),
    ],
)
def test_interpolate_misused(arguments, kind, words):
    with pytest.raises(kind, match=words):
        F.interpolate(PICTURE, **arguments)


def test_whole_numbers_are_only_repeated():
    assert F.interpolate(PICTURE.long(), scale_factor=2).dtype == autograd.int64
    with pytest.raises(TypeError, match="floating-point"):
        F.interpolate(PICTURE.long(), scale_factor=2, mode="bilinear")


def test_an_infinite_pixel_stays_where_it_is():
    x = PICTURE.clone()
    x[0, 0, 0, 0] = np.inf
    out = F.interpolate(x, scale_factor=2, mode="bilinear").numpy()
    assert np.isinf(out[0, 0, 0, 0]) and np.isfinite(out[0, 0, 3:, 3:]).all()


def test_what_becomes_smaller_is_smoothed():
    stripes = autograd.tensor(np.arange(8) % 2 * 1.0).reshape(1, 1, 1, 8).expand(1, 1, 8, 8)
    for mode in ("bilinear", "bicubic"):
        small = F.interpolate(stripes, (2, 2), mode=mode, antialias=True)
        np.testing.assert_allclose(small.numpy(), 0.5, atol=0.05)
    wide = F.interpolate(stripes[..., :1], (4, 1), mode="bilinear", antialias=True)
    assert wide.shape == (1, 1, 4, 1) and (wide == 0).all()


def test_the_older_names_warn():
    for name, arguments in (("upsample", {"mode": "bilinear"}), ("upsample_nearest", {})):
        with pytest.warns(UserWarning, match="interpolate"):
            getattr(F, name)(PICTURE, scale_factor=2, **arguments)
    with pytest.warns(UserWarning, match="align_corners=True"):
        out = F.upsample_bilinear(PICTURE, (5, 7))
    same = F.interpolate(PICTURE, (5, 7), mode="bilinear", align_corners=True)
    assert autograd.equal(out, same)


def test_the_identity_samples_the_picture():
    theta = autograd.tensor([[[1.0, 0, 0], [0, 1.0, 0]]])
    for corners in (False, True):
        grid = F.affine_grid(theta, PICTURE.shape, corners)
        out = F.grid_sample(PICTURE, grid, align_corners=corners)
        np.testing.assert_allclose(out.numpy(), PICTURE.numpy(), atol=1e-5)


def test_grid_sample_misused():
    grid = autograd.zeros(1, 2, 2, 2)
    with pytest.raises(ValueError, match="mode must be"):
        F.grid_sample(PICTURE, grid, "cubic")
    with pytest.raises(ValueError, match="padding_mode must be"):
        F.grid_sample(PICTURE, grid, padding_mode="zero")
    with pytest.raises(ValueError, match="goes with a grid"):
        F.grid_sample(PICTURE, grid[..., :1])
    with pytest.raises(TypeError, match="one floating dtype"):
        F.grid_sample(PICTURE, grid.double())
    with pytest.raises(ValueError, match="goes with a size"):
        F.affine_grid(autograd.zeros(1, 2, 2), (1, 1, 2, 2))


@pytest.mark.torch
def test_random_pictures_against_torch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    corners = ("linear", "bilinear", "bicubic", "trilinear")
    plain = ("nearest", "nearest-exact", "area")
    for d, own in ((1, ("linear",)), (2, ("bilinear", "bicubic")), (3, ("trilinear",))):
        for mode in (*plain, *own) * 8:
            options = {"mode": mode}
            if rng.random() < 0.5:
                options["size"] = rng.integers(2, 13, d).tolist()
            else:
                options["scale_factor"] = rng.choice([0.5, 0.77, 1.5, 2.0, 2.3], d).tolist()
                options["recompute_scale_factor"] = bool(rng.random() < 0.4)
            if mode in corners:
                options["align_corners"] = bool(rng.random() < 0.5)
            # of one column PyTorch 2.13 smooths the first row twice
            options["antialias"] = bool(mode in ("bilinear", "bicubic") and rng.random() < 0.5)
            x = rng.standard_normal((2, 1, *rng.integers(4, 9, d))).astype("f")
            expected = torch.nn.functional.interpolate(torch.tensor(x), **options).numpy()
            found = F.interpolate(autograd.tensor(x), **options).numpy()
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, err_msg=str(options))


@pytest.mark.torch
def test_random_places_against_torch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    for d, mode in ((2, "bilinear"), (2, "nearest"), (2, "bicubic"), (3, "bilinear")) * 2:
        for padding in ("zeros", "border", "reflection"):
            for corners in (False, True):
                x = rng.standard_normal((2, 3, *rng.integers(1, 6, d)))
                grid = rng.uniform(-1.6, 1.6, (2, *rng.integers(1, 5, d), d))
                options = {"mode": mode, "padding_mode": padding, "align_corners": corners}
                ours = [autograd.tensor(a, requires_grad=True) for a in (x, grid)]
                theirs = [torch.tensor(a, requires_grad=True) for a in (x, grid)]
                found = F.grid_sample(*ours, **options)
                expected = torch.nn.functional.grid_sample(*theirs, **options)
                (found**2).sum().backward()
                (expected**2).sum().backward()
                pairs = [(found, expected), *((a.grad, b.grad) for a, b in zip(ours, theirs))]
                for a, b in pairs:
                    a, b = a.detach().numpy(), b.detach().numpy()
                    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9, err_msg=str(options))


def test_softmax_of_pixels_takes_pictures():
    with pytest.raises(ValueError, match="Softmax2d"):
        nn.Softmax2d()(autograd.zeros(3))


def test_grid_sample_of_no_picture():
    found = F.grid_sample(autograd.ones(0, 3, 4, 5), autograd.ones(0, 2, 6, 2), align_corners=False)
    assert found.shape == (0, 3, 2, 6)
