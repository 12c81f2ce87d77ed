"""An optimizer that turns convolution kernels in all directions equally: orthogonalised updates."""

import keras
import tensorflow as tf

# Each step x -> a x + b x^3 + c x^5 brings every singular value of x nearer to 1 (Jordan et al., 2024).
_A, _B, _C = 3.4445, -4.7750, 2.0315


@keras.saving.register_keras_serializable("labs")
class Turn(keras.optimizers.Optimizer):
    """Turns each convolution kernel by an orthogonalised gradient; trains all else with Adam.

    A gradient is mostly a few strong directions; with all its singular values made equal, the kernel
    learns the weak ones too. A kernel keeps its length and only turns (its scale is the
    normalisation's business), so the learning rate is an angle: 0.1 turns it by about 6 degrees.

    learning_rate: the angle of a step, a number or a schedule. momentum: Nesterov's, for kernels.
    adam: the rate of all other variables (biases, normalisation, dense layers) as a part of
    learning_rate. iterations: of Newton and Schulz, to orthogonalise.

    Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024
    (kellerjordan.github.io/posts/muon); the fixed length from cifar10-airbench, by the same.

    Example: `model.compile(Turn(0.1), "categorical_crossentropy")`.
    """

    def __init__(self, learning_rate=0.1, momentum=0.6, adam=0.03, iterations=5, name="turn", **options):
        super().__init__(learning_rate=learning_rate, name=name, **options)
        self.momentum, self.adam, self.newton_schulz = momentum, adam, iterations

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._average = [self.add_variable_from_reference(v, "average") for v in variables]
        self._square = [
            None if _is_kernel(v) else self.add_variable_from_reference(v, "square") for v in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        number = self._get_variable_index(variable)
        rate = tf.cast(learning_rate, variable.dtype)
        update = self._turn if _is_kernel(variable) else self._adam
        update(gradient, variable, rate, self._average[number], self._square[number])

    def _turn(self, gradient, kernel, rate, average, _):
        now = tf.convert_to_tensor(kernel)
        mean = self.momentum * tf.convert_to_tensor(average) + gradient
        average.assign(mean)
        direction = gradient + self.momentum * mean
        matrix = tf.reshape(direction, (-1, kernel.shape[-1]))  # one column a filter
        direction = tf.reshape(orthogonalise(matrix, self.newton_schulz), kernel.shape)
        length = tf.norm(now)
        moved = now - rate * length * direction / (tf.norm(direction) + 1e-7)
        kernel.assign(moved * length / (tf.norm(moved) + 1e-7))

    def _adam(self, gradient, variable, rate, average, square):
        step = tf.cast(self.iterations + 1, variable.dtype)
        mean = 0.9 * tf.convert_to_tensor(average) + 0.1 * gradient
        power = 0.99 * tf.convert_to_tensor(square) + 0.01 * gradient * gradient
        average.assign(mean)
        square.assign(power)
        spread = tf.sqrt(power / (1 - 0.99**step)) + 1e-8
        variable.assign_sub(rate * self.adam * mean / (1 - 0.9**step) / spread)

    def get_config(self):
        own = {"momentum": self.momentum, "adam": self.adam, "iterations": self.newton_schulz}
        return {**super().get_config(), **own}


def orthogonalise(matrix, iterations=5):
    """The matrix with all its singular values brought near 1 (0.7 to 1.2), by Newton and Schulz's iteration.

    Example: `orthogonalise(tf.random.normal((27, 8)))` has nearly orthogonal columns.
    """
    wide = matrix.shape[0] < matrix.shape[1]
    x = tf.transpose(matrix) if wide else matrix  # the products below are then the small ones
    x = x / (tf.norm(x) + 1e-7)
    for _ in range(iterations):
        product = tf.matmul(x, x, transpose_a=True)
        x = _A * x + tf.matmul(x, _B * product + _C * tf.matmul(product, product))
    return tf.transpose(x) if wide else x


def _is_kernel(variable):
    return len(variable.shape) == 4
