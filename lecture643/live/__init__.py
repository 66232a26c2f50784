"""What makes a picture follow the hand: settings as data, a view and its stage. Jupyter lives only here."""

from lecture643.live import following as following
from lecture643.live.hand import Pointer as Pointer
from lecture643.live.kinds import Pair as Pair
from lecture643.live.kinds import Play as Play
from lecture643.live.settings import Settings as Settings
from lecture643.live.settings import arrow as arrow
from lecture643.live.settings import choice as choice
from lecture643.live.settings import given as given
from lecture643.live.settings import log as log
from lecture643.live.settings import number as number
from lecture643.live.settings import point as point
from lecture643.live.settings import switch as switch
from lecture643.live.settings import whole as whole
from lecture643.live.view import View as View
