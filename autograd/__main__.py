"""``python -m autograd script.py``: see :mod:`autograd.script.run`."""

from autograd.script.run import main

if __name__ == "__main__":
    main()
