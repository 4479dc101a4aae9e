"""The functions under the transforms: ``torchvision.transforms.functional``."""

from autograd.vision.transforms.color import (
    adjust_brightness as adjust_brightness,
    adjust_contrast as adjust_contrast,
    adjust_gamma as adjust_gamma,
    adjust_hue as adjust_hue,
    adjust_saturation as adjust_saturation,
    erase as erase,
    gaussian_blur as gaussian_blur,
    invert as invert,
    rgb_to_grayscale as rgb_to_grayscale,
    to_grayscale as to_grayscale,
)
from autograd.vision.transforms.conversion import (
    convert_image_dtype as convert_image_dtype,
    normalize as normalize,
    pil_to_tensor as pil_to_tensor,
    to_pil_image as to_pil_image,
    to_tensor as to_tensor,
)
from autograd.vision.transforms.crop import (
    center_crop as center_crop,
    crop as crop,
    five_crop as five_crop,
    pad as pad,
    resize as resize,
    resized_crop as resized_crop,
    ten_crop as ten_crop,
)
from autograd.vision.transforms.geometry import (
    affine as affine,
    hflip as hflip,
    perspective as perspective,
    rotate as rotate,
    vflip as vflip,
)
from autograd.vision.transforms.image import (
    InterpolationMode as InterpolationMode,
    get_dimensions as get_dimensions,
    get_image_num_channels as get_image_num_channels,
    get_image_size as get_image_size,
)
