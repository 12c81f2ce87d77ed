"""Why a network says what it says: maps of where it looks, for any functional Keras classifier.

maps = labs.explain.grad_cam(model, pictures, 281)
labs.show.grid(labs.explain.overlay(pictures, maps))

Pictures are (n, height, width, channels), raw as the network takes them; maps are float32 of their size.
The last layer may be softmax, sigmoid or neither; a backbone may be nested.
"""

from labs.explain.cam import cam, grad_cam, overlay
from labs.explain.head import grad_cam_network
from labs.explain.network import activations, layer_names, score
from labs.explain.occlusion import occlusion
from labs.explain.rules import backprop, saliency

__all__ = [
    "activations",
    "backprop",
    "cam",
    "grad_cam",
    "grad_cam_network",
    "layer_names",
    "occlusion",
    "overlay",
    "saliency",
    "score",
]
