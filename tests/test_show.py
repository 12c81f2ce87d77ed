"""labs.show: what the figures say, and that Hangul never comes out as a box."""

import json
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import font_manager

import labs
from labs import LabsError, show

RANDOM = np.random.default_rng(0)
DIGITS = tuple("0123456789")
RUN = {
    "loss": [1.0, 0.5, 0.3],
    "accuracy": [0.6, 0.8, 0.9],
    "val_loss": [0.9, 0.5, 0.6],
    "val_accuracy": [0.65, 0.78, 0.75],
    "learning_rate": [0.1, 0.1, 0.1],
}

# A glyph that no face has is only a warning in matplotlib; here it is an error.
pytestmark = pytest.mark.filterwarnings("error:Glyph")


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    plt.close("all")


def drawn():
    """The current figure, really drawn: glyphs are looked up then."""
    figure = plt.gcf()
    figure.canvas.draw()
    return figure


def texts(figure):
    return [text.get_text() for text in figure.findobj(plt.Text) if text.get_text()]


def shown_axes(figure):
    return [axes for axes in figure.axes if axes.images]


def test_every_syllable_of_ks_x_1001_has_a_glyph():
    rows, columns = range(0xB0, 0xC9), range(0xA1, 0xFF)
    syllables = [bytes([row, column]).decode("euc_kr") for row in rows for column in columns]
    assert len(syllables) == 2350 and syllables[0] == "가" and syllables[-1] == "힝"
    printable = "".join(map(chr, range(0x21, 0x7F))).replace("$", "")  # a $ begins a formula
    text = "".join(syllables) + printable + "ㄱㄴㅏㅑ \N{MINUS SIGN}×±·°→≤≥≈…“”‘’ ×²µαβπ✓"
    for weight in ("normal", "bold"):
        figure = plt.figure(figsize=(12, 12))
        figure.text(
            0, 0, "\n".join(text[i : i + 60] for i in range(0, len(text), 60)), fontsize=8, weight=weight
        )
        drawn()


def test_a_plain_plot_takes_hangul_and_a_negative_axis():
    plt.plot([-2, -1], [-0.5, 0.5])
    plt.title("손실과 정확도")
    assert "손실과 정확도" in texts(drawn())


def test_the_missing_glyph_test_can_fail():
    plt.rcParams["font.family"] = ["DejaVu Sans"]
    try:
        plt.title("한글")
        with pytest.raises(UserWarning, match="Glyph"):
            drawn()
    finally:
        plt.rcParams["font.family"] = ["DejaVu Sans", "Labs Gothic"]


def test_the_face_is_registered_once():
    for _ in range(3):
        show.use_korean_font()
    faces = [font for font in font_manager.fontManager.ttflist if font.name == "Labs Gothic"]
    assert len(faces) == 1
    assert plt.rcParams["font.family"] == ["DejaVu Sans", "Labs Gothic"]


def test_in_a_notebook_hangul_needs_only_the_import(monkeypatch):
    """In a real kernel with the inline backend: no warning, and one picture, not two."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    monkeypatch.delenv("MPLBACKEND")  # the kernel then chooses its inline backend
    code = "import labs, matplotlib.pyplot as plt\nlabs.show.bars([0.2, 0.8], ['고양이', '개'], title='예측')"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (code, "plt.title('한글');")]
    )
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    for cell in notebook.cells:
        assert [output.output_type for output in cell.outputs] == ["display_data"], cell.outputs


def test_importing_show_loads_no_tensorflow():
    code = "import json, sys, labs.show; print(json.dumps([m for m in ('tensorflow', 'keras', 'cv2') if m in sys.modules]))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == []


def test_grid_shows_every_picture_with_its_title():
    sample = labs.load("mnist", "sample")
    show.grid(
        sample.x_train[:12], titles=sample.y_train[:12], columns=5, title="훈련용 숫자", source=sample.source
    )
    figure = drawn()
    axes = shown_axes(figure)
    assert [one.get_title() for one in axes] == [str(y) for y in sample.y_train[:12]]
    assert len(figure.axes) == 15, "three rows of five"
    assert {"훈련용 숫자", sample.source} <= set(texts(figure))


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (np.array([[[0, 51], [102, 255]]], np.uint8), [0, 0.2, 0.4, 1]),
        (np.array([[[0, 51], [102, 204]]], "float32"), [0, 0.2, 0.4, 0.8]),
        (np.array([[[0, 0.2], [0.4, 0.8]]]), [0, 0.2, 0.4, 0.8]),
        (np.array([[[-1, 0], [1, 3]]]), [0, 0.25, 0.5, 1]),
    ],
)
def test_grid_scales_by_the_kind_of_pixels(images, expected):
    show.grid(images)
    (axes,) = shown_axes(drawn())
    assert axes.images[0].get_array().ravel().tolist() == pytest.approx(expected)
    assert axes.images[0].get_clim() == (0, 1)


def test_grid_shows_a_photo_beside_its_feature_maps():
    photo, maps = np.full((4, 4, 3), 255, "uint8"), np.full((4, 4), 2.5, "float32")
    show.grid([photo, maps, maps / 2])
    middle = [axes.images[0].get_array()[0, 0] for axes in plt.gcf().axes]
    assert np.allclose(middle[0], 1) and np.allclose(middle[1:], [1, 0.5])


def test_grid_takes_colour_pictures_of_different_sizes():
    show.grid([RANDOM.integers(0, 256, (size, 10, 3), dtype=np.uint8) for size in (5, 10, 20)])
    assert [one.images[0].get_array().shape[0] for one in shown_axes(drawn())] == [5, 10, 20]


def test_predictions_tell_right_from_wrong():
    probabilities = [[0.9, 0.1], [0.3, 0.7]]
    show.predictions(np.zeros((2, 4, 4, 1), np.uint8), probabilities, ["고양이", "개"], truth=[0, 0])
    right, wrong = (axes.title for axes in shown_axes(drawn()))
    assert (right.get_text(), right.get_color()) == ("고양이  90%", show.RIGHT)
    assert (wrong.get_text(), wrong.get_color()) == ("개  70%\ntrue: 고양이", show.WRONG)


def test_bars_are_percent_and_of_many_labels_the_top_ones():
    show.bars([0.25, 0.75], ["no", "yes"], title="확률")
    assert {"확률", "25.0%", "75.0%", "no", "yes", "probability"} <= set(texts(drawn()))
    probabilities = np.arange(100) / np.arange(100).sum()
    show.bars(probabilities, [f"label {n}" for n in range(100)], top=3)
    assert {"label 99", "label 98", "label 97"} == {
        text for text in texts(drawn()) if text.startswith("label")
    }


def test_bars_keep_labels_that_read_the_same_apart():
    show.bars([0.5, 0.3, 0.2], ["crane", "crane", "other"])
    axes = drawn().axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["crane", "crane", "other"]
    assert sorted(bar.get_y() for bar in axes.patches) == [-0.4, 0.6, 1.6]


def test_confusion_counts_rows_of_truth():
    show.confusion([0, 0, 0, 1], [0, 0, 1, 1], ["cat", "dog"], title="Cats", source="two photos")
    figure = drawn()
    assert {"Cats: 75.0% of 4 right", "two photos", "true", "predicted"} <= set(texts(figure))
    assert np.asarray(figure.axes[0].images[0].get_array()) == pytest.approx(
        np.array([[2 / 3, 1 / 3], [0, 1]])
    )
    places = {text.get_position(): text.get_text() for text in figure.axes[0].texts}
    assert places == {(0, 0): "2", (1, 0): "1", (1, 1): "1"}


def test_confusion_of_many_classes_stays_readable():
    truth = RANDOM.integers(0, 256, 2000)
    show.confusion(truth, truth, [f"{n}번" for n in range(256)])
    axes = drawn().axes[0]
    assert not axes.texts and len(axes.get_xticks()) <= 40


def test_history_of_one_run_names_its_best_epoch():
    show.history(RUN, title="학습 곡선")
    figure = drawn()
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "accuracy"]
    assert {"validation (best 0.500, epoch 2)", "validation (best 78.0%, epoch 2)", "학습 곡선"} <= set(
        texts(figure)
    )
    assert figure.axes[0].lines[0].get_xdata().tolist() == [1, 2, 3]


def test_history_compares_runs():
    class History:  # what model.fit returns
        history = RUN

    show.history({"plain": History(), "증대": RUN})
    assert {"plain, training", "증대, validation (best 78.0%, epoch 2)"} <= set(texts(drawn()))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: show.grid([]), "no pictures"),
        (lambda: show.grid(np.zeros((2, 4, 4)), titles=["one"]), "1 titles for 2 images"),
        (lambda: show.grid(np.zeros((1, 4, 4, 2))), "A picture must be"),
        (lambda: show.predictions(np.zeros((2, 4, 4)), np.zeros((2, 3)), DIGITS), "for 10 labels"),
        (
            lambda: show.predictions(np.zeros((2, 4, 4)), np.zeros((3, 10)), DIGITS),
            "3 probabilities for 2 images",
        ),
        (lambda: show.bars(np.zeros((1, 10)), DIGITS), r"must be \(classes,\)"),
        (lambda: show.confusion([0, 1], [0], DIGITS), "1 predicted for 2 truth"),
        (lambda: show.confusion([0, 1], np.zeros((2, 10)), DIGITS), "argmax"),
        (lambda: show.confusion([0, 1], [0, 10], DIGITS), "argmax"),
        (lambda: show.history({}), "model.fit"),
    ],
)
def test_wrong_input_is_one_sentence(call, sentence):
    with pytest.raises(LabsError, match=sentence):
        call()
