"""The homework of the slides, each an `Exercise` with `check`, `hint` and `solution`."""

from lecture643.homework.by_hand import LAYER_1 as LAYER_1
from lecture643.homework.by_hand import SECOND_ROW as SECOND_ROW
from lecture643.homework.by_hand import layer_1 as layer_1
from lecture643.homework.by_hand import second_row as second_row
from lecture643.homework.exercise import Exercise as Exercise
from lecture643.homework.matrices import BIASES as BIASES
from lecture643.homework.matrices import MATRIX_EXPRESSION as MATRIX_EXPRESSION
from lecture643.homework.matrices import bias_gradient as bias_gradient
from lecture643.homework.matrices import weight_gradient as weight_gradient
from lecture643.homework.optimization import PERCEPTRON as PERCEPTRON
from lecture643.homework.optimization import check_gradient as check_gradient
from lecture643.homework.optimization import perceptron_subgradient as perceptron_subgradient

EXERCISES = {}
