"""How the learning rate goes up and down, and the loss with smoothed labels."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("labs")
class UpThenDown(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises in a straight line to `peak`, then falls in one to zero at `steps`.

    warm_up: the part of the steps that it rises. High rates in the middle learn fast, low ones at
    the end settle; because it ends at zero, the length of the training is chosen beforehand.

    Source: Smith and Topin, "Super-Convergence", arXiv 1708.07120.

    Example: `UpThenDown(peak=0.1, steps=epochs * len(batches))`.
    """

    def __init__(self, peak, steps, warm_up=0.1):
        self.peak, self.steps, self.warm_up = float(peak), int(steps), float(warm_up)
        if self.steps < 1 or not 0 <= self.warm_up < 1:
            raise ValueError(f"{steps} steps with a warm-up of {warm_up}: take 1 or more, and 0 to below 1.")

    def __call__(self, step):
        done = ops.cast(step, "float32") / self.steps
        rising = done / max(self.warm_up, 1e-9)
        falling = (1 - done) / (1 - self.warm_up)
        return self.peak * ops.maximum(ops.minimum(rising, falling), 0.0)

    def get_config(self):
        return {"peak": self.peak, "steps": self.steps, "warm_up": self.warm_up}


def smoothed_loss(smoothing=0.05):
    """Cross-entropy against classes that are 95 % certain: keeps a network from being too sure of itself.

    Takes one-hot classes, as `labs.train.batches` gives them. Source: Szegedy et al., arXiv 1512.00567, section 7.

    Example: `model.compile("adam", smoothed_loss())`.
    """
    return keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
