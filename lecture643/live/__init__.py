"""What makes a picture follow the hand: Jupyter lives only here."""
