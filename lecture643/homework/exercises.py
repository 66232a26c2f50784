"""The homework, each an `Exercise` with `check`, `hint` and `solution`, and the functions that solve them."""

from lecture643.homework.by_hand import LAYER_1 as LAYER_1
from lecture643.homework.by_hand import SECOND_ROW as SECOND_ROW
from lecture643.homework.by_hand import layer_1 as layer_1
from lecture643.homework.by_hand import second_row as second_row
from lecture643.homework.descent import GD_STEP as GD_STEP
from lecture643.homework.descent import HALVED_STEP as HALVED_STEP
from lecture643.homework.descent import gd_step as gd_step
from lecture643.homework.descent import halved_step as halved_step
from lecture643.homework.exercise import Exercise as Exercise
from lecture643.homework.gradient import check_gradient as check_gradient
from lecture643.homework.matrices import BIASES as BIASES
from lecture643.homework.matrices import MATRIX_EXPRESSION as MATRIX_EXPRESSION
from lecture643.homework.matrices import bias_gradient as bias_gradient
from lecture643.homework.matrices import weight_gradient as weight_gradient
from lecture643.homework.neuron import ERROR_TERM as ERROR_TERM
from lecture643.homework.neuron import PREDICTION as PREDICTION
from lecture643.homework.neuron import TOTAL_ERROR as TOTAL_ERROR
from lecture643.homework.neuron import prediction as prediction
from lecture643.homework.neuron import sample_error as sample_error
from lecture643.homework.neuron import total_error as total_error
from lecture643.homework.optimization import DESCENT_DIRECTION as DESCENT_DIRECTION
from lecture643.homework.optimization import ERROR_GRADIENT as ERROR_GRADIENT
from lecture643.homework.optimization import PERCEPTRON as PERCEPTRON
from lecture643.homework.optimization import error_gradient as error_gradient
from lecture643.homework.optimization import is_descent as is_descent
from lecture643.homework.optimization import perceptron_subgradient as perceptron_subgradient
from lecture643.homework.stochastic import MINI_BATCH as MINI_BATCH
from lecture643.homework.stochastic import SGD_STEP as SGD_STEP
from lecture643.homework.stochastic import draw_block as draw_block
from lecture643.homework.stochastic import sgd_step as sgd_step
from lecture643.homework.training import ACCURACY as ACCURACY
from lecture643.homework.training import TRAINING_LOOP as TRAINING_LOOP
from lecture643.homework.training import accuracy as accuracy
from lecture643.homework.training import train as train

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for exercise in (
        PREDICTION,
        ERROR_TERM,
        TOTAL_ERROR,
        ERROR_GRADIENT,
        DESCENT_DIRECTION,
        PERCEPTRON,
        GD_STEP,
        HALVED_STEP,
        SGD_STEP,
        MINI_BATCH,
        SECOND_ROW,
        LAYER_1,
        MATRIX_EXPRESSION,
        BIASES,
        TRAINING_LOOP,
        ACCURACY,
    )
}


def all() -> dict[str, Exercise]:
    """Every homework by its name, in the order of the notebooks."""
    return dict(EXERCISES)
