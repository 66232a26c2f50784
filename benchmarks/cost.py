"""What `explore.cost` measures on this machine: the fitted slopes, beside what the lecture claims (2.12).

A busy machine spoils it: run it on one that rests.
"""

from lecture643 import explore
from lecture643.maths import timing

CLAIMS = {  # panel, method: from, to
    ("samples", "gd"): (0.9, 1.2),
    ("samples", "sgd"): (-0.1, 0.1),
    ("memory", "gd"): (0.95, 1.05),
}


def main() -> None:
    """Measure, print every slope, and say whether it lies where it should."""
    view = explore.cost()
    view.measure()
    print(view.describe())
    print(f"\nslopes of the last decades, up to {timing.SIZES[-1]:,} (the search stops earlier):")
    for panel, by_method in view.state.slopes.items():
        for method, slope in by_method.items():
            print(f"  {panel:8} {method:6} {slope:7.3f}  {_verdict(panel, method, slope or 0.0)}")


def _verdict(panel: str, method: str, slope: float) -> str:
    if (panel, method) not in CLAIMS:
        return ""
    low, high = CLAIMS[panel, method]
    return f"claimed {low} to {high}: {'holds' if low <= slope <= high else 'DOES NOT HOLD'}"


if __name__ == "__main__":
    main()
