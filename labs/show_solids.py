"""Solids in a row, drawn so that a still picture can be read: meshes lit, voxels as cubes, points coloured by height."""

import matplotlib.pyplot as plt
import numpy as np

from labs.errors import LabsError


def row(things, titles=None, colors=None):
    """Show solids beside each other; each lies in the cube from -1 to 1, z is up.

    things: meshes (vertices (n, 3), triangles (m, 3)), points (n, 3), or voxels, bool (side, side, side). titles: n texts.
    colors: for each cloud one colour a point, in place of its height.

    Example: `show_solids.row([points, (vertices, faces)], ["cloud", "mesh"])`.
    """
    panels = {"projection": "3d"}
    figure, axes = plt.subplots(
        1, len(things), figsize=(2.5 * len(things), 2.8), subplot_kw=panels, squeeze=False
    )
    figure.subplots_adjust(0, 0, 1, 0.9, 0.02)
    for number, (one, thing) in enumerate(zip(axes[0], things, strict=True)):
        draw(one, thing, titles[number] if titles else "", colors[number] if colors else None)


def draw(axes, thing, title="", color=None):
    """Draw one thing, as of `row`, into 3D axes of matplotlib."""
    if isinstance(thing, tuple):
        _mesh(axes, *thing)
    elif np.ndim(thing) == 3:
        corners = np.indices(np.array(np.shape(thing)) + 1) * 2 / len(thing) - 1
        axes.voxels(*corners, thing, facecolors="#8fb4d8", edgecolor="#40658a", linewidth=0.2)
    elif np.ndim(thing) == 2 and np.shape(thing)[1] == 3:
        x, y, z = np.transpose(thing)
        axes.scatter(x, y, z, s=4, c=z if color is None else color)
    else:
        raise LabsError(
            f"An array of shape {np.shape(thing)} is no solid: give a mesh, points (n, 3) or voxels."
        )
    axes.set(xlim=(-0.8, 0.8), ylim=(-0.8, 0.8), zlim=(-0.8, 0.8), title=title)
    axes.view_init(28, -55)
    axes.set_box_aspect((1, 1, 1), zoom=1.5)
    axes.set_axis_off()


def _mesh(axes, vertices, faces):
    """Each triangle as bright as it faces the light."""
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    corners = np.asarray(vertices)[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    light = np.abs(across @ (0.5, -0.7, 0.5)) / (np.linalg.norm(across, axis=1) + 1e-9)
    axes.add_collection3d(Poly3DCollection(corners, facecolors=plt.cm.Blues_r(0.15 + 0.6 * light.clip(0, 1))))
