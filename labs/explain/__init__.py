"""Why a network says what it says: maps, patches, and tests of their honesty, for any functional Keras classifier.

maps = labs.explain.grad_cam(model, pictures, 281)
labs.show.grid(labs.explain.overlay(pictures, maps))

Pictures are (n, height, width, channels), raw as the network takes them; maps are float32 of their size.
The last layer may be softmax, sigmoid or neither; a backbone may be nested.
"""

from labs.explain.cam import box, cam, grad_cam, guided_grad_cam, overlay
from labs.explain.fields import activations, receptive_field, strongest_patches
from labs.explain.head import grad_cam_network
from labs.explain.honesty import agreement, deletion, insertion, shuffled, weighted_layers
from labs.explain.network import layer_names, score
from labs.explain.occlusion import occlusion, probabilities
from labs.explain.rules import backprop, saliency, smooth_grad

__all__ = [
    "activations",
    "agreement",
    "backprop",
    "box",
    "cam",
    "deletion",
    "grad_cam",
    "grad_cam_network",
    "guided_grad_cam",
    "insertion",
    "layer_names",
    "occlusion",
    "overlay",
    "probabilities",
    "receptive_field",
    "saliency",
    "score",
    "shuffled",
    "smooth_grad",
    "strongest_patches",
    "weighted_layers",
]
