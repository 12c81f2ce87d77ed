"""The figures that published notebooks show where the data set's own photographs may not be published.

Each function draws, with matplotlib, what stands in for the figure of one cell tagged `unpublished`, from pictures
that anybody may show: drawings of ours and open photographs. What a network says of them is really what it says.
FIGURES tells which function serves which cell: {notebook: [one for each such cell, in order, or None]}.
tools/build_notebooks.py puts the picture and its sentence in the withheld figure's place.
"""

import functools

import cv2
import numpy as np

import labs
from labs.data import open_photos
from labs.export.card import read_labels

DRAWINGS = "drawings of ours", "우리가 그린 그림"


def ten_classes():
    drawn = labs.load("cifar10", "sample")
    shown = np.concatenate([np.flatnonzero(drawn.y_train == number)[:2] for number in range(10)])
    shown = shown.reshape(10, 2).T.ravel()
    titles = [drawn.labels[number] for number in drawn.y_train[shown]]
    labs.show.grid(drawn.x_train[shown], titles=titles, source="drawings (labs)")
    return DRAWINGS


def things_it_knows():
    """The kept network of lab 01 and the ten drawings that it meets first."""
    drawn = labs.load("cifar10", "sample")
    x, y = drawn.x_test[:10], drawn.y_test[:10]
    labs.show.predictions(
        x, _answers("cifar10", x), drawn.labels, truth=y, columns=5, source="drawings (labs)"
    )
    return (
        "drawings of ours, read by saved_models/cifar10, which has learnt from photographs alone",
        "우리가 그린 그림을, 사진만 보고 배운 saved_models/cifar10이 읽은 것",
    )


def things_it_does_not_know():
    """The kept network of lab 01 and photographs of what belongs to none of its classes."""
    names = ["astronaut", "brick", "cell", "clock", "coffee", "coins", "hubble", "retina", "rocket", "text"]
    photos = np.stack([_square(open_photos.read(name), 32) for name in names])
    labels = labs.load("cifar10", "sample").labels
    answers = _answers("cifar10", photos)
    order = np.argsort(-answers.max(axis=1))
    labs.show.predictions(photos[order], answers[order], labels, columns=5, source=open_photos.SOURCE)
    return (
        "open photographs of what belongs to none of the ten classes, and what saved_models/cifar10 says all the same",
        "열 부류에 없는 것을 찍은 공개 사진과, 그래도 saved_models/cifar10이 하는 대답",
    )


def cats_and_dogs():
    drawn = labs.load("cats_vs_dogs", "sample", side=128)
    titles = [drawn.labels[label] for label in drawn.y_train[:16]]
    labs.show.grid(drawn.x_train[:16], titles=titles, columns=8, source="drawings (labs)")
    return DRAWINGS


def neither_cat_nor_dog():
    """Lab 03's kept network knows two answers only."""
    names = ["astronaut", "chelsea", "clock", "coffee", "rocket"]
    photos = np.stack([_square(open_photos.read(name), 224) for name in names])
    answers = _answers("cats_vs_dogs", photos, "tfjs_wasm")
    labs.show.predictions(photos, answers, ["cat", "dog"], columns=5, source=open_photos.SOURCE)
    return (
        "open photographs, one of them of a cat; the kept network of lab 03 has only two answers, and gives one to each",
        "공개 사진 다섯 장(고양이는 한 장). 실습 03의 남겨 둔 신경망은 아는 답이 둘뿐이라 모두에게 하나씩 답합니다",
    )


def what_mobilenet_says():
    network = labs.backbone.load("MobileNet", alpha=0.75)
    names = ["chelsea", "coffee", "rocket", "clock", "astronaut"]
    photos = np.float32([_square(open_photos.read(name), 224) for name in names])
    answers = network.predict(labs.backbone.preprocessing("MobileNet")(photos), verbose=0)
    labs.show.predictions(photos, answers, labs.backbone.labels(), columns=5, source=open_photos.SOURCE)
    return "open photographs, read by MobileNet", "공개 사진을 MobileNet이 읽은 것"


def neighbours_by_colour():
    pieces = _pieces()
    histograms = [cv2.calcHist([piece], [0, 1, 2], None, [8] * 3, [0, 256] * 3) for piece in pieces]
    scores = np.array([cv2.compareHist(histograms[31], one, cv2.HISTCMP_CORREL) for one in histograms])
    best = np.argsort(-scores)[:10]
    titles = [f"{scores[number]:.3f}" for number in best]
    labs.show.grid(pieces[best], titles=titles, title="the first is the query", source=open_photos.SOURCE)
    return "pieces of open photographs, searched in the same way", "공개 사진의 조각을 같은 방법으로 찾은 것"


def neighbours_by_features():
    _show_neighbours(_features(), "features")
    return (
        "pieces of open photographs, and their neighbours by the features of MobileNet",
        "공개 사진의 조각과, MobileNet의 특징으로 찾은 이웃",
    )


FIGURES = {
    "01_cifar10_cnn": [ten_classes, things_it_knows, things_it_does_not_know],
    "02_cats_vs_dogs_augmentation": [cats_and_dogs, neither_cat_nor_dog],
    "03_mobilenet_transfer": [cats_and_dogs, what_mobilenet_says, neighbours_by_features, None],
    "07_opencv_image_search": [neighbours_by_colour, neighbours_by_features],
    "08_what_a_cnn_sees": [neighbours_by_features, None],
    "16b_pictures_and_words": [None],  # a later cell shows open photographs found by words
    "17_depth": [None],  # the cell above it shows the same of a room
}


def _square(photo, side):
    """The middle of a photograph as a square of `side` pixels."""
    height, width = photo.shape[:2]
    small = min(height, width)
    top, left = (height - small) // 2, (width - small) // 2
    middle = photo[top : top + small, left : left + small]
    return cv2.resize(middle, (side, side), interpolation=cv2.INTER_AREA)


def _answers(name, photos, runtime="onnxruntime"):
    """A kept network's probabilities of each photograph, in the order of its labels."""
    folder = f"saved_models/{name}"
    names = read_labels(folder)
    rows = [dict(labs.predict(folder, photo, runtime, top=len(names))) for photo in photos]
    return np.array([[row[label] for label in names] for row in rows])


@functools.cache
def _pieces(side=96):
    """Square pieces of the open photographs, six of each."""
    pieces = []
    for name in open_photos.names():
        photo = cv2.resize(open_photos.read(name), (3 * side, 2 * side), interpolation=cv2.INTER_AREA)
        pieces += [photo[y : y + side, x : x + side] for y in (0, side) for x in (0, side, 2 * side)]
    return np.stack(pieces)


@functools.cache
def _features():
    import keras

    network = labs.backbone.load("MobileNet", alpha=0.75, include_top=False, input_shape=(224, 224, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(network.outputs[0])
    extractor = keras.Model(network.inputs, pooled)
    pictures = np.float32([cv2.resize(piece, (224, 224)) for piece in _pieces()])
    return extractor.predict(labs.backbone.preprocessing("MobileNet")(pictures), verbose=0)


def _show_neighbours(numbers, title, asked=(19, 38, 34)):
    from sklearn.neighbors import NearestNeighbors

    neighbours = NearestNeighbors(n_neighbors=6, metric="cosine").fit(numbers)
    _, nearest = neighbours.kneighbors(numbers[list(asked)])
    rows = _pieces()[nearest.ravel()]
    titles = ["asked", *["neighbour"] * 5] * len(asked)
    labs.show.grid(rows, titles=titles, columns=6, title=title, source=open_photos.SOURCE)
